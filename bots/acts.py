"""What the buttons of a card, a bundle and a crisis do, apart from Telegram: one short transaction each, then what to say."""

from bots.act import Act, Doing, Outcome, staff_of
from bots.history import FITS, history
from bots.markup import shown_length
from bots.message import Message
from bots.office import Office
from bots.pressed import read_number
from bots.refusals import refusal
from models import Alert, Case, Happening
from monitor import bundles, crises, desk, taking
from monitor.cases import redraw
from monitor.db import reading
from monitor.desk import Refused


def claim(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        desk.claim(session, act.number, staff_of(session, office, act), office.clock())
    return Outcome(toast=act.words(office)("The case is yours."))


def release(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        desk.release(session, act.number, staff_of(session, office, act), office.clock())
    return Outcome(toast=act.words(office)("Released: anybody can claim it."))


def take(office: Office, act: Act) -> Outcome:
    """A lead takes the case, even from a colleague. Whoever comes too late finds the button gone."""
    try:
        with office.sessions.begin() as session:
            taking.take(session, act.number, staff_of(session, office, act), office.clock())
    except Refused as refused:
        if refused.code not in ("closed", "answered"):
            raise
        return Outcome(toast=refusal(refused, act.words(office)), spent=True)
    return Outcome(toast=act.words(office)("The case is yours."), spent=True)


def close(office: Office, act: Act) -> Outcome:
    return _close(office, act, Happening.CLOSED, "Closed.")


def not_ours(office: Office, act: Act) -> Outcome:
    return _close(office, act, Happening.NOT_OURS, "Thank you. Closed as not about us.")


def wrong_tone(office: Office, act: Act) -> Outcome:
    return _close(office, act, Happening.WRONG_TONE, "Thank you. Closed: the author is not unhappy.")


def open_bundle(office: Office, act: Act) -> Outcome:
    """The extra is how many had cards when the button was drawn: whoever taps twice gets the next ones once."""
    with office.sessions.begin() as session:
        apart = (read_number(act.extra[0]) if act.extra else None) or 0
        if act.extra and apart != bundles.apart(session, act.number):
            raise Refused("outdated")
        opened = bundles.open_some(session, act.number, office.clock())
    said = act.words(office).plural("{count} card is coming", "{count} cards are coming", opened)
    return Outcome(toast=said)


def crisis_bundle(office: Office, act: Act) -> Outcome:
    return _toggle_bundle(office, act, on=True)


def crisis_cards(office: Office, act: Act) -> Outcome:
    return _toggle_bundle(office, act, on=False)


def crisis_over(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        crises.end(session, act.number, staff_of(session, office, act), office.clock())
    return Outcome(toast=act.words(office)("Thank you. The wave is over."))


def show(office: Office, act: Act) -> Outcome:
    """A case by its number: in its card's chat the card, where it has not come yet, or its history; elsewhere what both say."""
    words = office.words(act.chat_id)
    with office.sessions.begin() as session:
        case = desk.find(session, act.number)
        alert = session.query(Alert).filter_by(case_id=case.id).one()
        is_here = alert.chat_id == act.chat_id
        if is_here and alert.message_id is None:
            bundles.take_out(session, case.id, office.clock())
            return Outcome(toast=act.words(office)("Its card is coming."))
        if is_here and not alert.own_topic:
            text = history(session, case, words, office.clock())
            return Outcome(show=Message(text), beneath=alert.message_id, case=case.id)
    card = office.card(case.id, act.chat_id).text
    with reading(office.sessions) as session:
        text = history(session, desk.find(session, case.id), words, office.clock(), FITS - shown_length(card))
    return Outcome(show=Message(f"{card}\n\n{text}"), case=case.id)


BUTTONS: dict[str, Doing] = {
    "claim": claim,
    "release": release,
    "close": close,
    "notours": not_ours,
    "tone": wrong_tone,
    "bundle": open_bundle,
    "show": show,
    "take": take,
    "crisisbundle": crisis_bundle,
    "crisiscards": crisis_cards,
    "crisisover": crisis_over,
}


def refresh(office: Office, case_id: int) -> None:
    """Redraw a card that was pressed too late."""
    with office.sessions.begin() as session:
        case = session.get(Case, case_id)
        if case is not None:
            redraw(session, case, office.clock())


def refresh_crisis(office: Office, number: int) -> None:
    with office.sessions.begin() as session:
        crises.redraw(session, number, office.clock())


def _close(office: Office, act: Act, why: Happening, said: str) -> Outcome:
    with office.sessions.begin() as session:
        desk.close(session, act.number, staff_of(session, office, act), office.clock(), why)
    return Outcome(toast=act.words(office)(said))


def _toggle_bundle(office: Office, act: Act, *, on: bool) -> Outcome:
    words = act.words(office)
    with office.sessions.begin() as session:
        crises.bundle(session, act.number, office.clock(), on=on)
    if on:
        return Outcome(toast=words("Further alerts that are not urgent go into one message now."))
    return Outcome(toast=words("Every alert gets a card again."))
