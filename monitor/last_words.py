"""What staff called the cases that are closed: the word that counts is the last one."""

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from models import Case, Event, Happening, Status

FALSE_ALARMS = (Happening.WRONG_TONE, Happening.NOT_OURS, Happening.SPAM)
ENDS = (*FALSE_ALARMS, Happening.DUPLICATE, Happening.CLOSED)


def last_words() -> Select[int, Happening]:
    """Each closed case with its word. One that was opened again has none, until it is closed anew."""
    later = aliased(Event)
    was_closed_anew = (
        select(later.id)
        .where(later.case_id == Event.case_id, later.id > Event.id, later.kind.in_(ENDS))
        .correlate(Event)
        .exists()
    )
    return (
        select(Event.case_id, Event.kind)
        .join(Case, Case.id == Event.case_id)
        .where(Event.kind.in_(ENDS), Case.status == Status.CLOSED, ~was_closed_anew)
    )


def called(*words: Happening) -> Select[int]:
    """The closed cases whose word is one of these."""
    return last_words().where(Event.kind.in_(words)).with_only_columns(Event.case_id)
