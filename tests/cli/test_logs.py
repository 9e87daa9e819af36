"""Logging: JSON lines on standard error, no secrets, libraries included."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from app.logs import configure_logs
from app.masking import without_secrets

JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.Zm9vLWJhcl9iYXo"


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Leave logging to the next test as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def entries(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """Return the logged entries without their times."""
    shown = capsys.readouterr()
    assert shown.out == ""
    found = [json.loads(line) for line in shown.err.splitlines()]
    assert all(str(entry.pop("time")).endswith("Z") for entry in found)
    return found


def test_our_own_entries_and_those_of_libraries_look_alike(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    structlog.get_logger("ours").info("published", ladder="small", number=3)
    logging.getLogger("uvicorn.error").info("Started %d", 7, extra={"color_message": "x"})
    assert entries(capsys) == [
        {"level": "info", "logger": "ours", "event": "published", "ladder": "small", "number": 3},
        {"level": "info", "logger": "uvicorn.error", "event": "Started 7"},
    ]


def test_entries_below_the_level_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("warning")
    structlog.get_logger("ours").info("quiet")
    logging.getLogger("theirs").info("quiet")
    structlog.get_logger("ours").warning("loud")
    logging.getLogger("theirs").warning("loud")
    assert [entry["logger"] for entry in entries(capsys)] == ["ours", "theirs"]


def test_setting_it_up_twice_writes_each_entry_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    configure_logs("info")
    structlog.get_logger("ours").info("once")
    logging.getLogger("theirs").info("once")
    assert len(entries(capsys)) == 2


def test_an_entry_is_one_line_to_every_reader(capsys: pytest.CaptureFixture[str]) -> None:
    path = "/v1/\x85\u2028\u2029\x0b\x1c\r\nü"
    configure_logs("info")
    structlog.get_logger("ours").info("request", path=path)
    logging.getLogger("theirs").info(path)
    ours, theirs = entries(capsys)
    assert (ours["path"], theirs["event"]) == (path, path)


def test_handlers_of_other_code_stay() -> None:
    other = logging.NullHandler()
    logging.getLogger().addHandler(other)
    configure_logs("info")
    assert other in logging.getLogger().handlers


def test_a_traceback_is_part_of_the_entry_and_shows_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    try:
        int("postgresql://somebody:s3cret@host/name")
    except ValueError:
        structlog.get_logger("ours").exception("failed")
        logging.getLogger("theirs").exception("failed")
    ours, theirs = entries(capsys)
    for entry in (ours, theirs):
        assert str(entry["exception"]).endswith("'postgresql://somebody:***@host/name'")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://u:p@host/db", "postgresql://u:***@host/db"),
        ("postgresql://u:p@ss:w@host/db?x=1", "postgresql://u:***@host/db?x=1"),
        ("postgresql://:p@host", "postgresql://:***@host"),
        ("postgresql://host/db?user=u&password=p&x=1", "postgresql://host/db?user=u&password=***&x=1"),
        ("Authorization: Bearer abc.DEF-1_2~3+4/5==", "Authorization: Bearer ***"),
        ("Authorization: Basic dXNlcjpzZWNyZXQ=", "Authorization: Basic ***"),
        ("postgresql://user:se/cr@et@host/db", "postgresql://user:***@host/db"),
        ("host=h password='it\\'s secret' sslpassword=other", "host=h password=*** sslpassword=***"),
        ("the key clk_abcdefghij_0123456789abcdef was sent", "the key clk_abcdefghij_*** was sent"),
        ("http://localhost:8000/v1/ladders/x@draft", "http://localhost:8000/v1/ladders/x@draft"),
        ("http://127.0.0.1:8000/v1/ladders/small@1.0.0", "http://127.0.0.1:8000/v1/ladders/small@1.0.0"),
        ("xclk_abcdefghij_0123456789abcdef", "xclk_abcdefghij_***"),
        ("/v1/ladders/5clk_abcdefghij_0123456789?x=1", "/v1/ladders/5clk_abcdefghij_***?x=1"),
        (f"/v1/{JWT}/levels", "/v1/***/levels"),
        (f"token={JWT}&x=1", "token=***&x=1"),
        (f"x{JWT}", "x***"),
        (JWT.replace(".", "%2E"), "***"),
        (JWT.rpartition(".")[0], "***"),
        ("eyJhbGciOiJub25lIn0.e30.", "***"),
        ("/v1/ladders/eyJ.l5 and key.eyes", "/v1/ladders/eyJ.l5 and key.eyes"),
        ("sqlite:///var/ladder.db", "sqlite:///var/ladder.db"),
    ],
)
def test_secrets_are_masked_and_nothing_else_is(text: str, shown: str) -> None:
    assert without_secrets(text) == shown
