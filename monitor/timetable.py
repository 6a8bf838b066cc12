"""Opening hours and the rota in words, for `vidhuk check`."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from models import Role
from monitor.days_off import DaysOff, in_year
from monitor.hours import Calendar
from monitor.settings import Settings

Said = tuple[str, str]
"""What it is about, and a sentence."""
ROTA_FOR = timedelta(days=7)
LOOKED_AHEAD = 366


def timetable(settings: Settings, now: datetime) -> Iterator[Said]:
    """When we are open, who is on call for the next seven days, and who hears of late answers."""
    yield "hours", coverage(settings.hours.calendar(settings.zone), now)
    for brand in settings.hours.brands:
        yield f"hours of {brand}", coverage(settings.calendar(brand), now)
    if settings.shifts.weekly or settings.shifts.rotations:
        for turn in settings.rota.turns(now, now + ROTA_FOR):
            start, end = (moment.astimezone(settings.rota.zone) for moment in (turn.start, turn.end))
            yield (
                "on call",
                f"{start:%a %d %b %H:%M} – {end:%a %d %b %H:%M}: {', '.join(turn.people) or 'nobody'}",
            )
    yield "late answers", _who_hears(settings)


def coverage(calendar: Calendar, now: datetime) -> str:
    """Today, tomorrow, and the next day that is not as the week says."""
    if calendar.is_always:
        return "always open"
    today = now.astimezone(calendar.zone).date()
    parts = [
        f"today {_day(calendar, today)}",
        f"tomorrow {_day(calendar, today + timedelta(days=1))}",
        *_next_day_off(calendar, today),
        *_unknown(calendar, today.year),
        str(calendar.zone),
    ]
    return "; ".join(parts)


def _day(calendar: Calendar, day: date) -> str:
    windows = ", ".join(str(window).replace("-", "–") for window in calendar.windows(day)) or "closed"
    name = calendar.special.name(day) if isinstance(calendar.special, DaysOff) else ""
    return f"({day:%a %d %b}) {windows}" + (f" ({name})" if name else "")


def _next_day_off(calendar: Calendar, today: date) -> Iterator[str]:
    ahead = (today + timedelta(days=n) for n in range(2, LOOKED_AHEAD))
    found = next((day for day in ahead if calendar.special(day) is not None), None)
    if found is not None:
        yield f"next {_day(calendar, found)}"


def _unknown(calendar: Calendar, year: int) -> Iterator[str]:
    """The library knows of no days off in Ukraine under martial law, for example."""
    if isinstance(calendar.special, DaysOff):
        for country in calendar.special.countries:
            if not in_year(country, year):
                yield f"no holidays of {country} are known for {year}, so list your own under holidays.days"


def _who_hears(settings: Settings) -> str:
    """As far as the configuration says it: a lead may have been invited."""
    roles = {person.name: settings.staff.role_of(person) for person in settings.staff.people}
    if leads := [name for name, role in roles.items() if role is Role.LEAD]:
        return ", ".join(leads)
    admins = [name for name, role in roles.items() if role is Role.ADMIN]
    return f"{', '.join(admins)} (nobody has role: lead)"
