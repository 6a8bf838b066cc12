"""The judge with a team's own head on it, where there is one."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

from monitor.sentiment.classifier import Classifier
from monitor.sentiment.judgement import Judgement
from monitor.sentiment.learning.head import Floats, Head


class CanPool(Protocol):
    """A classifier that may show what its heads see."""

    @property
    def can_pool(self) -> bool: ...

    @property
    def fingerprint(self) -> str: ...

    def judge_pooled(
        self, texts: Sequence[str], languages: Sequence[str] | None = None
    ) -> tuple[list[Judgement], Floats]: ...


class Taught:
    """Judges as the inner classifier does, and moves that by the head that is active when a batch comes."""

    def __init__(self, inner: Classifier, active: Callable[[str], Head | None]):
        """``active`` is asked before every batch, with the inner model's fingerprint."""
        self.inner = inner
        self.name = inner.name
        self._active = active
        self._pooling = pooling(inner)

    def __getattr__(self, name: str) -> Any:
        """What else the inner model can say of itself: whoever asks need not know that there is one inside."""
        return getattr(self.__dict__["inner"], name)

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        head = self._active(self._pooling.fingerprint) if self._pooling else None
        if self._pooling is None or head is None:
            return self.inner.judge(texts, languages)
        judgements, pooled = self._pooling.judge_pooled(texts, languages)
        return head.judge(judgements, pooled) if pooled.shape[1] == head.width else judgements


def pooling(classifier: Classifier) -> CanPool | None:
    """The classifier as one that shows what its heads see, or None where it can't."""
    # An isinstance of a protocol does not see what one judge says for another, from Python 3.12 on.
    return cast(CanPool, classifier) if getattr(classifier, "can_pool", False) else None
