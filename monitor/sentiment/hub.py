"""Any text classification model of the hub or of a directory, through transformers and PyTorch."""

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from monitor.sentiment.batches import by_length
from monitor.sentiment.judgement import Judgement, ModelError, Sentiment
from monitor.sentiment.labels import Labels, softmax
from monitor.sentiment.texts import prepare

MAX_TOKENS = 256


class HubClassifier:
    """A model that says nothing of complaints: only its sentiment is known."""

    def __init__(self, name: str, labels: Mapping[str, str] | None = None):
        self.name = name
        self._torch = _torch(name)
        self._tokenizer, self._model = _load(name)
        classes = self._model.config.id2label
        self._labels = Labels([classes[i] for i in sorted(classes)], labels)

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        """Judge texts in their order, all languages alike; a text without anything to read is neutral."""
        prepared = [prepare(text) for text in texts]
        judgements = [Judgement(Sentiment(0.0, 1.0, 0.0), None)] * len(texts)
        readable = [place for place, text in enumerate(prepared) if text]
        ids = [self._ids(prepared[place]) for place in readable]
        for group in by_length(list(map(len, ids))):
            logits = self._logits([ids[i] for i in group])
            for i, row in zip(group, softmax(logits), strict=True):
                judgements[readable[i]] = Judgement(self._labels.sentiment(row), None)
        return judgements

    def _ids(self, text: str) -> list[int]:
        longest = min(MAX_TOKENS, self._tokenizer.model_max_length)
        ids: list[int] = self._tokenizer(text, truncation=True, max_length=longest)["input_ids"]
        return ids

    def _logits(self, ids: Sequence[Sequence[int]]) -> np.typing.NDArray[np.float32]:
        padded = self._tokenizer.pad({"input_ids": list(ids)}, return_tensors="pt")
        with self._torch.inference_mode():
            logits: np.typing.NDArray[np.float32] = self._model(**padded).logits.float().numpy()
        return logits


def _torch(name: str) -> Any:
    try:
        return importlib.import_module("torch")  # no import statement: it is an extra, absent by default
    except ImportError as error:
        raise ModelError(
            f"The model {name!r} runs on PyTorch, which is not installed. Install it with "
            "`pip install 'vidhuk[torch]'`, name a directory with an ONNX file and tokenizer.json, "
            "or set sentiment.model to embedded."
        ) from error


def _load(name: str) -> tuple[Any, Any]:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(name)
        return tokenizer, AutoModelForSequenceClassification.from_pretrained(name).eval()
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise ModelError(f"The model {name!r} can't be loaded: {reason}") from error
