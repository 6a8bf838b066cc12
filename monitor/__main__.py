"""The command line, and the only place that knows concrete spiders and bots."""

import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

import spiders
from bots.checking import check_telegram
from bots.digest import digest_message, digest_page, keep_page, page_name
from bots.office import Office
from bots.plain import plain
from bots.telegram import PUBLIC_API, TelegramBot
from bots.terminal import add_commands as add_people
from bots.words import Words
from monitor import learning, log, trying
from monitor.checks import check_database, check_model, check_zones
from monitor.config import ConfigError, load
from monitor.corrections import corrections
from monitor.db import ROOT, NoDatabase, connect, is_missing, reading, upgrade
from monitor.digest import compile_digest
from monitor.judging import as_judged
from monitor.kinds import build_all, classes, find_kinds
from monitor.learning_report import learn_command, undo_command
from monitor.people import admins_said
from monitor.rounds import Rounds
from monitor.running import run as run_on
from monitor.running import run_once
from monitor.saved import load_saved
from monitor.secrets import MissingSecret, Secrets
from monitor.sentiment.classifier import Classifier, ModelError
from monitor.sentiment.classifier import load as load_model
from monitor.sentiment.evaluation.command import eval_command
from monitor.sentiment.learning.taught import Taught
from monitor.source import SourceError
from monitor.tables import Checked, show_checks, show_polled, show_tried
from monitor.timetable import timetable
from monitor.voice import Unsaid
from monitor.week import Week

CONFIG = Path("config/vidhuk.yaml")
ENV = Path(".env")
DATABASE = "sqlite:///vidhuk.db"

app = typer.Typer(
    help="Hears what people say about a brand anywhere, and lets its people answer there, from Telegram.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
db = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(db, name="db")

console = Console()
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log everything.")]


class House:
    """The parts, each made when it is first asked for, from the configuration and the environment."""

    def __init__(
        self, environ: Mapping[str, str], clock: Callable[[], datetime], env_file: Path | None = None
    ):
        self.clock = clock
        self.secrets = Secrets(environ, env_file)
        self.kinds = find_kinds(spiders)
        path = Path(self.secrets.get("VIDHUK_CONFIG") or CONFIG)
        self.settings = load(path, self.secrets, classes(self.kinds))
        self.saved = load_saved(path, self.settings)
        self.url = self.secrets.get("DATABASE_URL") or DATABASE
        self.api_url = self.secrets.get("TELEGRAM_API_URL") or PUBLIC_API
        self.sources = build_all(self.settings, self.kinds, self._fill_in())

    def rounds(self) -> Rounds:
        upgrade(self.url)
        sessions = connect(self.url)
        taught = cache(lambda: Taught(self.classifier(), learning.Active(sessions)))
        return Rounds(sessions, self.settings, self.sources, taught, self.clock)

    def bot(self, rounds: Rounds, limiter: Any = None) -> TelegramBot:
        office = Office(
            rounds.sessions, self.settings, self.sources, self.clock, pace=rounds.pace, saved=self.saved
        )
        return TelegramBot(self.secrets.require("TELEGRAM_TOKEN"), office, rounds.hear, self.api_url, limiter)

    @cache  # noqa: B019 (one House a process)
    def classifier(self) -> Classifier:
        return load_model(self.settings.sentiment.model, self.settings.sentiment.labels or None)

    def _fill_in(self) -> dict[str, str]:
        return {
            "contact": self.settings.contact,
            "token": self.secrets.get("TELEGRAM_TOKEN") or "",
            "api_url": self.api_url,
        }


@app.command()
def init(path: Annotated[Path, typer.Argument(help="Where to write it.")] = CONFIG) -> None:
    """Write a commented configuration to start from."""
    if path.exists():
        raise _stop(f"{path} is there already; nothing was changed.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "config" / "example.yaml", path)
    except OSError as error:
        raise _stop(f"{path} can't be written: {error.strerror}.") from None
    console.print(
        f"Wrote {path}. Edit it, put TELEGRAM_TOKEN into .env, then run `vidhuk check`.", markup=False
    )


@app.command()
def check(verbose: Verbose = False) -> None:
    """Validate the configuration and try every credential, without posting or sending anything."""
    with _house(verbose) as house:
        checks = [
            Checked(
                "configuration", f"brands: {len(house.settings.brands)}, sources: {len(house.sources)}", True
            )
        ]
        checks.append(Checked("staff", admins_said(house.settings), True))
        checks += [
            check_database(house.url),
            check_model(house.classifier, house.url),
            *check_zones(house.classifier, house.settings.triage),
            *_check_telegram(house),
        ]
        checks += [Checked(name, said, True) for name, said in timetable(house.settings, _now())]
        checks += [trying.check_source(source) for source in house.sources.values()]
        show_checks(checks, console)
        raise typer.Exit(0 if all(c.is_well for c in checks) else 1)


@app.command(name="try")
def try_(
    source: Annotated[str, typer.Argument(help="The source's name in the configuration.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for machines.")] = False,
    verbose: Verbose = False,
) -> None:
    """Poll one source now and show the posts that match, judged. Stores and sends nothing."""
    with _house(verbose) as house:
        if source not in house.sources:
            raise _stop(f"No source is named «{source}»; there are: {', '.join(house.sources)}.")
        rounds = Rounds(connect("sqlite://"), house.settings, house.sources, house.classifier, _now)
        with console.status(f"asking {source} …") if console.is_terminal and not as_json else nullcontext():
            judge = learning.as_taught(house.classifier(), house.url)
            posts, tried = trying.try_source(
                house.sources[source], rounds.listening[source], judge, house.settings, _now()
            )
        if as_json:
            for one in tried:
                print(json.dumps(one.as_json(), ensure_ascii=False))
        else:
            show_tried(source, posts, tried, console)


@app.command()
def run(
    once: Annotated[
        bool, typer.Option("--once", help="One pass over everything that is due, then exit.")
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Listen, alert and answer, until it is stopped."""
    with _house(verbose) as house:
        rounds = house.rounds()
        bot = house.bot(rounds)
        if not once:
            if run_on(rounds, bot):
                _leave()
            return
        with console.status("asking the sources …") if console.is_terminal else nullcontext():
            polled = run_once(rounds, bot)
        show_polled(polled, console)
        raise typer.Exit(1 if any(one.error for one in polled) else 0)


@app.command()
def digest(
    week: Annotated[str, typer.Option(help="Such as 2026-W47; the last complete week by default.")] = "",
    verbose: Verbose = False,
) -> None:
    """Show a week's digest, and write it as a self-contained HTML file."""
    with _house(verbose) as house:
        settings, now = house.settings, _now()
        last = Week.of(now.astimezone(settings.zone).date(), settings.zone).before
        chosen = Week.parse(week, settings.zone) if week else last
        words = Words(settings.language, settings.zone)
        upgrade(house.url)
        with reading(connect(house.url)) as session:
            compiled = compile_digest(session, chosen, settings, now)
        folder = Path(settings.digest.folder)
        try:
            path = keep_page(digest_page(compiled, words), page_name(compiled), folder)
        except OSError as error:
            told = f"The page can't be written to the folder {folder} (`digest.folder`): {error.strerror}."
            raise _stop(told) from None
        console.print(plain(digest_message(compiled, words)), markup=False, highlight=False)
        console.print(f"\n{path}", markup=False)


@app.command()
def learn(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would bring.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Back to the model as it ships.")] = False,
    verbose: Verbose = False,
) -> None:
    """Refit the model's last layer to your team's corrections; a lead says yes in Telegram, or it is not used."""
    with _house(verbose) as house:
        upgrade(house.url)
        sessions, now = connect(house.url), _now()
        if undo:
            raise typer.Exit(undo_command(sessions, now, console))
        raise typer.Exit(
            learn_command(sessions, house.classifier(), house.settings, now, console, dry_run=dry_run)
        )


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Play the week fast, without a browser, and print a table.")
    ] = False,
    port: Annotated[int, typer.Option(min=1024, max=65_534, help="Of the address on this machine.")] = 8765,
    verbose: Verbose = False,
) -> None:
    """A small town to try it in, on this machine alone: no account, no network."""
    from demo.play import play_live, play_once  # nothing else in the product needs the town

    log.configure(verbose=verbose, quiet=not verbose)
    raise typer.Exit(play_once(House, console) if once else play_live(port, console))


@db.command(name="upgrade")
def db_upgrade() -> None:
    """Bring the tables to the newest migration."""
    try:
        upgrade(Secrets(os.environ, ENV).get("DATABASE_URL") or DATABASE)
    except (NoDatabase, MissingSecret) as error:
        raise _stop(str(error)) from None
    console.print("The database is up to date.")


def main() -> None:
    app()


def _now() -> datetime:
    return datetime.now(UTC)


def _stop(sentence: str) -> typer.Exit:
    Console(stderr=True).print(sentence, markup=False, style="red", soft_wrap=True)
    return typer.Exit(1)


@contextmanager
def _house(verbose: bool) -> Iterator[House]:
    """The house, and every error that a person can mend as a sentence without a traceback."""
    log.configure(verbose=verbose)
    try:
        yield House(os.environ, _now, ENV)
    except (ConfigError, MissingSecret, NoDatabase, SourceError, ModelError, Unsaid) as error:
        raise _stop(str(error)) from None
    except ValueError as error:
        if "is not a week" not in str(error):
            raise
        raise _stop(str(error)) from None


def _check_telegram(house: House) -> Iterator[Checked]:
    try:
        token = house.secrets.require("TELEGRAM_TOKEN")
    except MissingSecret as error:
        yield Checked("Telegram", str(error), False)
        return
    for name, said, is_well in check_telegram(token, house.api_url, house.settings):
        yield Checked(name, said, is_well)


def _leave() -> NoReturn:
    """Python itself would wait at its end for the thread of a poll that hangs."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _judge() -> Classifier:
    """The model that is configured, or the embedded one where nothing is."""
    try:
        named = Secrets(os.environ, ENV).get("VIDHUK_CONFIG")
    except MissingSecret as error:
        raise _stop(str(error)) from None
    if not CONFIG.exists() and not named:
        return load_model()
    with _house(False) as house:
        return house.classifier()


def _taught() -> Iterable[Mapping[str, Any]]:
    """What staff said of posts, as rows to score."""
    with _house(False) as house:
        if is_missing(house.url):
            return []
        upgrade(house.url)
        with reading(connect(house.url)) as session:
            said = [one for one in corrections(session) if one.is_complaint is not None]
        texts = as_judged(house.classifier(), [(one.readings, one.language) for one in said])
    return [
        {"text": text, "language": one.language, "complaint": one.is_complaint}
        for text, one in zip(texts, said, strict=True)
    ]


app.command(name="eval")(eval_command(_judge, console, _taught))
add_people(app, _house, console)


if __name__ == "__main__":
    main()
