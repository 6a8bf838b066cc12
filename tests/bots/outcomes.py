"""What comes of every button, written out: on time, twice, from a colleague, and on a case that was closed meanwhile.

The tests beside it hold each to this table; one fails where a button is missing.
"""

from dataclasses import dataclass

from tests.bots import scenes
from tests.bots.scenes import Scene


@dataclass(frozen=True)
class Verb:
    """A button, the scene that it stands in, and what comes of it. Toasts; an empty one: the message says it."""

    scene: Scene
    data: str
    """What it calls back with begins so."""
    once: str
    then: str
    """How things stand afterwards: scenes.state."""
    twice: str
    """What the same person's second press is told."""
    other: str
    """What a colleague is told who presses it first."""
    closed: str
    """What is told when somebody wrote /close 1 meanwhile."""


OUTDATED = "This button is outdated; the card has been refreshed."
LEFT = "This answer has left already."
TAKEN = "Олена has claimed case #1 already."
CLOSED = "Case #1 is closed."
HERS = "Олена is writing this answer."
OWN = "It is your answer: a colleague has to look at it."
LEADS = "For that you need the role «lead»; yours is «staff»."
ADMINS = "For that you need the role «administrator»; yours is «staff»."
REFUSED = (OUTDATED, LEFT, TAKEN, CLOSED, HERS, OWN, LEADS, ADMINS, "Only a lead may do that.")
"""After these nothing has changed."""

OPENED = "Thank you. The case is open."
ASKED_AGAIN = "It is a question again: Yes or No?"
NO_COMPLAINT = "Thank you. Closed: it is no complaint."
UKRAINIAN = "Тепер я говорю з вами українською: особисто й там, де читаєте лише ви."
ONE_MESSAGE = "Further alerts that are not urgent go into one message now."
CARDS = "Every alert gets a card again."
OVER = "Thank you. The wave is over."
USED = "The next post is judged with it."
LEFT_AS_IT_IS = "The model stays as it is."
GONE_BACK = "The shipped model judges again."
STOPPED = "Stopped. Nothing was posted."
FIVE = "5 cards are coming"
BACK = "It is back in the inbox."
NOT_OURS = "Thank you. Closed as not about us."
YOURS = "The case is yours."
ENDED = "This mute has ended already."
THANKS = "Thank you."
REOPENED = "Reopened."

BY_A_COLLEAGUE = {"approve", "sendback"}
"""Pressed by Андрій where all is well: the answer is Олена's."""

# fmt: off
VERBS = {
    "claim": Verb(scenes.opened, "claim:", YOURS, "claimed · Олена", YOURS, YOURS, CLOSED),
    "reply": Verb(scenes.claimed, "reply:", "", "claimed · Олена · draft", "", TAKEN, CLOSED),
    "close": Verb(scenes.claimed, "close:", "Closed.", "closed · Олена", CLOSED, TAKEN, CLOSED),
    "more": Verb(scenes.claimed, "more:", "", "claimed · Олена", "", "", ""),
    "card": Verb(scenes.menu, "card:", "", "claimed · Олена", "", "", ""),
    "release": Verb(scenes.menu, "release:", "Released: anybody can claim it.", "open", "Nobody has claimed case #1.", TAKEN, CLOSED),
    "hand": Verb(scenes.menu, "hand:", "", "claimed · Олена", "", TAKEN, CLOSED),
    "give": Verb(scenes.to_whom, "give:1:1002", "The case is Андрій's now.", "claimed · Андрій", "Андрій has claimed case #1 already.", TAKEN, CLOSED),
    "later": Verb(scenes.menu, "later:", "", "claimed · Олена", "", "", ""),
    "snooze": Verb(scenes.until_when, "snooze:1:monday", "Put off until 23 Nov, 09:00", "claimed · Олена · put off", OUTDATED, TAKEN, CLOSED),
    "resume": Verb(scenes.put_off, "resume:", BACK, "claimed · Олена", OUTDATED, BACK, OUTDATED),
    "reopen": Verb(scenes.closed, "reopen:", REOPENED, "claimed · Олена", "Case #1 is open already.", REOPENED, REOPENED),
    "take": Verb(scenes.late, "take:", YOURS, "claimed · Олена", YOURS, LEADS, CLOSED),
    "notours": Verb(scenes.menu_of_an_open_case, "notours:", NOT_OURS, "closed", CLOSED, NOT_OURS, CLOSED),
    "tone": Verb(scenes.menu, "tone:", "Thank you. Closed: the author is not unhappy.", "closed · Олена", CLOSED, TAKEN, CLOSED),
    "spam": Verb(scenes.menu, "spam:", "Thank you. Closed as spam.", "closed · Олена", CLOSED, TAKEN, CLOSED),
    "why": Verb(scenes.menu, "why:", "", "claimed · Олена", "", "", ""),
    "history": Verb(scenes.menu, "history:", "", "claimed · Олена", "", "", ""),
    "mute": Verb(scenes.menu, "mute:1", "", "claimed · Олена", "", "", ""),
    "mute/author": Verb(scenes.what_to_mute, "mute:1:a7", "", "claimed · Олена · mutes 1", "", "", ""),
    "dup": Verb(scenes.menu, "dup:1", "", "claimed · Олена", "", "", CLOSED),
    "dup/into": Verb(scenes.likely, "dup:1:2", "", "closed · Олена", "Case #1 is a duplicate of #2 already.", TAKEN, CLOSED),
    "yes": Verb(scenes.asked, "yes:", OPENED, "open", "Олена has said already: a complaint.", OPENED, CLOSED),
    "no": Verb(scenes.asked, "no:", NO_COMPLAINT, "closed", "Олена has said already: no complaint.", NO_COMPLAINT, CLOSED),
    "again": Verb(scenes.said_no, "again:", ASKED_AGAIN, "asked", OUTDATED, ASKED_AGAIN, ASKED_AGAIN),
    "inyes": Verb(scenes.inbox_with_a_question, "inyes:", OPENED, "open", "Олена has said already: a complaint.", OPENED, CLOSED),
    "inno": Verb(scenes.inbox_with_a_question, "inno:", NO_COMPLAINT, "closed", "Олена has said already: no complaint.", NO_COMPLAINT, CLOSED),
    "inagain": Verb(scenes.inbox_after_a_no, "inagain:", ASKED_AGAIN, "asked", OUTDATED, ASKED_AGAIN, ASKED_AGAIN),
    "send": Verb(scenes.previewed, "send:", "", "claimed · Олена · queued Виб", LEFT, TAKEN, CLOSED),
    "edit": Verb(scenes.previewed, "edit:", "", "claimed · Олена · preview Виб", "", HERS, CLOSED),
    "cancel": Verb(scenes.previewed, "cancel:", "", "claimed · Олена · cancelled Виб", OUTDATED, TAKEN, ""),
    "saved": Verb(scenes.offered, "saved:", "", "claimed · Олена · preview Виб", "", HERS, CLOSED),
    "undo": Verb(scenes.leaving, "undo:", STOPPED, "claimed · Олена · preview Виб", OUTDATED, HERS, STOPPED),
    "retry": Verb(scenes.failed, "retry:", "", "claimed · Олена · queued Виб", LEFT, TAKEN, CLOSED),
    "retry/called": Verb(scenes.called, "retry:", "", "claimed · Олена · queued Виб", LEFT, TAKEN, CLOSED),
    "byhand": Verb(scenes.failed, "byhand:", "", "claimed · Олена · preview Виб", OUTDATED, TAKEN, CLOSED),
    "byhand/called": Verb(scenes.called, "byhand:", "", "claimed · Олена · preview Виб", OUTDATED, TAKEN, CLOSED),
    "there": Verb(scenes.unknown, "there:", THANKS, "answered · Олена · sent Виб", LEFT, THANKS, THANKS),
    "missing": Verb(scenes.unknown, "missing:", THANKS, "claimed · Олена · failed Виб", OUTDATED, THANKS, THANKS),
    "done": Verb(scenes.by_hand, "done:", "", "answered · Олена · handed_off Виб", OUTDATED, TAKEN, ""),
    "approve": Verb(scenes.waiting, "approve:", "", "claimed · Олена · queued Зус", LEFT, OWN, CLOSED),
    "sendback": Verb(scenes.waiting, "sendback:", "", "claimed · Олена · waiting Зус", "", OWN, CLOSED),
    "editthere": Verb(scenes.posted, "editthere:", "", "answered · Олена · draft Виб · posted 1", "", TAKEN, CLOSED),
    "deletethere": Verb(scenes.posted, "deletethere:", "", "answered · Олена · sent Виб · posted 1", "", TAKEN, CLOSED),
    "deletesure": Verb(scenes.to_delete, "deletesure:", "", "answered · Олена · deleted Виб · posted 1 · deleted 1", "", TAKEN, CLOSED),
    "keep": Verb(scenes.to_delete, "keep:", "", "answered · Олена · sent Виб · posted 1", "", "", ""),
    "inbox": Verb(scenes.inbox, "inbox:0:mine", "", "claimed · Олена", "", "", ""),
    "show": Verb(scenes.inbox, "show:", "", "claimed · Олена", "", "", ""),
    "bundle": Verb(scenes.bundled, "bundle:", FIVE, "open", OUTDATED, FIVE, FIVE),
    "find": Verb(scenes.found, "find:", "", "open", "", "", ""),
    "unmute": Verb(scenes.muted_one, "unmute:", "", "claimed · Олена", ENDED, "", ""),
    "unmute/list": Verb(scenes.muted_list, "unmute:", "", "claimed · Олена · mutes 6", ENDED, "Only a lead may do that.", ""),
    "muted": Verb(scenes.muted_list, "muted:", "", "claimed · Олена · mutes 7", "", "", ""),
    "sources": Verb(scenes.sources, "sources:", "", "claimed · Олена", "", "", ""),
    "stats": Verb(scenes.stats, "stats:", "", "claimed · Олена", "", "", ""),
    "lang": Verb(scenes.languages, "lang:1", UKRAINIAN, "claimed · Олена · uk", UKRAINIAN, UKRAINIAN, UKRAINIAN),
    "people": Verb(scenes.surely, "people:", "", "claimed · Олена · Марта", "", LEADS, ""),
    "remove": Verb(scenes.whom, "remove:", "", "claimed · Олена · Марта", "", ADMINS, ""),
    "removeyes": Verb(scenes.surely, "removeyes:", "", "claimed · Олена · без Марти", "They are not on the staff any more.", ADMINS, ""),
    "crisisbundle": Verb(scenes.wave, "crisisbundle:", ONE_MESSAGE, "claimed · Олена · one message", OUTDATED, ONE_MESSAGE, ONE_MESSAGE),
    "crisiscards": Verb(scenes.wave_in_one_message, "crisiscards:", CARDS, "claimed · Олена · wave", OUTDATED, CARDS, CARDS),
    "crisisover": Verb(scenes.wave, "crisisover:", OVER, "claimed · Олена · over", "This wave is over already.", OVER, OVER),
    "learn_yes": Verb(scenes.learnt, "learn_yes:", USED, "claimed · Олена · active", USED, LEADS, USED),
    "learn_no": Verb(scenes.learnt, "learn_no:", LEFT_AS_IT_IS, "claimed · Олена · refused", LEFT_AS_IT_IS, LEADS, LEFT_AS_IT_IS),
    "learn_back": Verb(scenes.in_use, "learn_back:", GONE_BACK, "claimed · Олена · retired", GONE_BACK, LEADS, GONE_BACK),
}
# fmt: on
"""By the verb; where a button does two things, what comes after the slash tells them apart."""
