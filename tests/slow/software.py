"""Other people's software for the slow tests: installed once into a cache, started on a loopback port, stopped."""

import hashlib
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "vidhuk-tests"
_START_SECONDS = 60


def environment(name: str, python: str) -> Path:
    """The Python of a virtual environment with tests/slow/requirements-NAME.txt; skips where it can't be had."""
    interpreter = _interpreter(python)
    requirements = _HERE / f"requirements-{name}.txt"
    key = hashlib.sha256(requirements.read_bytes() + interpreter.encode()).hexdigest()[:12]
    folder = _CACHE / f"{name}-{key}"
    done = folder / "installed"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([interpreter, "-m", "venv", folder], check=True, capture_output=True)
        pip = [folder / "bin" / "pip", "install", "--quiet", "-r", requirements]
        installed = subprocess.run(pip, check=False, capture_output=True, text=True, timeout=600)
        if installed.returncode:
            pytest.skip(f"{name} can't be installed here: {installed.stderr.strip()[-300:]}")
        done.touch()
    return folder / "bin" / "python"


def _interpreter(version: str) -> str:
    """A Python of this version on the path or among those of pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    installed = sorted(pyenv.glob(f"{version}.*/bin/python"), reverse=True)
    for candidate in [f"python{version}", *map(str, installed)]:
        try:
            told = subprocess.run(
                [candidate, "--version"], check=False, capture_output=True, text=True, timeout=20
            )
        except OSError:
            continue
        if told.returncode == 0 and told.stdout.startswith(f"Python {version}."):
            return shutil.which(candidate) or candidate
    pytest.skip(f"there is no Python {version} on this machine (neither on the path nor in pyenv)")


@contextmanager
def running(command: list[str | Path], url: str, log: Path, cwd: Path) -> Iterator[None]:
    """The command for as long as the block lasts; the block begins when the URL answers."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=cwd)
        try:
            _wait(process, url, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"it ended at once:\n{log.read_text()[-2000:]}"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"it did not answer within {_START_SECONDS} s:\n{log.read_text()[-2000:]}")
