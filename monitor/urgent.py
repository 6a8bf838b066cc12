"""Words that can't wait: law, safety, money, press. The words are data, in config/urgent.yaml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ruamel.yaml import YAML

from monitor.matching import BrandTerms, Matcher

WORDS = Path(__file__).parents[1] / "config" / "urgent.yaml"


@dataclass(frozen=True)
class Urgent:
    topic: str
    """law, safety, money or press."""
    word: str
    """As the author wrote it."""


class UrgentWords:
    """Finds urgent words in one pass, inflected as the query language does."""

    def __init__(self, topics: Mapping[str, Sequence[str]]):
        self._topics = topics

    @classmethod
    def from_file(cls, path: Path = WORDS) -> "UrgentWords":
        """The file maps a topic to languages, and a language to terms of the query language."""
        tree: dict[str, dict[str, list[str]]] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        return cls(
            {
                topic: [t for terms in by_language.values() for t in terms]
                for topic, by_language in tree.items()
            }
        )

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher([BrandTerms(topic, " OR ".join(terms)) for topic, terms in self._topics.items()])

    def find(self, text: str) -> tuple[Urgent, ...]:
        """At most one word a topic: the first."""
        found = self._matcher.match(text)
        return tuple(Urgent(t, text[hits[0].start : hits[0].end]) for t, hits in found.items() if hits)
