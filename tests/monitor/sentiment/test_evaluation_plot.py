"""The calibration as a picture: what is drawn is what was counted."""

import json
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner

from monitor.sentiment.evaluation.plot import SIDE, plot
from monitor.sentiment.evaluation.scores import Calibration

SVG = "{http://www.w3.org/2000/svg}"
BINS = [{"rows": 10.0, "sure": 0.5, "right": 0.4}, {"rows": 40.0, "sure": 0.9, "right": 1.0}]


def figures(*languages: str, bins: list[dict[str, float]] = BINS) -> dict[str, object]:
    return {
        "calibration": dict.fromkeys(languages, bins),
        "languages": {name: {"model": {"sentiment": {"ece": 0.045}}} for name in languages},
    }


def drawn(said: dict[str, object]) -> ElementTree.Element:
    return ElementTree.fromstring(plot(said))


def test_a_bin_lies_where_it_was_sure_and_right_and_its_area_is_its_rows() -> None:
    small, large = drawn(figures("uk")).iter(f"{SVG}circle")
    assert float(small.attrib["cx"]) == pytest.approx(0.5 * SIDE)
    assert float(small.attrib["cy"]) == pytest.approx(0.6 * SIDE)
    assert (float(large.attrib["r"]) / float(small.attrib["r"])) ** 2 == pytest.approx(4, rel=0.05)


def test_every_language_has_a_panel_in_the_order_given() -> None:
    names = [name.text for name in drawn(figures("ro", "uk")).iter(f"{SVG}tspan")]
    assert names == ["ro", "uk"]


def test_nothing_to_draw_is_an_empty_picture() -> None:
    assert not list(drawn(figures()).iter(f"{SVG}circle"))
    assert not list(drawn(figures("uk", bins=[])).iter(f"{SVG}tspan"))


def test_a_name_is_never_markup() -> None:
    (name,) = drawn(figures("<script>&")).iter(f"{SVG}tspan")
    assert name.text == "<script>&"


def test_bins_are_what_was_counted() -> None:
    calibration = Calibration()
    calibration.add(np.array([True, False, True]), np.array([0.51, 0.52, 0.99]))
    low, high = calibration.bins()
    assert low == {"rows": 2.0, "sure": 0.515, "right": 0.5}
    assert high == {"rows": 1.0, "sure": 0.99, "right": 1.0}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> partial[object]:
    import typer
    from rich.console import Console

    from monitor.sentiment.evaluation import command
    from tests.monitor.sentiment.seeing import Seeing

    monkeypatch.setattr(command, "BASELINES", ())
    app = typer.Typer()
    app.command()(command.eval_command(Seeing, Console()))
    (tmp_path / "few.csv").write_text("text,label,language\na,negative,en\nb,neutral,en\n", encoding="utf-8")
    return partial(CliRunner().invoke, app)


def test_the_command_writes_the_picture(run: partial[object], tmp_path: Path) -> None:
    said = run([str(tmp_path / "few.csv"), "--plot", str(tmp_path / "plot.svg")])
    assert said.exit_code == 0, said.output
    assert len(list(ElementTree.parse(tmp_path / "plot.svg").iter(f"{SVG}tspan"))) == 1


def test_a_picture_that_cannot_be_written_is_a_sentence_and_the_figures_are_kept(
    run: partial[object], tmp_path: Path
) -> None:
    (tmp_path / "plot.svg").mkdir()
    said = run([str(tmp_path / "few.csv"), "--json", "--plot", str(tmp_path / "plot.svg")])
    assert said.exit_code == 1
    assert json.loads(said.stdout)["sets"]
    assert "can't be written" in said.stderr
    assert "Traceback" not in said.output


@pytest.mark.parametrize(
    ("plot", "why"),
    [("few.csv", "write over"), ("notes.txt", "write over"), ("nowhere/plot.svg", "there is no folder")],
)
def test_a_picture_never_takes_the_place_of_texts_and_its_folder_is_looked_for_first(
    run: partial[object], tmp_path: Path, plot: str, why: str
) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    before = (tmp_path / "few.csv").read_bytes()
    said = run([str(tmp_path / "few.csv"), "--json", "--plot", str(tmp_path / plot)])
    assert (said.exit_code, said.stdout) == (1, "")
    assert why in said.stderr
    assert (tmp_path / "few.csv").read_bytes() == before
