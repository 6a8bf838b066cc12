"""Saved answers: texts to start from, per brand and language, in a file beside the configuration."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field

from monitor.config import ConfigError, Problem, read_strictly
from monitor.fields import mistakes
from monitor.keys import Language, Name, Section, named_by
from monitor.likeness import Likeness
from monitor.settings import Settings
from monitor.yaml_tree import PathToKey

FILE = "saved.yaml"
EXAMPLE = "config/saved.example.yaml is one"
OFFERED = 3
ALIKE_FROM = 0.04
"""Less is what any two texts share."""

AnswerName = Annotated[
    str,
    named_by(
        "[a-z0-9-]{1,30}",
        "a name has a-z, 0-9 and hyphens, at most 30; what staff read goes into `title`",
    ),
]
AnswerText = Annotated[str, Field(min_length=1, max_length=4_000)]


class SavedAnswer(Section):
    name: AnswerName
    """Short: buttons carry it."""
    title: Name
    brands: tuple[str, ...] = ()
    """Of all brands where it is empty."""
    texts: Annotated[dict[Language, AnswerText], Field(min_length=1)]

    def language_for(self, *languages: str) -> Language:
        """The first of these that it has a text in; any other where it has none."""
        return next(
            (have for wanted in languages for have in self.texts if have == wanted), next(iter(self.texts))
        )


class SavedAnswers(Section):
    answers: tuple[SavedAnswer, ...] = ()

    def named(self, name: str) -> SavedAnswer | None:
        return next((answer for answer in self.answers if answer.name == name), None)

    def of(self, brands: Sequence[str]) -> list[SavedAnswer]:
        """Those for any of these brands, in the order of the file; all of them for none."""
        return [a for a in self.answers if not brands or not a.brands or set(a.brands) & set(brands)]

    def like(self, text: str, brands: Sequence[str], language: str = "") -> list[SavedAnswer]:
        """Those that are like a text, the likest first, but those in its language before all others."""
        scores = dict(zip((a.name for a in self.answers), self._likeness.to(text), strict=True))
        alike = [answer for answer in self.of(brands) if scores[answer.name] >= ALIKE_FROM]
        return sorted(alike, key=lambda a: (bool(language) and language not in a.texts, -scores[a.name]))

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness([" ".join((a.title, a.title, *a.texts.values())) for a in self.answers])


def load_saved(configuration: Path, settings: Settings) -> SavedAnswers:
    """The saved answers beside a configuration; none where there is no such file. Raises ConfigError."""
    path = configuration.parent / (settings.saved or FILE)
    if not path.exists():
        if settings.saved:
            raise ConfigError(
                [Problem(str(path), "", "there is no such file; the configuration's key `saved` names it.")]
            )
        return SavedAnswers()
    brands = [brand.name for brand in settings.brands]
    return read_strictly(path, SavedAnswers, lambda saved: _problems(saved, brands), EXAMPLE)


def _problems(saved: SavedAnswers, brands: Sequence[str]) -> Iterator[tuple[PathToKey, str]]:
    names: set[str] = set()
    for index, answer in enumerate(saved.answers):
        path: PathToKey = ("answers", index)
        if answer.name in names:
            yield (*path, "name"), f"the name «{answer.name}» is taken already; names are unique"
        names.add(answer.name)
        for number, brand in enumerate(answer.brands):
            if brand not in brands:
                yield (
                    (*path, "brands", number),
                    f"no brand of this name is configured; there are: {', '.join(brands)}",
                )
        for language, text in answer.texts.items():
            yield from (((*path, "texts", language), wrong) for wrong in mistakes(text))
