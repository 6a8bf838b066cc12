from pathlib import Path

import pytest

from monitor.secrets import MissingSecret, Secrets


def test_the_environment_wins_over_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TOKEN=from-file\nOTHER='two words'\n", encoding="utf-8")
    secrets = Secrets({"TOKEN": "from-environment"}, tmp_path / ".env")
    assert secrets.get("TOKEN") == "from-environment"
    assert secrets.get("OTHER") == "two words"


def test_a_secret_may_lie_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("sesame\n", encoding="utf-8")
    assert Secrets({"TOKEN_FILE": str(tmp_path / "token")}).require("TOKEN") == "sesame"


def test_the_env_file_may_name_such_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("sesame", encoding="utf-8")
    (tmp_path / ".env").write_text(f"TOKEN_FILE={tmp_path}/token\n", encoding="utf-8")
    assert Secrets({}, tmp_path / ".env").get("TOKEN") == "sesame"


def test_the_mark_that_editors_put_at_the_beginning_of_a_file_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("sesame", encoding="utf-8-sig")
    (tmp_path / ".env").write_text(f"TOKEN_FILE={tmp_path}/token\n", encoding="utf-8-sig")
    assert Secrets({}, tmp_path / ".env").get("TOKEN") == "sesame"


def test_a_missing_secret_is_named_with_every_place_where_it_could_be() -> None:
    with pytest.raises(MissingSecret, match=r"^TOKEN is not set: .*environment.*\.env.*TOKEN_FILE\.$"):
        Secrets({}).require("TOKEN")


def test_an_empty_secret_is_a_missing_one() -> None:
    with pytest.raises(MissingSecret):
        Secrets({"TOKEN": ""}).require("TOKEN")


def test_an_empty_file_holds_no_secret(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("\n", encoding="utf-8")
    with pytest.raises(MissingSecret, match=r"^TOKEN is not set: "):
        Secrets({"TOKEN_FILE": str(tmp_path / "token")}).require("TOKEN")


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MissingSecret, match=r"TOKEN_FILE names .*nowhere, which can't be read: No such file"):
        Secrets({"TOKEN_FILE": str(tmp_path / "nowhere")}).get("TOKEN")


def test_a_folder_in_place_of_the_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MissingSecret, match="can't be read: Is a directory"):
        Secrets({"TOKEN_FILE": str(tmp_path)}).get("TOKEN")


def test_a_file_of_bytes_is_a_sentence_that_shows_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"sesame\xff\xfe")
    with pytest.raises(MissingSecret, match="it is not UTF-8 text") as error:
        Secrets({"TOKEN_FILE": str(tmp_path / "token")}).get("TOKEN")
    assert "sesame" not in str(error.value)


def test_an_env_file_that_is_not_utf_8_says_how_to_save_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TOKEN=sesame\n", encoding="utf-16")
    with pytest.raises(MissingSecret, match=r"/\.env is not UTF-8 text: save it as UTF-8\.$"):
        Secrets({}, tmp_path / ".env")


def test_an_env_file_that_may_not_be_read_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("TOKEN=sesame\n", encoding="utf-8")

    def refused(*_: object, **__: object) -> None:  # root, as tests may run, is refused nothing
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("monitor.secrets.dotenv_values", refused)
    with pytest.raises(MissingSecret, match=r"\.env can't be read: Permission denied\."):
        Secrets({}, tmp_path / ".env")


def test_no_value_is_in_the_repr(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("B=sesame\n", encoding="utf-8")
    assert "sesame" not in repr(Secrets({"A": "sesame"}, tmp_path / ".env"))
