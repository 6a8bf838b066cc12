"""A throw-away PostgreSQL from the binaries on the machine, on a private port of loopback."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Self

import psycopg

from models import Base
from tests.ports import free_port


class NoPostgres(Exception):
    """Says why there is none."""


class Cluster:
    def __init__(self, binaries: Path, folder: Path, port: int, as_user: list[str]):
        self._binaries, self._folder, self._port, self._as_user = binaries, folder, port, as_user

    def __enter__(self) -> Self:
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off"
        self._run(
            "pg_ctl", "-D", f"{self._folder}/data", "-o", options, "-l", f"{self._folder}/log", "-w", "start"
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-m", "immediate", "-w", "stop")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self._port}/postgres"

    def empty(self) -> None:
        """Every table as new: much quicker than a new database for every test."""
        tables = ", ".join(f'"{name}"' for name in Base.metadata.tables)
        self._sql(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")

    def initialise(self) -> None:
        self._run(
            "initdb", "-D", f"{self._folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"
        )

    def _sql(self, statement: str) -> None:
        where = {"host": "127.0.0.1", "port": self._port, "user": "postgres", "dbname": "postgres"}
        with psycopg.connect(**where, autocommit=True) as connection:  # type: ignore[arg-type]
            connection.execute(statement)  # type: ignore[call-overload]

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user, str(self._binaries / program), *arguments]
        done = subprocess.run(
            command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/"
        )
        if done.returncode:
            raise NoPostgres(f"{program} failed: {done.stdout[-500:]}")


def start(folder: Path) -> Cluster:
    """An initialised cluster in folder; `with` starts and stops it. Raises NoPostgres."""
    binaries = _binaries()
    cluster = Cluster(binaries, _for_everybody(folder), free_port(), _as_user(folder))
    cluster.initialise()
    return cluster


def _binaries() -> Path:
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found or not (found[-1] / "initdb").exists():
        raise NoPostgres("no initdb on PATH or in /usr/lib/postgresql: install the package postgresql.")
    return found[-1]


def _as_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root; its own user is there where its Debian package is."""
    if os.getuid() != 0:
        return []
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        raise NoPostgres("we are root, and there is no user postgres to run it as.") from None
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["runuser", "-u", "postgres", "--"]


def _for_everybody(folder: Path) -> Path:
    """Its user must be able to reach a folder that pytest made for us alone."""
    for parent in folder.parents:
        if parent.owner() == folder.owner() and parent.stat().st_mode & 0o001 == 0:
            parent.chmod(parent.stat().st_mode | 0o001)
    return folder
