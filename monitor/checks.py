"""What `vidhuk check` says of our own parts: the database, the model, and where alerts begin."""

from collections.abc import Callable, Iterator

from monitor.db import NoDatabase, connect, upgrade
from monitor.learning_report import what_is_in_use
from monitor.sentiment.classifier import Classifier, ModelError
from monitor.sentiment.curves import curves_of
from monitor.settings import TriageSettings
from monitor.tables import Checked
from monitor.zones import Zones

Load = Callable[[], Classifier]


def check_database(url: str) -> Checked:
    try:
        upgrade(url)
    except NoDatabase as error:
        return Checked("database", str(error), False)
    return Checked("database", url.split(":", 1)[0], True)


def check_model(load: Load, url: str) -> Checked:
    """Its name, and what a team has taught it."""
    try:
        classifier = load()
    except ModelError as error:
        return Checked("sentiment model", str(error), False)
    try:
        upgrade(url)
        learnt = what_is_in_use(connect(url), classifier)
    except NoDatabase:
        learnt = ""
    return Checked("sentiment model", f"{classifier.name}{learnt}", True)


def check_zones(load: Load, triage: TriageSettings) -> Iterator[Checked]:
    """Where alerts and questions begin; nothing where the model can't be loaded."""
    try:
        judge = load()
    except ModelError:
        return
    for language, zone in Zones(curves_of(judge), triage).every():
        yield Checked(f"zones, {language}", str(zone), True)
