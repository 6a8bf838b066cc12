"""Files in, tallies out: by file, language, domain and what makes a row hard."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from monitor.sentiment.classifier import Classifier
from monitor.sentiment.evaluation.baselines import Baseline
from monitor.sentiment.evaluation.lines import printable
from monitor.sentiment.evaluation.rows import Row, rows
from monitor.sentiment.evaluation.survey import Survey
from monitor.sentiment.evaluation.tally import Said, Tally, said

BATCH = 512
"""Rows judged together: enough for the judge to put texts of like length side by side."""
MAX_GROUPS = 100
"""Names of one table; rows of further names are counted together."""
THE_REST = "(all others)"
MODEL = "model"

Table = dict[str, dict[str, Tally]]
"""Group → judge → tally."""


@dataclass
class Evaluation:
    model: str
    surveys: Sequence[Survey]
    sets: Table = field(default_factory=dict)
    languages: Table = field(default_factory=dict)
    domains: Table = field(default_factory=dict)
    hard: Table = field(default_factory=dict)


def evaluate(
    surveys: Sequence[Survey],
    classifier: Classifier,
    baselines: Sequence[Baseline],
    advance: Callable[[int], None],
) -> Evaluation:
    """Judge every row of the files that were surveyed; ``advance`` hears how many rows more are done."""
    evaluation = Evaluation(classifier.name, surveys)
    for name, found in zip(set_names(surveys), surveys, strict=True):
        for batch in _batches(rows(found)):
            _score(evaluation, name, batch, found.two_classes, classifier, baselines)
            advance(len(batch))
    return evaluation


def set_names(surveys: Sequence[Survey]) -> list[str]:
    """Return the files' names without endings, or their paths where two would be the same."""
    short = [printable(found.path.name.split(".")[0]) for found in surveys]
    return short if len(set(short)) == len(short) else [found.name for found in surveys]


def _batches(every: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(every, BATCH)):
        yield batch


def _score(
    evaluation: Evaluation,
    name: str,
    batch: Sequence[Row],
    two_classes: bool,
    classifier: Classifier,
    baselines: Sequence[Baseline],
) -> None:
    judgements = classifier.judge([row.text for row in batch], [row.language for row in batch])
    judged = said(batch, judgements, two_classes=two_classes)
    _tally(evaluation.sets, MODEL, [[name]] * len(batch), judged)
    _tally(evaluation.languages, MODEL, [[row.language] for row in batch], judged)
    _tally(evaluation.domains, MODEL, [_domain(row) for row in batch], judged)
    _tally(evaluation.hard, MODEL, [row.hard for row in batch], judged)
    for language in sorted({row.language for row in batch}):
        here = [row for row in batch if row.language == language]
        for baseline in baselines:
            judge = baseline.judge_of(language)
            if judge:
                beside = said(here, judge.judge([row.text for row in here]), two_classes=two_classes)
                _tally(evaluation.sets, baseline.name, [[name]] * len(here), beside)
                _tally(evaluation.languages, baseline.name, [[language]] * len(here), beside)


def _domain(row: Row) -> list[str]:
    return [f"{row.language} {row.domain}"] if row.domain else []


def _tally(table: Table, judge: str, groups: Iterable[Iterable[str]], judged: Said) -> None:
    places: dict[str, list[int]] = defaultdict(list)
    for place, names in enumerate(groups):
        for name in names:
            places[name].append(place)
    for name, chosen in places.items():
        if name not in table and len(table) >= MAX_GROUPS:
            name = THE_REST
        tally = table.setdefault(name, {}).setdefault(judge, Tally())
        tally.add(judged.of(np.array(chosen)))
