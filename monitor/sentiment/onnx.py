"""Runs a model that is a file: ONNX Runtime and tokenizers, neither transformers nor PyTorch."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime  # type: ignore[import-untyped]  # ships no types
import structlog
from numpy.typing import NDArray
from tokenizers import Tokenizer

from monitor.sentiment.batches import by_length
from monitor.sentiment.calibration import Calibration
from monitor.sentiment.curves import UNDETERMINED, read_curves
from monitor.sentiment.judgement import Judgement, ModelError, Sentiment
from monitor.sentiment.labels import NO_NUMBERS, Labels, are_chances, are_numbers, prove, prove_pooled
from monitor.sentiment.texts import Readable, prepare

log = structlog.get_logger()

MAX_TOKENS = 256
"""What is longer is judged by its beginning."""
_THREADS = 2
_POOLED = "pooled"
"""The output that our exporter gives beside the logits: what the heads see of each text."""
_KEPT_POSITIONS = 2
"""Models like RoBERTa keep so many of the positions that they name to themselves; others name -1 where they have no end."""
_LEAST = 1e-9
"""A chance of 0 has no logarithm."""
_FILES = ("model.onnx", "model_quantized.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Description:
    """What the model's outputs mean, from our manifest.json or from a config.json of the hub."""

    sentiment: Sequence[str]
    kind: Sequence[str] = ()
    sentiment_calibration: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """By language: what calibration.Calibration adds to the logits."""
    kind_calibration: Mapping[str, Sequence[float]] = field(default_factory=dict)
    pad: int = 0
    max_tokens: int = MAX_TOKENS


def is_onnx(folder: Path) -> bool:
    """Whether folder holds what this back end can run; raise ModelError where it lacks only the tokenizer, or the name."""
    if _model_file(folder) is None:
        _refuse_other_names(folder)
        return False
    if not (folder / "tokenizer.json").is_file():
        raise ModelError(f"{folder} has an ONNX file but no tokenizer.json beside it.")
    return True


class OnnxClassifier:
    """A directory with an ONNX file, tokenizer.json, and manifest.json or config.json."""

    def __init__(self, folder: Path, name: str, labels: Mapping[str, str] | None = None):
        self.name = name
        self._folder = folder
        try:
            self._description = _describe(folder)
            self.curves = read_curves(_json(folder / "manifest.json").get("zones", {}))
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(self._description.max_tokens)
            self._readable = Readable(lambda text: self._tokenizer.encode(text).ids)
            self._session = open_session(folder)
        except ModelError:
            raise
        except Exception as error:  # the libraries raise whatever they like for a broken file
            raise ModelError(f"The model in {folder} can't be loaded: {error}") from error
        self._labels = Labels(self._description.sentiment, labels)
        self._sentiments = Calibration(self._description.sentiment_calibration)
        self._kinds = Calibration(self._description.kind_calibration)
        self._inputs = {given.name for given in self._session.get_inputs()}
        outputs = self._session.get_outputs()
        self._logits = _logits([output.name for output in outputs], self._description)
        self._gives_chances = False
        self._width = next((output.shape[-1] for output in outputs if output.name == _POOLED), 0)
        self._prove()

    @property
    def can_pool(self) -> bool:
        """Whether the file gives what its heads see, so that a head of one's own can be put on it."""
        return isinstance(self._width, int) and self._width > 0

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of the ONNX file, its tokenizer, its calibration, and of what its classes mean.

        What was learnt on top of one means nothing on another.
        """
        with open(str(_model_file(self._folder)), "rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        digest.update((self._folder / "tokenizer.json").read_bytes())
        described = self._description
        meant = (self._sentiments.by_language, self._kinds.by_language, self._labels.sides, described.kind)
        digest.update(json.dumps(meant, sort_keys=True).encode())
        return digest.hexdigest()

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        """Judge texts in their order; one without anything to read, or in letters that the model does not know, is neutral."""
        return self._judge_all(texts, languages, None)

    def judge_pooled(
        self, texts: Sequence[str], languages: Sequence[str] | None = None
    ) -> tuple[list[Judgement], Floats]:
        """Judge, and return also what the heads saw of each text, (n, width): zeros where nothing was to be read.

        Only where ``can_pool``.
        """
        pooled = np.zeros((len(texts), self._width))
        return self._judge_all(texts, languages, pooled), pooled

    def _judge_all(
        self, texts: Sequence[str], languages: Sequence[str] | None, pooled: Floats | None
    ) -> list[Judgement]:
        languages = languages or [UNDETERMINED] * len(texts)
        prepared = [prepare(text) for text in texts]
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(prepared)]
        judgements = [self._neutral()] * len(texts)
        readable = [place for place, text in enumerate(prepared) if self._readable(text, ids[place])]
        for group in by_length([len(ids[place]) for place in readable]):
            for places, outputs in self._run_at([readable[i] for i in group], ids, pooled is not None):
                judged = self._judged(outputs, [languages[place] for place in places])
                for place, judgement in zip(places, judged, strict=True):
                    judgements[place] = judgement
                if pooled is not None:
                    pooled[places] = outputs[-1]
        return judgements

    def _run_at(
        self, places: Sequence[int], ids: Sequence[Sequence[int]], with_pooled: bool
    ) -> Iterator[tuple[Sequence[int], list[NDArray[Any]]]]:
        """Run the texts at these places; yield the places of those of which numbers come, and the numbers: others stay neutral."""
        try:
            outputs = self._run([ids[place] for place in places], with_pooled)
        except Exception as error:  # noqa: BLE001 as below
            yield from self._run_each(places, ids, with_pooled, why=_first_line(error))
            return
        told = are_numbers(outputs)
        if not told.all():
            log.warning("not_judged", model=self.name, texts=int((~told).sum()), why=NO_NUMBERS)
        if told.any():
            yield list(compress(places, told)), [output[told] for output in outputs]

    def _run_each(
        self, places: Sequence[int], ids: Sequence[Sequence[int]], with_pooled: bool, why: str
    ) -> Iterator[tuple[Sequence[int], list[NDArray[Any]]]]:
        """Run alone what failed together, so that one text costs no other its judgement."""
        if len(places) == 1:
            log.warning("not_judged", model=self.name, texts=1, why=why)
            return
        for place in places:
            yield from self._run_at([place], ids, with_pooled)

    def _prove(self) -> None:
        """Judge two texts, so that a file that does not fit its description is refused here and not in the night."""
        classes = [self._description.sentiment, self._description.kind]
        try:
            ids = [encoding.ids for encoding in self._tokenizer.encode_batch(["ok", "not at all ok"])]
            outputs = self._run(ids, self.can_pool)
            for logits, names in zip(outputs[: len(self._logits)], classes, strict=False):
                prove(logits, len(ids), names)
            if self.can_pool:
                prove_pooled(outputs[-1], len(ids), self._width)
            self._judged(outputs, [UNDETERMINED] * len(ids))
        except Exception as error:  # onnxruntime and numpy raise whatever they like for what does not fit
            raise ModelError(f"The model in {self._folder} can't judge a text: {error}.") from error
        self._gives_chances = not self._description.kind and are_chances(outputs[0])
        self._prove_vocabulary(ids[1])
        self._prove_length(ids[1])

    def _prove_vocabulary(self, ids: Sequence[int]) -> None:
        """Judge a text with the last token that there is: a tokenizer may have been given some that the network never saw."""
        vocabulary = self._tokenizer.get_vocab(with_added_tokens=True)
        token, number = max(vocabulary.items(), key=itemgetter(1), default=("", 0))
        try:
            self._run([[*ids[:1], number, *ids[1:]]], with_pooled=False)
        except Exception as error:  # as above
            raise ModelError(
                f"The model in {self._folder} can't judge every text: its tokenizer has tokens up to number {number} "
                f"({token!r}), the network fewer. Both have to be of one model."
            ) from error

    def _prove_length(self, ids: Sequence[int]) -> None:
        """Judge the longest text there can be, so that no post of many words stops all others in the night."""
        longest = self._description.max_tokens
        if self._why_not(ids, longest):
            longest -= _KEPT_POSITIONS
        if why := self._why_not(ids, longest):
            raise ModelError(
                f"The model in {self._folder} can't judge a text of {longest} tokens: {why}. Let max_position_embeddings "
                "in its config.json say how many it takes."
            )
        self._tokenizer.enable_truncation(longest)

    def _why_not(self, ids: Sequence[int], tokens: int) -> str:
        """Say why a text of so many tokens can't be judged, or nothing."""
        try:
            outputs = self._run([(list(ids) * tokens)[:tokens]], with_pooled=False)
        except Exception as error:  # noqa: BLE001 as above
            return _first_line(error)
        return "" if are_numbers(outputs).all() else NO_NUMBERS

    def _neutral(self) -> Judgement:
        return Judgement(Sentiment(0.0, 1.0, 0.0), 0.0 if self._description.kind else None)

    def _run(self, ids: Sequence[Sequence[int]], with_pooled: bool) -> list[NDArray[Any]]:
        wanted = [*self._logits, *([_POOLED] if with_pooled else [])]
        outputs = [np.asarray(values) for values in self._session.run(wanted, self._feed(ids))]
        if self._gives_chances:
            outputs[0] = np.log(np.clip(outputs[0], _LEAST, None))
        return outputs

    def _judged(self, outputs: Sequence[NDArray[Any]], languages: Sequence[str]) -> list[Judgement]:
        description = self._description
        sentiments = self._sentiments.probabilities(outputs[0], languages)
        complaints: Sequence[float | None] = [None] * len(sentiments)
        if description.kind:
            kinds = self._kinds.probabilities(outputs[1], languages)
            complaints = kinds[:, description.kind.index("complaint")].tolist()
        return [
            Judgement(self._labels.sentiment(row), complaint)
            for row, complaint in zip(sentiments, complaints, strict=True)
        ]

    def _feed(self, ids: Sequence[Sequence[int]]) -> dict[str, NDArray[np.int64]]:
        padded = np.full((len(ids), max(map(len, ids))), self._description.pad, np.int64)
        mask = np.zeros_like(padded)
        for row, tokens in enumerate(ids):
            padded[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        given = {"input_ids": padded, "attention_mask": mask, "token_type_ids": np.zeros_like(padded)}
        return {name: values for name, values in given.items() if name in self._inputs}


def _logits(outputs: Sequence[str], description: Description) -> list[str]:
    """Names of what is read: of our own export the first two outputs, of another the one that bears the usual name."""
    if description.kind:
        return list(outputs[:2])
    return ["logits"] if "logits" in outputs else list(outputs[:1])


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _refuse_other_names(folder: Path) -> None:
    others = [*folder.glob("*.onnx"), *folder.glob("onnx/*.onnx")]
    if others and not [*folder.glob("*.safetensors"), *folder.glob("*.bin")]:
        raise ModelError(
            f"{folder} has {others[0].relative_to(folder)}, and none of the names that are looked for: {', '.join(_FILES)}. "
            "Rename the file."
        )


def _model_file(folder: Path) -> Path | None:
    return next((folder / name for name in _FILES if (folder / name).is_file()), None)


def open_session(folder: Path) -> onnxruntime.InferenceSession:
    """Open the folder's ONNX file as the judge runs it."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    # Threads that wait by spinning take the core that polls and the bot need: half the speed on a busy machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        str(_model_file(folder)),
        options,
        providers=["CPUExecutionProvider"],
        # The fused operator adds up number by number, eight times slower than the two that it stands for.
        disabled_optimizers=["SkipLayerNormFusion"],
    )


def _describe(folder: Path) -> Description:
    described = _json(folder / "manifest.json").get("description")
    if described:
        description = Description(**described)
        _check_calibration(description.sentiment_calibration, description.sentiment, folder)
        _check_calibration(description.kind_calibration, description.kind, folder)
        return description
    config = _json(folder / "config.json")
    if "id2label" not in config:
        raise ModelError(f"{folder} has no config.json with id2label: the model's classes are unknown.")
    positions = config.get("max_position_embeddings") or 0
    longest = min(MAX_TOKENS, positions if positions > _KEPT_POSITIONS else MAX_TOKENS)
    return Description(_classes(config, folder), pad=config.get("pad_token_id") or 0, max_tokens=longest)


def _check_calibration(
    calibration: Mapping[str, Sequence[float]], classes: Sequence[str], folder: Path
) -> None:
    for language, numbers in calibration.items():
        if len(numbers) != 2 + len(classes):
            raise ModelError(
                f"The calibration for {language} in {folder / 'manifest.json'} has {len(numbers)} numbers; it takes"
                f" {2 + len(classes)}: a scale, a power, and a bias for each of {', '.join(classes)}. One that was written"
                " before 22 November 2026 has no power: put 1.0 behind the scale."
            )
    if calibration and UNDETERMINED not in calibration:
        raise ModelError(
            f"The calibration in {folder / 'manifest.json'} has no {UNDETERMINED!r}, for texts whose language can't be told."
        )


def _classes(config: Mapping[str, Any], folder: Path) -> list[str]:
    try:
        names = sorted((int(number), str(name)) for number, name in config["id2label"].items())
    except (AttributeError, ValueError) as error:
        raise ModelError(
            f'{folder / "config.json"} has an id2label that can\'t be read: it should be like {{"0": "negative", …}}.'
        ) from error
    return [name for _, name in names]


def _json(path: Path) -> dict[str, Any]:
    """Return an object; an empty one where there is no file."""
    if not path.is_file():
        return {}
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ModelError(f"{path} holds no JSON object.")
    return content
