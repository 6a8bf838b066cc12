import ast
from pathlib import Path

import pytest

import bots
import monitor
from bots.refusals import as_html, refusal
from models import Role
from monitor.desk import Refused
from tests.bots.rendering import LANGUAGES, NOW, seen, words

ROLES = {"needed": Role.ADMIN, "own": Role.VIEWER, "role": Role.ADMIN}
VALUES = {"by": "О" * 60, "name": "О" * 60, "case": 10**12, "limit": 10**6, "since": NOW, **ROLES}
VALUES |= {"fields": "п" * 100, "of": 10**12, "form": "/mute 123, /mute word … 7d", "said": "9" * 30}
OUTDATED = "This button is outdated; the card has been refreshed."


def codes() -> set[str]:
    """Every code that the core or the bot refuses with, read from their code."""
    found = set()
    for path in [*Path(monitor.__path__[0]).glob("*.py"), *Path(bots.__path__[0]).glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused" and node.args:
                found |= {n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant) and n.value}
    return found


CODES = sorted(code for code in codes() if isinstance(code, str))


def test_every_code_is_known_here() -> None:
    assert {"taken", "closed", "no_such_case", "already_sent", "empty", "too_long", "outdated"} <= set(CODES)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_a_sentence_that_fits_into_a_toast(code: str, language: str) -> None:
    said = refusal(Refused(code, **VALUES), words(language))
    assert said.endswith(".")
    assert len(said) <= 200
    assert "{" not in said


@pytest.mark.parametrize("code", [code for code in CODES if code != "outdated"])
def test_every_code_has_a_sentence_of_its_own(code: str) -> None:
    assert refusal(Refused(code, **VALUES), words("en")) != OUTDATED


def test_the_other_sees_who_was_first() -> None:
    taken = Refused("taken", by="Олена", case=17)
    assert refusal(taken, words("en")) == "Олена has claimed case #17 already."


def test_a_name_is_no_markup() -> None:
    assert seen(as_html(Refused("taken", by="<b>", case=17), words("en"))).text.startswith("<b> has")
