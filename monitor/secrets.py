"""Secrets come from the environment, never from YAML: NAME, then .env, then the file that NAME_FILE names."""

from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values


class MissingSecret(Exception):
    """A secret that something needs and nobody gave. Says the name and where it could come from."""

    def __init__(self, name: str, detail: str = ""):
        self.name = name
        super().__init__(
            detail
            or f"{name} is not set: put it into the environment, into .env, or its file's path into {name}_FILE."
        )


class Secrets:
    """Looks a secret up by its name; its repr shows no value."""

    def __init__(self, environ: Mapping[str, str], env_file: Path | None = None):
        self._dotenv = _read(env_file)
        self._environ = environ

    def get(self, name: str) -> str | None:
        """The value, or None where nobody gave one. Raises MissingSecret for a file that can't be read."""
        value = self._environ.get(name) or self._dotenv.get(name)
        if value:
            return value
        path = self._environ.get(f"{name}_FILE") or self._dotenv.get(f"{name}_FILE")
        return self._from_file(name, Path(path)) if path else None

    def require(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise MissingSecret(name)
        return value

    def _from_file(self, name: str, path: Path) -> str | None:
        try:
            return path.read_text(encoding="utf-8-sig").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise MissingSecret(name, f"{name}_FILE names {path}, which can't be read: {reason}.") from None


def _read(env_file: Path | None) -> dict[str, str | None]:
    if env_file is None or not env_file.is_file():
        return {}
    try:
        return dict(dotenv_values(env_file, encoding="utf-8-sig"))
    except OSError as error:
        told = f"{env_file} can't be read: {error.strerror}. Whoever runs this has to be allowed to."
        raise MissingSecret(env_file.name, told) from None
    except UnicodeDecodeError:
        raise MissingSecret(env_file.name, f"{env_file} is not UTF-8 text: save it as UTF-8.") from None
