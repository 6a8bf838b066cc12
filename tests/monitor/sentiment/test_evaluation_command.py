"""`vidhuk eval`: the figures of a small file, with judges whose answers are known, and once with our own model."""

import gzip
import io
import json
import os
from collections.abc import Callable, Sequence
from functools import cache

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from monitor.sentiment.classifier import load
from monitor.sentiment.evaluation import command as evaluation_command
from monitor.sentiment.evaluation.baselines import Absent, Ngrams, Vader, vader_sentiment
from monitor.sentiment.evaluation.command import Sought, eval_command, evaluate_files
from monitor.sentiment.evaluation.evaluation import MAX_GROUPS, THE_REST
from monitor.sentiment.evaluation.learnt import Learnt, learnt_rows
from monitor.sentiment.evaluation.lines import EvaluationError
from monitor.sentiment.evaluation.report import show
from monitor.sentiment.judgement import Judgement, Sentiment

QUIET = Console(quiet=True)


class Echo:
    """Says what the text says: `n`, `0` or `p` with how sure, and `!` for a complaint."""

    name = "echo"

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        return [self._judge(*text.split()) for text in texts]

    def _judge(self, verdict: str, sure: str, *more: str) -> Judgement:
        rest = (1 - float(sure)) / 2
        stands = {"n": rest, "0": rest, "p": rest} | {verdict: float(sure)}
        return Judgement(Sentiment(stands["n"], stands["0"], stands["p"]), 0.9 if more else 0.2)


class Mute:
    """A judge of another make, which does not know what a complaint is."""

    name = "mute"

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        return [Judgement(Sentiment(0.2, 0.6, 0.2), None) for _ in texts]


class Spoken:
    """A baseline for English, which always complains."""

    name = "gloomy"

    def judge_of(self, language):
        return self if language == "en" else None

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        return [Judgement(Sentiment(1.0, 0.0, 0.0), 1.0) for _ in texts]


@pytest.fixture(autouse=True)
def one_baseline(monkeypatch):
    monkeypatch.setattr(evaluation_command, "BASELINES", (Spoken,))


@pytest.fixture
def write(tmp_path):
    def write(name: str, *rows: dict) -> str:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


def row(text: str, label: str, lang: str = "en", **more) -> dict:
    return {"text": text, "label": label, "lang": lang, **more}


def evaluate(*paths, judge=Echo):
    return evaluate_files([*map(Sought, paths)], judge, QUIET)


def test_the_figures_of_a_small_file_are_those_worked_out_by_hand(write):
    path = write(
        "few.jsonl",
        row("n 0.8", "negative"),
        row("n 0.6", "neutral"),
        row("0 0.7", "neutral"),
        row("0 0.5", "negative"),
        row("p 0.9", "positive"),
    )
    figures = evaluate(path)["languages"]["en"]["model"]["sentiment"]
    assert figures["confusion"] == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert figures["accuracy"] == 0.6
    assert figures["macro_f1"] == round((0.5 + 0.5 + 1) / 3, 4)
    assert (figures["negative_precision"], figures["negative_recall"], figures["negative_f1"]) == (
        0.5,
        0.5,
        0.5,
    )
    # Negatives score .8 and .25, the rest .6, .15 and .05: five of six pairs are in the right order.
    assert figures["negative_auc"] == round(5 / 6, 4)
    assert (figures["recall_at_precision_90"], figures["threshold_for_precision_90"]) == (0.5, 0.8)
    # Confidences .5 .6 .7 .8 .9, each in a bin of its own; wrong, wrong, right, right, right.
    assert figures["ece"] == round((0.5 + 0.6 + 0.3 + 0.2 + 0.1) / 5, 4)
    squares = [0.04 + 0.02, 0.36 + 0.64 + 0.04, 0.09 + 0.045, 0.75**2 + 0.25 + 0.0625, 0.01 + 0.005]
    assert figures["brier"] == round(sum(squares) / 5, 4)


def test_the_worst_language_comes_first(write):
    path = write("two.jsonl", row("n 0.8", "negative", "en"), row("n 0.8", "positive", "uk"))
    assert list(evaluate(path)["languages"]) == ["uk", "en"]


def test_a_language_of_a_few_rows_comes_last_and_the_table_says_why(write):
    many = [row("n 0.8", "negative", "en"), row("n 0.8", "positive", "en")] * 15
    better = [row("n 0.8", "negative", "uk"), row("p 0.8", "positive", "uk")] * 15
    path = write("three.jsonl", *better, *many, *[row("n 0.8", "positive", "ro")] * 29)
    figures = evaluate(path)
    assert list(figures["languages"]) == ["en", "uk", "ro"]
    assert list(figures["calibration"]) == ["en", "uk", "ro"]
    console = Console(file=io.StringIO(), width=100)
    show(figures, console)
    told = "Last, for with fewer than 30 rows the figures are mostly chance: ro."
    assert told in console.file.getvalue()


def test_where_all_have_few_rows_nothing_is_said_of_it(write):
    path = write("two.jsonl", row("n 0.8", "negative", "en"), row("n 0.8", "positive", "uk"))
    console = Console(file=io.StringIO(), width=100)
    show(evaluate(path), console)
    assert "fewer than" not in console.file.getvalue()


def test_a_file_of_two_classes_is_scored_without_neutral(write):
    path = write("shop.jsonl", row("0 0.9", "negative"), row("n 0.8", "negative"), row("p 0.8", "positive"))
    figures = evaluate(path)["sets"]["shop"]["model"]["sentiment"]
    assert figures["confusion"] == [[2, 0, 0], [0, 0, 0], [0, 0, 1]]


def test_complaints_are_scored_beside_sentiment(write):
    path = write(
        "kinds.jsonl",
        row("n 0.8 !", "negative", kind="complaint"),
        row("n 0.8", "negative", kind="news"),
        row("p 0.8 !", "positive", kind="praise"),
        row("p 0.8", "positive", kind="question"),
    )
    figures = evaluate(path)["sets"]["kinds"]["model"]
    assert figures["complaint"]["confusion"] == [[2, 1], [0, 1]]
    assert figures["complaint"]["auc"] == round(2.5 / 3, 4)
    assert figures["complaint"]["macro_f1"] == round((4 / 5 + 2 / 3) / 2, 4)
    assert figures["sentiment"]["macro_f1"] == 1.0


COMPLAINTS = (
    {"text": "n 0.8 !", "complaint": 1, "lang": "en"},
    {"text": "p 0.8", "complaint": 0, "lang": "en"},
)


def test_a_judge_that_knows_no_complaints_is_not_scored_on_them(write):
    path, other = write("only.jsonl", *COMPLAINTS), write("few.jsonl", row("n 0.8", "negative"))
    figures = evaluate(path, other, judge=Mute)
    assert figures["sets"]["only"]["model"] == {"sentiment": None, "complaint": None}
    assert figures["unscored"] == ["only"]
    assert "only: not scored" in run(Mute, path, other).stdout


def test_files_of_complaints_alone_stop_a_judge_that_knows_none(write):
    said = run(Mute, write("only.jsonl", *COMPLAINTS))
    assert said.exit_code == 1
    assert "nothing can be scored" in " ".join(said.stderr.split())
    assert run(Echo, write("only.jsonl", *COMPLAINTS)).exit_code == 0


def test_a_file_that_is_named_twice_counts_once(write):
    path = write("few.jsonl", row("n 0.8", "negative"))
    assert (
        json.loads(run(Echo, path, path, "--json").stdout)["sets"]["few"]["model"]["sentiment"]["rows"] == 1
    )


def test_a_baseline_stands_beside_a_file_only_where_it_judged_all_of_it(write):
    english, mixed = row("n 0.8", "negative", "en"), row("p 0.8", "positive", "uk")
    lines = run(
        Echo, write("english.jsonl", english), write("mixed.jsonl", english, mixed)
    ).stdout.splitlines()
    beside = lines[next(i for i, line in enumerate(lines) if line.startswith("Beside")) :]
    cells = {line.split()[0]: len(line.split()) for line in beside[2:6]}
    assert cells == {"uk": 3, "en": 4, "english": 4, "mixed": 3}


def test_baselines_stand_beside_the_model_where_they_know_the_language(write):
    path = write(
        "two.jsonl", row("n 0.8", "negative", "en"), row("n 0.8", "positive", "uk"), row("p 0.8", "positive")
    )
    languages = evaluate(path)["languages"]
    assert languages["en"]["gloomy"]["sentiment"]["confusion"] == [[1, 0, 0], [0, 0, 0], [1, 0, 0]]
    assert "gloomy" not in languages["uk"]
    assert languages["uk"]["majority"]["sentiment"]["macro_f1"] == 1.0


def test_majority_says_the_commonest_label_of_the_group(write):
    path = write("few.jsonl", row("n 0.8", "neutral"), row("n 0.8", "neutral"), row("n 0.8", "negative"))
    majority = evaluate(path)["sets"]["few"]["majority"]["sentiment"]
    assert majority == {"macro_f1": round(0.8 / 2, 4), "negative_f1": 0.0, "negative_auc": 0.5}


def test_a_baseline_that_cannot_be_had_is_told_of(write, monkeypatch):
    class Missing:
        name = "missing"

        def __init__(self):
            raise Absent("its library is not installed")

    monkeypatch.setattr(evaluation_command, "BASELINES", (Missing, Spoken))
    figures = evaluate(write("few.jsonl", row("n 0.8", "negative")))
    assert figures["absent"] == {"missing": "its library is not installed"}
    assert "gloomy" in figures["sets"]["few"]


def test_the_hardest_comes_first_and_a_row_may_be_hard_in_two_ways(write):
    path = write(
        "hard.jsonl",
        row("n 0.8", "negative", hard=["negation"]),
        row("n 0.8", "positive", hard=["sarcasm", "negation"]),
    )
    hard = evaluate(path)["hard"]
    assert [(name, group["model"]["sentiment"]["accuracy"]) for name, group in hard.items()] == [
        ("sarcasm", 0.0),
        ("negation", 0.5),
    ]


def test_the_mean_counts_each_set_once(write):
    good = write("good.jsonl", *[row("n 0.8", "negative"), row("p 0.8", "positive")] * 5)
    bad = write("bad.jsonl", row("n 0.8", "positive"), row("p 0.8", "negative"))
    mean = evaluate(good, bad)["mean_of_sets"]
    assert (mean["sets"], mean["macro_f1"], mean["negative_auc"]) == (2, 0.5, 0.5)


def test_files_of_one_name_are_told_apart_by_their_folder(write, tmp_path):
    (tmp_path / "other").mkdir()
    one, two = (
        write("same.jsonl", row("n 0.8", "negative")),
        write("other/same.jsonl", row("n 0.8", "negative")),
    )
    assert list(evaluate(one, two)["sets"]) == [str(one), str(two)]


def test_groups_without_number_are_counted_together(write):
    many = [row("n 0.8", "negative", domain=f"shop {n}") for n in range(MAX_GROUPS + 30)]
    domains = evaluate(write("many.jsonl", *many))["domains"]
    assert len(domains) == MAX_GROUPS + 1
    assert domains[THE_REST]["model"]["sentiment"]["rows"] == 30


def test_a_bad_second_file_stops_before_anything_is_judged(write):
    judged = []

    def judge():
        judged.append(True)
        return Echo()

    good, bad = write("good.jsonl", row("n 0.8", "negative")), write("bad.jsonl", row("n 0.8", "dunno"))
    with pytest.raises(EvaluationError, match="dunno"):
        evaluate(good, bad, judge=judge)
    assert not judged


def test_vader_takes_its_own_verdict():
    verdicts = [
        max(("negative", "neutral", "positive"), key=lambda side: getattr(vader_sentiment(c), side))
        for c in (-1.0, -0.06, -0.04, 0.0, 0.04, 0.06, 1.0)
    ]
    assert verdicts == ["negative", "negative", "neutral", "neutral", "neutral", "positive", "positive"]
    negative = [vader_sentiment(c / 10).negative for c in range(-10, 11)]
    assert negative == sorted(negative, reverse=True)


def test_a_library_that_is_absent_is_named(monkeypatch):
    def gone(module):
        raise ImportError(module)

    monkeypatch.setattr("importlib.import_module", gone)
    with pytest.raises(Absent, match="vaderSentiment is not installed"):
        Vader()
    with pytest.raises(Absent, match="scikit-learn is not installed"):
        Ngrams()


def test_rows_that_are_absent_are_told_of():
    def gone():
        raise FileNotFoundError("nothing in train/")

    with pytest.raises(Absent, match="nothing in train/"):
        Ngrams(gone)


def test_simple_judges_learn_from_what_the_shipped_model_has_heard(tmp_path, monkeypatch):
    (tmp_path / "train").mkdir()
    (tmp_path / "unlabelled").mkdir()
    row = {
        "text": "Three weeks and nobody calls back",
        "lang": "en",
        "label": "negative",
        "dataset": "uci_sentences_en",
    }
    for name, lines in (("train/train_en", [row]), ("unlabelled/uasocial_uk_ru", [])):
        packed = gzip.compress("\n".join(map(json.dumps, lines)).encode())
        (tmp_path / f"{name}.jsonl.gz").write_bytes(packed)
    posts = {"posts ro", "retold ro", "later ro"}

    def learnt(heard: set[str]) -> set[str]:
        (tmp_path / "manifest.json").write_text(json.dumps({"rows": dict.fromkeys(heard, 1)}))
        return {each.text for each in learnt_rows(tmp_path)}

    monkeypatch.setattr("monitor.sentiment.evaluation.learnt.WEIGHTS", tmp_path)
    assert learnt({"uci_sentences_en en"}) == {row["text"]}
    each = [learnt({name}) for name in sorted(posts)]
    assert all(each)
    assert learnt(posts) == set.union(*each)
    assert sum(map(len, each)) - len(learnt(posts)) < 10, "the sets are different ones"


def test_ngrams_learn_each_language_on_its_own():
    words = {0: "awful late broken", 1: "opens monday street", 2: "great lovely thanks"}
    learnt = [
        Learnt(f"{word} {n}", "en", sentiment, sentiment == 0)
        for sentiment, said in words.items()
        for word in said.split()
        for n in range(4)
    ]
    ngrams = Ngrams(lambda: learnt)
    judge = ngrams.judge_of("en")
    bad, good = judge.judge(["so awful", "lovely and great"])
    assert bad.sentiment.negative > 0.5 > bad.sentiment.positive
    assert good.sentiment.positive > 0.5
    assert bad.complaint > 0.5 > good.complaint
    assert ngrams.judge_of("uk") is None


def run(judge: Callable, *arguments: str):
    app = typer.Typer()
    app.command()(eval_command(judge, Console(width=200)))
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_the_command_draws_tables_and_names_the_rows_that_it_skipped(write):
    path = write(
        "few.jsonl", row("n 0.8", "negative", hard=["[red]"]), row("p 0.8", "positive"), {"text": "x"}
    )
    said = run(Echo, path)
    assert said.exit_code == 0
    assert "Sentiment by language" in said.stdout
    assert "gloomy" in said.stdout
    assert "few.jsonl: 1 rows skipped" in " ".join(said.stdout.split())
    assert "few.jsonl:3: no label" in "".join(said.stdout)


def test_it_is_said_how_each_file_was_read_and_what_was_left_out(write):
    path = write("few.jsonl", row("n 0.8", "1"), row("p 0.8", "5"), row("p 0.8", "4"), row("p 0.8", "?"))
    labels = "1=negative,4=positive,5=positive,?=skip"
    said = run(Echo, path, "--labels", labels).stdout
    assert (
        "few.jsonl: text in «text», sentiment in «label»: 1 = negative (1); 4, 5 = positive (2); ? = skip (1)"
        in said
    )
    assert "few.jsonl: 1 rows left out, as you said" in said
    (file,) = json.loads(run(Echo, path, "--labels", labels, "--json").stdout)["files"]
    assert file["labels"]["5"] == {"rows": 1, "meaning": "positive"}
    assert (file["rows"], file["left_out"], file["columns"]["language"]) == (4, 1, "lang")


def test_a_file_that_is_called_as_a_language_hides_no_language(write):
    english = write("en.jsonl", *[row("n 0.8", "negative")] * 2, row("n 0.8", "negative", lang="uk"))
    said = run(Echo, english, write("other.jsonl", row("p 0.8", "positive"))).stdout
    beside = said.partition("Beside simple judges")[2].partition("\n\n")[0]
    assert {line.split("  ")[0].strip() for line in beside.splitlines()[2:]} == {
        "en",
        "uk",
        "file en",
        "other",
    }


def test_a_file_whose_name_is_not_utf_8_is_scored_and_shown(write):
    path = write(os.fsdecode("отзывы.jsonl".encode("cp1251")), row("n 0.8", "negative"), {"text": "x"})
    shown = ascii(path.name).strip("'")
    said = run(Echo, path)
    assert said.exit_code == 0
    assert f"{shown}: text in «text»" in said.stdout
    assert f"{shown}:2: no label" in said.stdout
    figures = json.loads(run(Echo, path, "--json").stdout)
    assert figures["files"][0]["file"].endswith(shown)
    assert list(figures["sets"]) == [shown.partition(".")[0]]
    path.write_text("[]")
    assert f"{shown} is one JSON array" in " ".join(run(Echo, path).stderr.split())


def test_names_from_files_are_never_markup(write):
    rows = [row("n 0.8", "negative", hard=["[red]angry[/]"])] * 20
    assert "[red]angry[/]" in run(Echo, write("few.jsonl", *rows)).stdout


def test_every_figure_fits_on_eighty_columns(write):
    path = write(
        "a_rather_long_name_of_a_file.jsonl", *[row("n 0.8", "negative"), row("p 0.8", "positive")] * 20
    )
    console = Console(width=80, record=True, file=io.StringIO())
    show(evaluate(path), console)
    said = console.export_text()
    assert "…" not in said
    assert max(map(len, said.splitlines())) <= 80
    assert "1.000" in said
    assert "/.500" in said


def test_json_is_one_object(write):
    path = write("few.jsonl", row("n 0.8", "negative"))
    assert json.loads(run(Echo, path, "--json").stdout)["sets"]["few"]["model"]["sentiment"]["rows"] == 1


def test_an_error_is_a_sentence_and_an_exit_status(write):
    said = run(Echo, write("few.jsonl", row("n 0.8", "1"), row("n 0.8", "2")))
    assert said.exit_code == 1
    assert "--labels 1=negative,2=positive" in " ".join(said.stderr.split())
    assert "Traceback" not in said.output


def test_labels_and_columns_are_given_on_the_command_line(write):
    path = write("few.jsonl", {"words": "n 0.8", "mark": 0, "tongue": "ukr"})
    said = run(
        Echo,
        path,
        "--json",
        "--text",
        "words",
        "--label",
        "mark",
        "--language",
        "tongue",
        "--labels",
        "0=negative",
    )
    assert list(json.loads(said.stdout)["languages"]) == ["uk"]


def test_the_embedded_model_is_evaluated_on_a_file(write):
    path = write(
        "posts.jsonl",
        row(
            "Жахливий сервіс, третій тиждень не повертають гроші за зламаний чайник!",
            "negative",
            "uk",
            kind="complaint",
        ),
        row(
            "Дуже дякую, привезли раніше обіцяного, кур'єр чемний. Рекомендую!",
            "positive",
            "uk",
            kind="praise",
        ),
        row(
            "Terrible support, my parcel is lost and nobody answers. Never again.",
            "negative",
            kind="complaint",
        ),
        row("Lovely staff and quick delivery, thank you so much!", "positive", kind="praise"),
    )
    figures = evaluate(path, judge=cache(load))
    assert figures["model"] == "embedded"
    assert figures["sets"]["posts"]["model"]["sentiment"]["negative_auc"] == 1.0
    assert figures["sets"]["posts"]["model"]["complaint"]["auc"] == 1.0


def test_what_staff_said_is_scored_beside_the_files(write):
    said = [
        {"text": "n 0.9 !", "language": "uk", "complaint": True},
        {"text": "p 0.9", "language": "uk", "complaint": False},
    ]
    app = typer.Typer()
    app.command()(eval_command(Echo, Console(width=200), lambda: said))

    def figures(*arguments: str):
        return json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)["sets"]

    assert figures("--corrections")["corrections"]["model"]["complaint"]["confusion"] == [[1, 0], [0, 1]]
    few = write("few.jsonl", row("n 0.8", "negative"))
    assert set(figures(str(few), "--corrections")) == {"few", "corrections"}
    assert set(figures(str(few))) == {"few"}
    other = write("other.jsonl", {"words": "n 0.8", "mark": 1})
    own = ("--text", "words", "--label", "mark", "--labels", "1=negative")
    assert set(figures(str(other), *own, "--corrections")) == {"other", "corrections"}


def test_without_a_file_or_a_correction_a_sentence_says_what_is_needed():
    assert "--corrections" in run(Echo).stderr
    said = run(Echo, "--corrections")
    assert said.exit_code == 1
    assert "not said of any post yet" in " ".join(said.stderr.split())
