"""An evaluation as plain figures: what --json prints, and what the tables are drawn from."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from monitor.sentiment.evaluation.evaluation import MODEL, Evaluation, Table
from monitor.sentiment.evaluation.scores import always_the_commonest, f1_of, macro_f1
from monitor.sentiment.evaluation.tally import NEGATIVE, Tally

MAJORITY = "majority"
FEW = 30
"""Rows; with fewer, a group may be the worst, or the best, by chance alone."""
MEANS = ("macro_f1", "negative_f1", "negative_auc", "ece", "brier")


def figures(evaluation: Evaluation, absent: Mapping[str, str]) -> dict[str, Any]:
    """Return everything, in the order to be read: the worst first, but for those of few rows. ``absent`` says why a baseline is left out."""
    sets, languages = _groups(evaluation.sets), _groups(evaluation.languages)
    return {
        "model": evaluation.model,
        "files": [
            {
                "file": found.name,
                "rows": found.rows,
                "skipped": found.faulty,
                "left_out": sum(found.left_out.values()),
                "two_classes": found.two_classes,
                "columns": {name: column for name, column in asdict(found.columns).items() if column},
                "labels": {
                    label: {"rows": rows, "meaning": found.meanings[label]}
                    for label, rows in sorted(found.labels.items())
                },
            }
            for found in evaluation.surveys
        ],
        "skipped": [
            f"{found.name}:{fault.line}: {fault.why}"
            for found in evaluation.surveys
            for fault in found.faults
        ],
        # Files that speak of complaints only, where the model doesn't.
        "unscored": [name for name, judges in sets.items() if not any(judges[MODEL].values())],
        "absent": dict(absent),
        "languages": languages,
        "calibration": {name: evaluation.languages[name][MODEL].calibration() for name in languages},
        "sets": sets,
        "mean_of_sets": means(sets),
        "domains": _groups(evaluation.domains),
        # What is hard is often all of one class, of which macro-F1 says little.
        "hard": _groups(evaluation.hard, "accuracy"),
    }


def means(sets: Mapping[str, Any]) -> dict[str, float | int] | None:
    """Average over the sets that have sentiment, each counting the same however long it is."""
    scored = [group[MODEL]["sentiment"] for group in sets.values() if group[MODEL]["sentiment"]]
    scored = [one for one in scored if all(one[name] is not None for name in MEANS)]
    if not scored:
        return None
    averages = {name: round(sum(one[name] for one in scored) / len(scored), 4) for name in MEANS}
    return {"sets": len(scored), **averages}


def _groups(table: Table, measure: str = "macro_f1") -> dict[str, Any]:
    groups = {name: _group(judges) for name, judges in table.items()}
    return dict(sorted(groups.items(), key=lambda item: _goodness(item[1][MODEL], measure)))


def _goodness(model: Mapping[str, Any], measure: str) -> tuple[bool, bool, float]:
    """Groups that are about complaints only come last, and before them those of few rows, whatever their figures."""
    sentiment, complaint = model["sentiment"], model["complaint"]
    if sentiment:
        return False, is_few(sentiment), sentiment[measure]
    return True, complaint is None or is_few(complaint), complaint["macro_f1"] if complaint else 1.0


def is_few(scored: Mapping[str, Any]) -> bool:
    return bool(scored["rows"] < FEW)


def _group(judges: Mapping[str, Tally]) -> dict[str, Any]:
    group = {
        name: {"sentiment": tally.sentiment(), "complaint": tally.complaint()}
        for name, tally in judges.items()
    }
    return {MODEL: group.pop(MODEL), MAJORITY: _majority(judges[MODEL]), **group}


def _majority(tally: Tally) -> dict[str, Any]:
    """What a judge would reach who always said the commonest class of the group: its ranking is a draw."""
    sentiment, complaint = always_the_commonest(tally.confusion), always_the_commonest(tally.complaints)
    negative = f1_of(sentiment, NEGATIVE)
    stands = {
        "macro_f1": round(macro_f1(sentiment) or 0.0, 4),
        "negative_f1": None if negative is None else round(negative, 4),
        "negative_auc": None if negative is None else 0.5,
    }
    complains = {"macro_f1": round(macro_f1(complaint) or 0.0, 4), "auc": 0.5}
    return {
        "sentiment": stands if sentiment.any() else None,
        "complaint": complains if complaint.any() else None,
    }
