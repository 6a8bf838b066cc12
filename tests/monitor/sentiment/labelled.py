"""Files of labelled texts, and what becomes of them."""

import json

import pytest

from monitor.sentiment.evaluation.columns import Wanted
from monitor.sentiment.evaluation.lines import EvaluationError
from monitor.sentiment.evaluation.meanings import parse_labels
from monitor.sentiment.evaluation.rows import rows
from monitor.sentiment.evaluation.survey import survey

GOOD = "Дякую, усе привезли вчасно"
BAD = "Третій день без світла, і ніхто не відповідає"


def look(path, labels="", **wanted):
    return survey(path, Wanted(**wanted), parse_labels(labels))


def sentiments(path, labels="", **wanted):
    return [row.sentiment for row in rows(look(path, labels, **wanted))]


def refusal(path, labels="", **wanted) -> str:
    with pytest.raises(EvaluationError) as refused:
        look(path, labels, **wanted)
    return str(refused.value)


def jsonl(*objects) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
