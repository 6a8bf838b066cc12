"""Any text classification model of the hub or of a directory, through transformers and PyTorch."""

import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from operator import itemgetter
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray

from monitor.sentiment.batches import by_length
from monitor.sentiment.judgement import Judgement, ModelError, Sentiment
from monitor.sentiment.labels import NO_NUMBERS, Labels, are_numbers, prove, softmax
from monitor.sentiment.texts import Readable, prepare

log = structlog.get_logger()

MAX_TOKENS = 256
_LAST_LAYER = re.compile("classifi|score|logits")
"""How the names of its weights begin; transformers makes them up where a model has none."""


class HubClassifier:
    """A model that says nothing of complaints: only its sentiment is known."""

    def __init__(self, name: str, labels: Mapping[str, str] | None = None):
        self.name = name
        self._torch = _torch(name)
        self._tokenizer, self._model = _load(name)
        classes = self._model.config.id2label
        self._longest = _longest(self._tokenizer, self._model)
        self._classes = [str(classes[i]) for i in sorted(classes)]
        self._labels = Labels(self._classes, labels)
        self._prove()

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        """Judge texts in their order, all languages alike; a text without anything that the model knows is neutral."""
        prepared = [prepare(text) for text in texts]
        ids = [self._ids(text) for text in prepared]
        judgements = [Judgement(Sentiment(0.0, 1.0, 0.0), None)] * len(texts)
        readable = [place for place, text in enumerate(prepared) if self._readable(text, ids[place])]
        for group in by_length([len(ids[place]) for place in readable]):
            for places, logits in self._run_at([readable[i] for i in group], ids):
                for place, row in zip(places, softmax(logits), strict=True):
                    judgements[place] = Judgement(self._labels.sentiment(row), None)
        return judgements

    def _run_at(
        self, places: Sequence[int], ids: Sequence[Sequence[int]]
    ) -> Iterator[tuple[Sequence[int], NDArray[np.float32]]]:
        """Run the texts at these places; yield the places of those of which numbers come, and the numbers: others stay neutral."""
        try:
            logits = self._logits([ids[place] for place in places])
        except Exception as error:  # noqa: BLE001 as below
            yield from self._run_each(places, ids, why=str(error).partition("\n")[0])
            return
        told = are_numbers([logits])
        if not told.all():
            log.warning("not_judged", model=self.name, texts=int((~told).sum()), why=NO_NUMBERS)
        yield list(compress(places, told)), logits[told]

    def _run_each(
        self, places: Sequence[int], ids: Sequence[Sequence[int]], why: str
    ) -> Iterator[tuple[Sequence[int], NDArray[np.float32]]]:
        """Run alone what failed together, so that one text costs no other its judgement."""
        if len(places) == 1:
            log.warning("not_judged", model=self.name, texts=1, why=why)
            return
        for place in places:
            yield from self._run_at([place], ids)

    def _prove(self) -> None:
        """Judge two texts and one as long as can be, so that a model that can't is refused here and not in the night."""
        try:
            self._readable = Readable(self._ids)
            prove(self._logits([self._ids("ok"), self._ids("not at all ok")]), 2, self._classes)
            prove(self._logits([self._ids("ok " * MAX_TOKENS)]), 1, self._classes)
        except Exception as error:  # transformers and PyTorch raise whatever they like for what does not fit
            raise ModelError(f"The model {self.name!r} can't judge a text: {error}.") from error
        self._prove_vocabulary()

    def _prove_vocabulary(self) -> None:
        """Judge the last token that there is: a tokenizer may have been given some that the network never saw."""
        token, number = max(self._tokenizer.get_vocab().items(), key=itemgetter(1))
        ids = self._ids("ok")
        try:
            self._logits([[*ids[:1], number, *ids[1:]]])
        except Exception as error:  # as above
            raise ModelError(
                f"The model {self.name!r} can't judge every text: its tokenizer has tokens up to number {number} "
                f"({token!r}), the network fewer. Both have to be of one model."
            ) from error

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer(text, truncation=True, max_length=self._longest)["input_ids"]
        return ids

    def _logits(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        padded = self._tokenizer.pad({"input_ids": list(ids)}, return_tensors="pt")
        with self._torch.inference_mode():
            logits: NDArray[np.float32] = self._model(**padded).logits.float().numpy()
        return logits


def _longest(tokenizer: Any, model: Any) -> int:
    """Tokens that it takes: models like RoBERTa count positions from behind the padding's number on."""
    named = getattr(model.config, "max_position_embeddings", None) or 0
    positions = named if named > 0 else MAX_TOKENS  # XLNet, which has no end, says -1
    embedded = next(
        (part for name, part in model.named_modules() if name.endswith("position_embeddings")), None
    )
    padding = getattr(embedded, "padding_idx", None)
    return int(
        min(MAX_TOKENS, tokenizer.model_max_length, positions - (0 if padding is None else padding + 1))
    )


def _torch(name: str) -> Any:
    try:
        return importlib.import_module("torch")  # no import statement: it is an extra, absent by default
    except ImportError as error:
        raise ModelError(
            f"The model {name!r} runs on PyTorch, which is not installed. Install it with "
            "`.venv/bin/pip install -e '.[torch]'`, name a directory with an ONNX file and tokenizer.json, "
            "or set sentiment.model to embedded."
        ) from error


def _load(name: str) -> tuple[Any, Any]:
    try:
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(name)
        model, loaded = AutoModelForSequenceClassification.from_pretrained(name, output_loading_info=True)
    except Exception as error:  # transformers raises whatever it likes, and what its tokenizers lack
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise ModelError(f"The model {name!r} can't be loaded: {reason}") from error
    if len(tokenizer) <= len(tokenizer.all_special_tokens):
        raise ModelError(
            f"The model {name!r} has no words: its tokenizer's files are missing beside its weights."
        )
    if unlearnt := [key for key in loaded["missing_keys"] if _LAST_LAYER.match(key)]:
        raise ModelError(
            f"The model {name!r} has no weights {unlearnt[0]}: it has not learnt to tell classes of texts apart."
        )
    return tokenizer, model.eval()
