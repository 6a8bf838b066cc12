import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sentiment.classifier import load
from monitor.sentiment.curves import Curve, Point, curves_of, read_curves
from monitor.sentiment.learning.taught import Taught
from monitor.settings import TriageSettings
from monitor.zones import ALERT_FROM, ASK_FROM, Zones

# Of a hundred posts 40 are unhappy. From .8 on there are 20, of which 19 are; between .4 and .8 there are 20, of which 12 are.
CURVE = Curve([Point(0.1, 0.4, 1.0, 1.0), Point(0.4, 31 / 40, 31 / 40, 0.4), Point(0.8, 0.95, 19 / 40, 0.2)])


def zone(**rules: float):
    return Zones({"uk": CURVE}, TriageSettings(**rules)).of("uk")


def test_the_zones_of_a_wanted_precision_are_read_from_the_curve() -> None:
    found = zone(precision=0.95, ask_precision=0.6)
    assert (found.alert_from, found.ask_from) == (0.8, pytest.approx(0.4))
    assert found.alerted == CURVE.points[2]
    assert found.asked is not None
    assert found.asked.precision == pytest.approx(0.6)
    assert found.asked.recall == pytest.approx(12 / 40)


def test_between_its_points_the_curve_is_straight() -> None:
    middle = (31 / 40 + 0.95) / 2
    assert zone(precision=middle).alert_from == pytest.approx(0.6)


def test_beyond_its_points_the_curve_goes_on_to_all_posts_and_to_none() -> None:
    none = zone(alert_from=1.0).alerted
    assert none is not None
    assert (none.recall, none.share) == (0.0, 0.0)
    some = zone(alert_from=0.9).alerted
    assert some is not None
    assert some.recall == pytest.approx(19 / 80)
    short = Curve(CURVE.points[1:])
    whole = short.at(0.0)
    assert (whole.precision, whole.recall, whole.share) == (pytest.approx(0.4), 1.0, 1.0)


def test_where_nothing_is_between_the_zones_it_says_so() -> None:
    assert str(zone(precision=0.95, ask_precision=0.95)).endswith("; ask of none")
    assert "; ask from 0.40 (precision 0.60, recall 0.30)" in str(zone(precision=0.95, ask_precision=0.6))


def test_a_precision_that_is_never_reached_gives_the_surest_zone_and_says_what_to_expect() -> None:
    found = zone(precision=0.99)
    assert (found.alert_from, found.alerted) == (0.8, CURVE.points[2])


def test_thresholds_of_the_configuration_come_before_precision() -> None:
    found = zone(alert_from=0.4, ask_from=0.1)
    assert (found.alert_from, found.ask_from) == (0.4, 0.1)
    assert found.alerted == CURVE.points[1]
    assert found.asked is not None
    assert found.asked.precision == pytest.approx((40 - 31) / 60)


def test_staff_are_never_asked_above_the_threshold_of_alerts() -> None:
    assert zone(alert_from=0.05).ask_from == 0.05


def test_a_language_without_a_curve_has_the_one_of_all() -> None:
    zones = Zones({"uk": CURVE, "und": Curve(CURVE.points[1:])}, TriageSettings(precision=0.95))
    assert zones.of("und") == zones.of("pl") != zones.of("uk")


def test_a_judge_that_knows_nothing_of_itself_gets_documented_thresholds() -> None:
    zones = Zones(curves_of(object()), TriageSettings())
    assert (zones.of("uk").alert_from, zones.of("uk").ask_from) == (ALERT_FROM, ASK_FROM)
    assert Zones({}, TriageSettings(alert_from=0.3)).of("uk").ask_from == 0.3
    assert [str(found) for _, found in zones.every()] == ["alert from 0.60; ask from 0.45"]


@given(
    wanted=st.floats(0, 1),
    asked=st.floats(0, 1),
    chances=st.lists(st.floats(0.01, 1), min_size=2, max_size=20, unique=True),
)
def test_whatever_is_wanted_the_zones_lie_in_order(wanted: float, asked: float, chances: list[float]) -> None:
    curve = _curve(sorted(chances))
    low, high = sorted((wanted, asked))
    found = Zones({"uk": curve}, TriageSettings(precision=high, ask_precision=low)).of("uk")
    assert 0 <= found.ask_from <= found.alert_from <= 1
    assert found.alerted is not None
    assert found.asked is not None
    reachable = high <= curve.points[-1].precision
    assert not reachable or found.alerted.precision >= high - 1e-9
    assert found.asked.share == 0 or found.asked.precision >= low - 1e-6


def _curve(chances: list[float]) -> Curve:
    """Of posts at equal distances, with these chances to be unhappy."""
    points, total = [], sum(chances)
    for n in range(len(chances)):
        above = chances[n:]
        points.append(
            Point(n / len(chances), sum(above) / len(above), sum(above) / total, len(above) / len(chances))
        )
    return Curve(points)


def test_the_embedded_model_knows_its_curves() -> None:
    curves = curves_of(load())
    assert set(curves) == {"uk", "ru", "ro", "en", "und"}
    for _, found in Zones(curves, TriageSettings()).every():
        assert found.alerted is not None
        assert found.alerted.precision >= 0.88
        assert 0.2 < found.alerted.recall < 1
        assert 0.02 < found.ask_from < found.alert_from < 0.99


def test_a_judge_that_a_team_has_taught_has_the_curves_of_the_model_beneath() -> None:
    model = load()
    assert curves_of(Taught(model, lambda _: None)) == model.curves


def test_a_manifest_without_zones_has_no_curves() -> None:
    assert read_curves({}) == {}
