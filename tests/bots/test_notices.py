import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import monitor
from bots.notices import notice
from tests.bots.rendering import HOSTILE, LANGUAGES, seen, words

OLENA, ANDRIY = {"name": "Олена", "telegram": 7}, {"name": "Андрій", "telegram": 8}
AT, BY = "2026-11-18T12:00:00+00:00", "2026-11-18T14:00:00+00:00"
FAILED = {
    "case": 17,
    "reply": 3,
    "what": "answer",
    "author": "oksana",
    "error": "The thread is locked.",
    "url": "https://forum.example/t/7#p1",
}
VALUES: dict[str, dict[str, Any]] = {
    "author_wrote": {
        "case": 17,
        "author": "oksana",
        "text": "Досі тиша.",
        "url": "https://forum.example/t/7#p2",
    },
    "post_edited": {"case": 17, "author": "oksana", "text": "Привезли, але розбите."},
    "rating_changed": {"case": 17, "author": "oksana", "before": 4.0, "rating": 1.0},
    "wrote_there": {"account": "care", "text": "Вибачте.", "url": "https://forum.example/t/7#a1"},
    "source_failing": {"source": "форум", "error": "The forum is down.", "failures": 3},
    "chat_moved": {"id": -1001234567890},
    "source_hanging": {"source": "форум", "minutes": 61},
    "source_well": {"source": "форум", "minutes": 120},
    "source_silent": {"source": "форум", "hours": 13},
    "source_speaks": {"source": "форум"},
    "learnt_ignored": {"corrections": 84, "can_learn": True},
    "learnt_damaged": {"corrections": 84},
    "half_gone": {"case": 17, "people": [OLENA], "by": BY, "at": AT},
    "unclaimed": {"case": 17, "people": [OLENA, ANDRIY], "by": BY, "at": AT},
    "late": {"case": 17, "people": [ANDRIY], "by": AT, "at": BY, "owner": "Олена"},
    "unresolved": {"case": 17, "people": [ANDRIY], "by": AT, "at": BY},
    "many": {"of": "late", "people": [ANDRIY], "count": 15},
    "taken_over": {"case": 17, "people": [OLENA], "by_whom": "Андрій"},
    "on_call": {"people": [OLENA]},
    "claim_expired": {"case": 17, "staff": 7, "name": "Олена", "minutes": 30},
    "handed_over": {"case": 17, "staff": 7, "name": "Олена", "by": "Андрій"},
    "answered_by_hand": {"case": 17, "staff": 7, "name": "Олена", "by": "Андрій"},
    "snooze_over": {"case": 17, "staff": 7, "name": "Олена"},
    "approval_asked": {"case": 17, "by": "Олена", "rule": "Суд", "lead": False},
    "sent_back": {"staff": 7, "name": "Олена", "by": "Андрій", "reason": "Без погроз."},
    "to_post": {"staff": 7, "name": "Олена", "by": "Андрій", "shut": True},
    "rule": {"case": 17, "rule": "Довге мовчання", "minutes": 360, "posts": 0},
    "not_posted": FAILED | {"people": [OLENA]},
    "not_posted_lead": FAILED | {"people": [ANDRIY], "writer": "Олена"},
}


def queued_kinds() -> set[str]:
    """The kinds of notice that the core queues, read from its code."""
    kinds = set()
    for path in Path(monitor.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_notice":
                kinds |= {a.value for a in node.args if isinstance(a, ast.Constant)}
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("ring", "announce"):
                kinds |= {a.value for a in node.args if isinstance(a, ast.Constant)}
    return kinds


def test_what_the_author_was_told_before_is_there_and_short() -> None:
    before = {
        "name": "Олена",
        "text": "Вибачте " * 100,
        "at": "2026-11-17T10:00:00+00:00",
        "now": "2026-11-18T12:00:00+00:00",
    }
    said = seen(notice("author_wrote", VALUES["author_wrote"] | {"before": before}, words("en"))).text
    assert "Досі тиша.\n↩️ Told before by Олена, 17 Nov, 12:00:\nВибачте" in said
    assert len(said) < 350


def test_there_are_words_for_every_notice_that_is_queued() -> None:
    assert queued_kinds() == VALUES.keys()


@pytest.mark.parametrize("kind", VALUES)
def test_a_notice_differs_in_every_language(kind: str) -> None:
    said = {seen(notice(kind, VALUES[kind], words(language))).text for language in LANGUAGES}
    assert len(said) == len(LANGUAGES)
    assert not any("{" in text for text in said)


def test_staff_read_what_happened() -> None:
    said = {kind: seen(notice(kind, values, words("en"))).text for kind, values in VALUES.items()}
    assert said == {
        "author_wrote": "🔔 oksana wrote again:\nДосі тиша.",
        "post_edited": "✏️ oksana has changed the post, case #17. It says now:\nПривезли, але розбите.",
        "rating_changed": "✏️ oksana has changed the rating, case #17: it was 4★, and is 1★ now.",
        "wrote_there": "💬 care wrote in this thread, where several authors wait. Is it the answer to this case?"
        " Then close it. ↗\nВибачте.",
        "source_failing": "⚠️ форум can't be read, 3 times in a row. We keep trying.\nThe forum is down.",
        "chat_moved": "⚠️ This group became a supergroup and has a new id: -1001234567890. Whoever runs Vidhuk has"
        " to put it into the configuration, under staff: chats, and to restart. Then the open cases come here.",
        "source_hanging": "⚠️ форум has been read for 61 min without an end: nothing new comes from there."
        " Vidhuk has to be restarted.",
        "source_well": "✅ форум is well again, after 2 hr.",
        "source_silent": "🔇 форум has been silent for 13 hr, which is unlike it. Please look.",
        "source_speaks": "🔊 форум has new posts again.",
        "learnt_ignored": "🎓 The model is a new one: what the old one learnt from 84 corrections of yours no longer"
        " counts. Whoever runs Vidhuk makes it anew with vidhuk learn.",
        "learnt_damaged": "🎓 What the model learnt from 84 corrections of yours is damaged: the shipped model judges."
        " Whoever runs Vidhuk makes it anew with vidhuk learn.",
        "half_gone": "⏳ Олена, half of the time for case #17 is gone: answer by 16:00.",
        "unclaimed": "⏳ Олена, Андрій, nobody has claimed case #17: answer by 16:00.",
        "late": "⏰ Андрій, case #17 is late: an answer was due by 14:00. Олена has it.",
        "unresolved": "⏰ Андрій, case #17 was to be solved by 14:00 and is open still.",
        "many": "⏰ Андрій, 15 more cases are late.",
        "taken_over": "🤝 Олена, Андрій has taken case #17 over.",
        "on_call": "📟 On call now: Олена",
        "claim_expired": "⌛️ Олена, case #17 is free again: nothing happened for 30 min.",
        "handed_over": "🤝 Олена, Андрій hands case #17 over to you.",
        "answered_by_hand": "🤝 Олена, Андрій has answered the author of case #17 there by hand."
        " Look before you answer too.",
        "snooze_over": "⏰ Олена · Case #17 is back.",
        "approval_asked": "👀 Олена asks for a second pair of eyes: «Суд»",
        "sent_back": "↩️ Олена, Андрій sends your answer back:\nБез погроз.",
        "to_post": "🤝 Олена, Андрій approved your answer, but the platform takes no more answers to this post."
        " Post it by hand: the preview has the steps.",
        "rule": "⏫ Rule «Довге мовчання»: the author has waited 6 hr for an answer.",
        "not_posted": "🚫 Олена, the answer to oksana, case #17, was not posted.\nThe thread is locked.",
        "not_posted_lead": "🚫 Андрій, Олена's answer in case #17 was not posted, and Олена is away."
        "\nThe thread is locked.",
    }


def test_nobody_is_sent_to_learn_with_a_model_that_can_not() -> None:
    said = notice("learnt_ignored", {"corrections": 84, "can_learn": False}, words("en"))
    assert "vidhuk learn" not in said


def test_whoever_has_to_act_is_called_by_telegram() -> None:
    said = notice("unclaimed", VALUES["unclaimed"], words("en"))
    assert '<a href="tg://user?id=7">Олена</a>, <a href="tg://user?id=8">Андрій</a>' in said


def test_a_late_case_that_nobody_has_says_so() -> None:
    late = {**VALUES["late"], "owner": None}
    assert "Nobody has claimed it." in seen(notice("late", late, words("en"))).text


def test_a_kind_without_words_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no words for a notice of kind 'party'"):
        notice("party", {}, words())


@settings(max_examples=60, deadline=None)
@given(language=st.sampled_from(LANGUAGES), author=HOSTILE, text=HOSTILE, error=HOSTILE)
def test_whatever_is_in_it_a_notice_is_valid(language: str, author: str, text: str, error: str) -> None:
    assert seen(notice("author_wrote", {"author": author, "text": text}, words(language))).text
    hostile = {"name": author, "telegram": 7}
    assert seen(notice("late", {**VALUES["late"], "people": [hostile], "owner": text}, words(language))).text
    failing = {"source": "форум <b>", "error": error, "failures": 3}
    assert "форум <b>" in seen(notice("source_failing", failing, words(language))).text


def test_a_quarrel_is_told_by_its_length() -> None:
    said = notice("rule", {"rule": "<Довга>", "minutes": None, "posts": 5}, words("uk"))
    assert seen(said).text == "⏫ Правило «<Довга>»: у гілці 5 дописів, а автор досі невдоволений."
