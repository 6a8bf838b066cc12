"""Which pieces of the base's 250,000 stay: those that our four languages use."""

import io
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np
import sentencepiece
import wordfreq
from numpy.typing import NDArray
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

SIZE = 40_000
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_LISTS = (("uk", "large"), ("ru", "large"), ("ro", "small"), ("en", "large"))
# How often a word stands as listed, capitalised, shouted.
_CASES = ((str, 0.80), (str.capitalize, 0.15), (str.upper, 0.05))

Counts = NDArray[np.float64]


def tokenizer_of(pieces: Sequence[str], scores: Sequence[float]) -> Tokenizer:
    """Build the XLM-R tokenizer over these pieces (a Unigram model; special pieces 0 to 3 as in the base)."""
    tokenizer = Tokenizer(
        models.Unigram(list(zip(pieces, scores, strict=True)), unk_id=3, byte_fallback=False)
    )
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(_nmt_nfkc()),
            normalizers.Strip(left=False, right=True),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens([AddedToken(piece, special=True, normalized=False) for piece in SPECIAL])
    return tokenizer


def in_lower_case(tokenizer: Tokenizer) -> Tokenizer:
    """Return tokenizer, which reads capitals as small letters from now on."""
    tokenizer.normalizer = normalizers.Sequence([tokenizer.normalizer, normalizers.Lowercase()])
    return tokenizer


def _nmt_nfkc() -> bytes:
    """Return sentencepiece's normalisation rules, taken from a throw-away model that it trains."""
    buffer = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["hello world abc de"] * 200),
        model_writer=buffer,
        vocab_size=20,
        normalization_rule_name="nmt_nfkc",
        hard_vocab_limit=False,
        minloglevel=2,
    )
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(buffer.getvalue())
    rules: bytes = model.normalizer_spec.precompiled_charsmap
    return rules


def choose(tokenizer: Tokenizer, pieces: Sequence[str], texts: dict[str, list[str]]) -> list[int]:
    """Return the ids to keep, ascending: needed characters and the pieces most used.

    Used in the word lists of wordfreq and in ``texts`` (language → texts), both with equal weight and all
    languages alike.
    """
    shares = [_share(count) for count in _word_counts(tokenizer, len(pieces))]
    shares += [_share(_text_counts(tokenizer, len(pieces), some)) for some in texts.values()]
    kept = {i for i, piece in enumerate(pieces) if _needed(piece)}
    used = np.sum(shares, axis=0)
    for i in np.argsort(-used, kind="stable"):
        if len(kept) >= SIZE or used[i] == 0:
            break
        kept.add(int(i))
    return sorted(kept)


def _share(counts: Counts) -> Counts:
    shares: Counts = counts / max(counts.sum(), 1)
    return shares


def _word_counts(tokenizer: Tokenizer, size: int) -> Iterable[Counts]:
    for language, wordlist in _LISTS:
        counts = np.zeros(size)
        frequencies = wordfreq.get_frequency_dict(language, wordlist)
        for case, weight in _CASES:
            encodings = tokenizer.encode_batch([case(word) for word in frequencies], add_special_tokens=False)
            for frequency, encoding in zip(frequencies.values(), encodings, strict=True):
                np.add.at(counts, encoding.ids, frequency * weight)
        yield counts


def _text_counts(tokenizer: Tokenizer, size: int, texts: list[str]) -> Counts:
    counts = np.zeros(size)
    for encoding in tokenizer.encode_batch(texts, add_special_tokens=False):
        np.add.at(counts, encoding.ids, 1.0)
    return counts


def _needed(piece: str) -> bool:
    """Special pieces, single letters of our alphabets, digits, punctuation, symbols and emoji."""
    if piece in SPECIAL or piece == "▁":
        return True
    text = piece.removeprefix("▁")
    if not text:
        return False
    if len(text) > 1:
        return all(unicodedata.category(c)[0] in "PS" for c in text)
    kind, code = unicodedata.category(text)[0], ord(text)
    if kind == "L":
        return code < 0x250 or 0x400 <= code < 0x530
    if kind in "PN":
        return code < 0x300 or 0x2000 <= code < 0x3000
    return kind == "S" or code in (0x300, 0x301, 0xFE0F, 0x200D)
