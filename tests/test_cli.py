"""The command line as somebody types it: on loopback, with a feed and the stand-in for Telegram."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import structlog
from pytest_httpserver import HTTPServer
from telegram.error import ChatMigrated
from typer.testing import CliRunner, Result

from demo import telegram as stand_in
from demo.telegram import Telegram
from models import Event, Happening, Learnt, LearntState
from monitor import __main__ as main
from monitor.db import connect
from monitor.sentiment.evaluation import command as evaluation_command
from monitor.sentiment.learning.head import Head, Side
from monitor.sentiment.onnx import OnnxClassifier
from monitor.settings import Settings
from tests.builders import open_case
from tests.monitor.sentiment.seeing import Seeing

ROOT = Path(__file__).parents[1]
TOKEN = "1000000001:a-token-of-nobody-for-the-tests-only"
ANGRY = "Третій тиждень чекаю на доставку від Новолінії, це жах! Гроші не повертають, обурена до краю."
CONFIG = """\
language: en
contact: https://novolinia.example/contact
brands:
  - {name: Новолінія, query: Новолінія}
sources:
  - {kind: feed, name: news, title: Новини, url: "${FEED}", allow_private: true}
staff:
  chats: [{id: -100200300}]
  people: [{name: Олена, telegram: 7}]
digest: {folder: digests}
"""

load_once = cache(main.load_model)


def feed(*texts: str) -> str:
    posted = format_datetime(datetime.now(UTC) - timedelta(minutes=20))
    items = "".join(
        f"<item><guid>p{n}</guid><link>https://blog.example/{n}</link><author>oksana</author>"
        f"<pubDate>{posted}</pubDate><description>{text}</description></item>"
        for n, text in enumerate(texts)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>'


@pytest.fixture
def telegram() -> Iterator[tuple[Telegram, str]]:
    world = Telegram(token=TOKEN, flood_limits=False)
    olena = world.add_user("Олена", user_id=7)
    world.add_group("Турбота", [olena], chat_id=-100200300)
    with stand_in.serve(world) as url:
        yield world, url


@pytest.fixture
def vidhuk(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    httpserver: HTTPServer,
    telegram: tuple[Telegram, str],
) -> Iterator[Callable[..., Result]]:
    """Run a command in an empty folder with a good configuration; the model is loaded once for all."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(main, "load_model", load_once)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "vidhuk.yaml").write_text(CONFIG, encoding="utf-8")
    httpserver.expect_request("/feed.xml").respond_with_data(
        feed(ANGRY, "Про погоду"), content_type="application/rss+xml"
    )
    environ = {
        "FEED": httpserver.url_for("/feed.xml"),
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram[1],
        "DATABASE_URL": "",
        "VIDHUK_CONFIG": "",
        "COLUMNS": "200",
    }
    before = structlog.get_config()

    def run(*arguments: str, **changes: str) -> Result:
        return CliRunner().invoke(main.app, arguments, env={**environ, **changes})

    yield run
    structlog.configure(**before)


def configured(text: str) -> None:
    Path("config/vidhuk.yaml").write_text(text, encoding="utf-8")


def refused(result: Result) -> str:
    """What it said on stderr: a sentence, and exit code 1."""
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    return " ".join(result.stderr.split())


# init


def test_init_writes_the_example_and_never_overwrites(vidhuk: Callable[..., Result], tmp_path: Path) -> None:
    said = vidhuk("init", "new/vidhuk.yaml")
    assert said.exit_code == 0
    assert "vidhuk check" in said.output
    written = (tmp_path / "new" / "vidhuk.yaml").read_text(encoding="utf-8")
    assert written == (ROOT / "config" / "example.yaml").read_text(encoding="utf-8")
    (tmp_path / "new" / "vidhuk.yaml").write_text("mine", encoding="utf-8")
    assert "is there already; nothing was changed" in refused(vidhuk("init", "new/vidhuk.yaml"))
    assert (tmp_path / "new" / "vidhuk.yaml").read_text(encoding="utf-8") == "mine"


def test_init_where_nothing_can_be_written_says_so(vidhuk: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    said = refused(vidhuk("init", "taken/vidhuk.yaml"))
    assert said.startswith("taken/vidhuk.yaml can't be written: ")


# check


def test_check_tries_everything_and_sends_nothing(
    vidhuk: Callable[..., Result], telegram: tuple[Telegram, str]
) -> None:
    said = vidhuk("check")
    assert said.exit_code == 0, said.output
    lines = {" ".join(line.split()) for line in said.output.splitlines()}
    assert "✓ Telegram the bot is @vidhuk_bot" in lines
    assert "✓ staff chat -100200300 «Турбота», the bot is administrator" in lines
    assert "✓ database sqlite" in lines
    assert (
        "✓ staff people in the configuration: 1, admin: Олена (the first of the list: nobody has role: admin)"
        in " ".join(said.output.split())
    )
    assert "✗" not in said.output
    assert not [name for name, _ in telegram[0].calls if name.startswith(("send", "set", "edit", "delete"))]


def test_check_names_what_is_wrong_and_goes_on(vidhuk: Callable[..., Result]) -> None:
    configured(CONFIG.replace("-100200300", "-5"))
    said = vidhuk("check")
    assert said.exit_code == 1
    output = " ".join(said.output.lower().split())
    assert "✗ staff chat -5" in output
    assert "telegram says «chat not found»: add the bot to the group and copy the group's id" in output
    assert "✓ telegram" in output
    assert "✓ news" in output


def test_check_says_the_new_id_of_a_group_and_nothing_else_to_do(
    vidhuk: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def migrated(*_: object, **__: object) -> None:
        raise ChatMigrated(-100777)

    monkeypatch.setattr("bots.checking.Bot.get_chat", migrated)
    output = " ".join(vidhuk("check").output.split())
    assert "became a supergroup: put its new id, -100777, into the configuration. ✓ seen" in output


def test_check_says_what_is_wrong_with_the_saved_answers(vidhuk: Callable[..., Result]) -> None:
    answers = "answers:\n  - {name: late, title: Late, texts: {uk: 'Вітаємо, {autor}!'}}\n"
    Path("config/saved.yaml").write_text(answers, encoding="utf-8")
    said = refused(vidhuk("check"))
    assert "config/saved.yaml:2:39: answers.0.texts.uk: unknown field {autor}; there are: {author}" in said


def test_check_refuses_a_wrong_token_without_showing_it(vidhuk: Callable[..., Result]) -> None:
    said = vidhuk("check", TELEGRAM_TOKEN="1000000001:another-token-that-nobody-knows-of")
    assert said.exit_code == 1
    assert "get a new one from @BotFather" in said.output
    assert "another-token" not in said.output


def test_check_says_where_the_configuration_is_wrong(vidhuk: Callable[..., Result]) -> None:
    configured(CONFIG.replace("language: en", "langage: en"))
    assert "config/vidhuk.yaml:1:1: langage: unknown key; did you mean «language»?" in refused(
        vidhuk("check")
    )


def test_a_configuration_that_is_not_there_is_a_sentence(vidhuk: Callable[..., Result]) -> None:
    assert "`vidhuk init` writes one" in refused(vidhuk("check", VIDHUK_CONFIG="nowhere.yaml"))


def test_a_database_that_cannot_be_opened_is_a_line(vidhuk: Callable[..., Result]) -> None:
    said = vidhuk("check", DATABASE_URL="sqlite:////nowhere/at/all.db")
    assert said.exit_code == 1
    assert "✗  database" in said.output
    assert "unable to open database file" in said.output


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://u:hunter2@db/x",
        "postgresql+psycopg://u:hunter2@127.0.0.1:1/x",
        "postgresql+psycopg://u:p@ss:hunter2@db/x",
        "postgresql+psycopg://u:hunter2@db:5432x/x",
    ],
)
@pytest.mark.parametrize("command", [["check"], ["db", "upgrade"], ["run", "--once"], ["digest"]])
def test_a_wrong_database_address_is_a_sentence_without_the_password(
    vidhuk: Callable[..., Result], url: str, command: list[str]
) -> None:
    said = vidhuk(*command, DATABASE_URL=url)
    assert said.exit_code == 1
    assert isinstance(said.exception, SystemExit)
    assert "DATABASE_URL" in said.output
    assert "Traceback" not in said.output
    assert "hunter2" not in said.output


# try


def test_try_shows_what_matches_with_what_would_become_of_it(
    vidhuk: Callable[..., Result], telegram: tuple[Telegram, str], tmp_path: Path
) -> None:
    said = vidhuk("try", "news")
    assert said.exit_code == 0, said.output
    assert "news: 2 posts, 1 about a brand of ours" in said.output
    assert "oksana  Новолінія, uk, unhappy 0." in said.output
    assert "\ncase, high: " in said.output
    assert "\nТретій тиждень" in said.output
    assert not list(tmp_path.glob("*.db"))
    assert list(telegram[0].calls) == []


def test_try_speaks_json_to_machines(vidhuk: Callable[..., Result]) -> None:
    said = vidhuk("try", "news", "--json")
    (line,) = [json.loads(line) for line in said.stdout.splitlines()]
    assert (line["brand"], line["post"]["author"], line["matched"]) == ("Новолінія", "oksana", ["Новолінії"])
    assert line["negative"] > 0.5
    assert line["decision"].startswith("case, high")


def test_try_judges_with_what_the_team_taught_the_model(
    vidhuk: Callable[..., Result], tmp_path: Path
) -> None:
    model, url = load_once(), f"sqlite:///{tmp_path / 'vidhuk.db'}"
    assert isinstance(model, OnnxClassifier)
    assert vidhuk("db", "upgrade").exit_code == 0
    calm = Side(np.zeros(384), -20.0, 1.0)
    with connect(url).begin() as session:
        weights = Head({"negative": calm, "complaint": calm}).pack()
        session.add(
            Learnt(
                made_at=datetime.now(UTC),
                base=model.fingerprint,
                weights=weights,
                figures={},
                state=LearntState.ACTIVE,
            )
        )
    (line,) = vidhuk("try", "news", "--json").stdout.splitlines()
    assert json.loads(line)["negative"] < 0.01
    assert json.loads(line)["decision"].startswith("no case")


def test_try_of_a_source_that_is_not_there_names_those_that_are(vidhuk: Callable[..., Result]) -> None:
    assert "No source is named «nevs»; there are: news." in refused(vidhuk("try", "nevs"))


def test_try_of_a_source_that_fails_is_its_sentence(
    vidhuk: Callable[..., Result], httpserver: HTTPServer
) -> None:
    httpserver.clear()
    httpserver.expect_request("/feed.xml").respond_with_data("gone", status=410)
    assert "410" in refused(vidhuk("try", "news"))


# run --once


def test_one_pass_tells_staff_and_ends_well(
    vidhuk: Callable[..., Result], telegram: tuple[Telegram, str]
) -> None:
    said = vidhuk("run", "--once")
    assert said.exit_code == 0, said.output
    assert "✓ news: 2 posts, 1 new mentions" in said.stdout
    (card,) = [m["text"] for m in telegram[0].messages(telegram[0].world.find_chat(-100200300))]
    assert "Новини" in card
    again = vidhuk("run", "--once")
    assert again.exit_code == 0
    assert len(telegram[0].messages(telegram[0].world.find_chat(-100200300))) == 1


def test_one_pass_with_a_broken_source_names_it_and_the_others_go_on(vidhuk: Callable[..., Result]) -> None:
    broken = '  - {kind: feed, name: broken, url: "${FEED}-not", allow_private: true}\nstaff:'
    configured(CONFIG.replace("staff:", broken))
    said = vidhuk("run", "--once")
    assert said.exit_code == 1
    assert "✗ broken: " in said.stdout
    assert "✓ news: 2 posts, 1 new mentions" in said.stdout
    assert len([line for line in said.stdout.splitlines() if line.startswith("✗")]) == 1


def test_one_pass_asks_the_sources_also_where_another_program_hears_staff(
    vidhuk: Callable[..., Result], telegram: tuple[Telegram, str]
) -> None:
    telegram[0].world.updates.webhook = "https://elsewhere.example"
    said = vidhuk("run", "--once")
    assert said.exit_code == 0, said.output
    assert "Another program reads this bot's updates" in said.stderr
    assert "✓ news: 2 posts, 1 new mentions" in said.stdout


def test_without_a_token_nothing_runs(vidhuk: Callable[..., Result]) -> None:
    assert "TELEGRAM_TOKEN is not set" in refused(vidhuk("run", "--once", TELEGRAM_TOKEN=""))


def test_a_model_that_is_not_there_stops_the_start_and_not_the_first_judgement(
    vidhuk: Callable[..., Result], telegram: tuple[Telegram, str]
) -> None:
    configured(CONFIG + "sentiment: {model: ./not/there}\n")
    assert "'./not/there', but there is no such directory" in refused(vidhuk("run"))
    assert list(telegram[0].calls) == []


def test_with_a_telegram_that_is_not_there_it_says_so(vidhuk: Callable[..., Result]) -> None:
    assert "can't be reached" in refused(vidhuk("run", "--once", TELEGRAM_API_URL="http://127.0.0.1:1"))


# digest, db


def test_digest_shows_the_week_and_writes_the_page(vidhuk: Callable[..., Result], tmp_path: Path) -> None:
    said = vidhuk("digest", "--week", "2026-W46")
    assert said.exit_code == 0, said.output
    assert "9 November – 15 November" in said.output
    assert "digests/vidhuk-2026-W46.html" in said.output.replace("\n", "")
    assert (tmp_path / "digests" / "vidhuk-2026-W46.html").exists()


def test_a_digest_whose_folder_is_none_says_so(vidhuk: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "digests").touch()
    said = refused(vidhuk("digest"))
    assert "The page can't be written to the folder digests (`digest.folder`): File exists." in said


def test_a_week_that_is_none_is_told_how_to_write_one(vidhuk: Callable[..., Result]) -> None:
    assert "«47» is not a week; weeks are written as in 2026-W47." in refused(
        vidhuk("digest", "--week", "47")
    )


@pytest.mark.parametrize(("port", "bound"), [("80", 1024), ("65535", 65534), ("99999", 65534)])
def test_the_demo_refuses_a_port_that_it_cannot_have(
    vidhuk: Callable[..., Result], port: str, bound: int
) -> None:
    said = vidhuk("demo", "--port", port)
    assert said.exit_code == 2
    assert f"or equal to {bound}" in said.output


def test_db_upgrade_may_be_done_again_and_again(vidhuk: Callable[..., Result], tmp_path: Path) -> None:
    for _ in range(2):
        said = vidhuk("db", "upgrade")
        assert said.exit_code == 0, said.output
        assert "up to date" in said.output
    assert (tmp_path / "vidhuk.db").exists()


def test_the_env_file_of_the_folder_is_read(vidhuk: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=sqlite:///mine.db\n", encoding="utf-8")
    assert vidhuk("db", "upgrade").exit_code == 0
    assert (tmp_path / "mine.db").exists()


def test_eval_scores_the_model_of_the_configuration_that_the_env_file_names(
    vidhuk: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "config" / "vidhuk.yaml").unlink()
    (tmp_path / "texts.csv").write_text("text,label,lang\nbad,negative,xx\n", encoding="utf-8")
    (tmp_path / ".env").write_text("VIDHUK_CONFIG=elsewhere.yaml\n", encoding="utf-8")
    assert "elsewhere.yaml" in refused(vidhuk("eval", "texts.csv"))
    (tmp_path / ".env").write_text("VIDHUK_CONFIG_FILE=nowhere\n", encoding="utf-8")
    assert "which can't be read" in refused(vidhuk("eval", "texts.csv"))


def test_eval_scores_what_staff_said_as_the_posts_were_judged_beneath_their_titles(
    vidhuk: Callable[..., Result], tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The embedded model overlooks this complaint where it reads it behind its title."""
    monkeypatch.setattr(evaluation_command, "BASELINES", ())
    assert vidhuk("db", "upgrade").exit_code == 0
    text, title = "Чекаю другий тиждень.", "Підкажіть, чи є в Новолінії шпаклівка?"
    with connect(f"sqlite:///{tmp_path / 'vidhuk.db'}").begin() as session:
        now = datetime.now(UTC)
        case = open_case(session, settings, now, text=text, title=title, matches=[])
        session.add(Event(case_id=case.id, kind=Happening.ANSWERED, at=now))

    said = vidhuk("eval", "--corrections", "--json")

    figures = json.loads(said.stdout)
    assert figures["sets"]["corrections"]["model"]["complaint"]["confusion"] == [[0, 0], [0, 1]]
    assert figures["files"][0]["file"] == "your corrections"


def test_eval_of_corrections_makes_no_database(vidhuk: Callable[..., Result], tmp_path: Path) -> None:
    assert "Staff have not said of any post yet" in refused(vidhuk("eval", "--corrections"))
    assert not (tmp_path / "vidhuk.db").exists()
    assert "DATABASE_URL" in refused(vidhuk("eval", "--corrections", DATABASE_URL="nonsense"))


# As a process


def test_as_a_process_an_error_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "VIDHUK_CONFIG": "nowhere.yaml"}
    command = [sys.executable, "-m", "monitor", "check"]
    said = subprocess.run(
        command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=180, check=False
    )
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.startswith("nowhere.yaml:1:1: can't be read: No such file or directory")
    assert len(said.stderr.splitlines()) == 1


# learn


def test_learn_without_corrections_says_what_is_missing(
    vidhuk: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "load_model", lambda *_: Seeing())
    said = vidhuk("learn", "--dry-run")
    assert said.exit_code == 1
    assert "There are 0 corrections" in said.output


def test_undoing_what_was_never_learnt_is_no_error(vidhuk: Callable[..., Result]) -> None:
    said = vidhuk("learn", "--undo")
    assert said.exit_code == 0
    assert "Nothing learnt is in use: the shipped model judges." in " ".join(said.output.split())
