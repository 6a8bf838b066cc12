"""The judge behind one interface, whichever model is configured."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from monitor.sentiment.judgement import Judgement, ModelError, Sentiment

__all__ = ["EMBEDDED", "Classifier", "Judgement", "ModelError", "Sentiment", "load"]

EMBEDDED = "embedded"
WEIGHTS = Path(__file__).with_name("weights")


class Classifier(Protocol):
    @property
    def name(self) -> str:
        """``embedded``, or the directory or hub id that was configured."""
        ...

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        """Judge any number of texts, of any length and content, in their order. Never raises for a text.

        languages: what each is written in, ``und`` where nobody knows; a model may be surer of one than of another.
        """
        ...


def load(model: str = EMBEDDED, labels: Mapping[str, str] | None = None) -> Classifier:
    """Load ``embedded``, a directory, or a hub id; raise ModelError with a sentence where that fails.

    A directory with an ONNX file and tokenizer.json runs as the embedded model does; anything else goes
    through transformers and needs PyTorch. ``labels`` maps the model's class names to negative, neutral or
    positive where they don't say so themselves.
    """
    # Each back end is imported when it is asked for: transformers alone takes six seconds.
    from monitor.sentiment.onnx import OnnxClassifier, is_onnx

    if model == EMBEDDED:
        return OnnxClassifier(WEIGHTS, EMBEDDED, labels)
    _refuse_no_folder(model)
    if is_onnx(Path(model)):
        return OnnxClassifier(Path(model), model, labels)
    from monitor.sentiment.hub import HubClassifier

    return HubClassifier(model, labels)


def _refuse_no_folder(model: str) -> None:
    """Raise ModelError where a path was meant that leads to no directory: a hub id has one slash, and none at its ends."""
    path = Path(model)
    if path.is_dir():
        return
    if path.exists():
        raise ModelError(f"sentiment.model is the file {model}: name the directory that it lies in.")
    if path.is_absolute() or model.startswith((".", "~")) or model.count("/") > 1:
        raise ModelError(f"sentiment.model is {model!r}, but there is no such directory.")
