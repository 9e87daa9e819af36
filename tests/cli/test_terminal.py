"""The command on a real terminal, with a closed pipe, after Ctrl-C, and after a kill."""

import re
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pexpect
import pytest

from tests.cli.shell import SMALL, ladder, process, process_from_nothing, surroundings
from tests.commands import quick_ladder
from tests.forked import LADDER

ESCAPE = "\x1b["
TABLE = """\
┏━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━┳━━━━━━━━━━━━━┓
┃ Ladder ┃ Title        ┃ In force ┃ Latest ┃ Next change ┃
┡━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━╇━━━━━━━━━━━━━┩
│ small  │ Small ladder │ 1.0.0    │ 1.0.0  │ -           │
└────────┴──────────────┴──────────┴────────┴─────────────┘
"""


@pytest.fixture
def filled(tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A SQLite database with the small ladder in it, and the folder it is in."""
    monkeypatch.setenv("LADDER_DATABASE_URL", f"sqlite:///{tmp_path}/ladder.db")
    ladder("migrate")
    ladder("publish", small)
    return tmp_path


def on_terminal(*arguments: str | Path, **environment: str) -> tuple[int, str]:
    """Run the command on a terminal of 100 columns: its exit code and all that was shown."""
    program, *given = quick_ladder()
    child = pexpect.spawn(
        program,
        [*given, *map(str, arguments)],
        env=surroundings(TERM="xterm-256color", **environment),
        dimensions=(40, 100),
        encoding="utf-8",
        timeout=60,
    )
    shown = child.read().replace("\r\n", "\n")
    child.close()
    return int(child.exitstatus or 0), shown


def plain(shown: str) -> str:
    """Return the text on a terminal, without colours."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)


@pytest.mark.usefixtures("filled")
def test_a_terminal_gets_a_table_with_a_bold_heading() -> None:
    code, shown = on_terminal("list")
    assert (code, plain(shown)) == (0, TABLE)
    assert f"{ESCAPE}1m" in shown


@pytest.mark.usefixtures("filled")
def test_no_color_keeps_the_table_and_drops_the_colours(small: Path) -> None:
    small.write_text(SMALL.replace("competency: craft", "competency: kraft"), encoding="utf-8")
    coloured, quiet = on_terminal("validate", small)[1], on_terminal("validate", small, NO_COLOR="1")[1]
    assert f"{ESCAPE}1;31m" in coloured
    assert f"{ESCAPE}1;31m" not in quiet
    assert plain(coloured) == plain(quiet)


@pytest.mark.usefixtures("filled")
def test_a_pipe_gets_plain_text_even_where_colours_are_forced() -> None:
    ended = process("list", FORCE_COLOR="1", TERM="xterm-256color")
    assert (ended.code, ended.out, ended.err) == (0, "small\tSmall ladder\t1.0.0\t1.0.0\t-\n", "")


@pytest.mark.usefixtures("filled")
def test_json_is_the_same_on_a_terminal() -> None:
    assert on_terminal("list", "--json") == (0, ladder("list", "--json").out)


@pytest.mark.usefixtures("filled")
def test_an_error_is_red_on_a_terminal() -> None:
    code, shown = on_terminal("export", "nope")
    assert (code, plain(shown)) == (7, "ladder: There is no ladder 'nope'.\n")
    assert f"{ESCAPE}31m" in shown


@pytest.mark.usefixtures("filled")
def test_progress_leaves_nothing_behind_on_a_terminal() -> None:
    code, shown = on_terminal("doctor")
    assert code == 0
    assert plain(shown).splitlines()[-1].endswith("1 release, 0 problems")


def test_a_closed_output_hides_no_complaint() -> None:
    ended = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *LADDER, "validate", "none"],
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("ladder: Invalid value for 'PATH': path 'none' does not exist.\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
@pytest.mark.parametrize("command", ["schema", "list"], ids=["more than a buffer", "less"])
@pytest.mark.usefixtures("filled")
def test_a_full_disk_is_reported_once(command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*LADDER, command],
            env=surroundings(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (1, b"ladder: No space left on device\n")


@pytest.mark.usefixtures("filled")
def test_output_survives_a_locale_that_cannot_hold_it(small: Path) -> None:
    small.write_text(SMALL.replace("Small ladder", "Échelle ✓"), encoding="utf-8")
    assert process("publish", small, "--bump", "minor").code == 0
    ended = process_from_nothing("list", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (ended.code, ended.out) == (0, "small\tÉchelle ✓\t1.1.0\t1.1.0\t-\n")


@pytest.mark.usefixtures("filled")
def test_a_closed_pipe_ends_the_command_quietly() -> None:
    with started("schema") as running:
        assert running.stdout is not None
        running.stdout.close()
        running.stdout = None
        assert (running.communicate(timeout=60)[1], running.returncode) == (b"", 141)


@pytest.mark.usefixtures("filled")
def test_ctrl_c_ends_it_without_a_traceback() -> None:
    """Export more than a pipe can hold, so the command is waiting for its reader when the signal arrives."""
    ladder("seed")
    with started("export", "example-engineering") as running:
        assert running.stdout is not None
        assert running.stdout.read(1) == b"r"
        running.send_signal(signal.SIGINT)
        assert (running.communicate(timeout=60)[1], running.returncode) == (b"", 130)


def heed_ctrl_c() -> None:
    """Give SIGINT its usual meaning back."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command as a running process with pipes to read from.

    A shell starts what runs in the background with Ctrl-C ignored, and so would these tests' processes be.
    """
    with subprocess.Popen(
        [*LADDER, *arguments],
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        preexec_fn=heed_ctrl_c,  # noqa: PLW1509 - it does nothing that a thread could be in the midst of
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def test_a_kill_in_the_middle_of_seeding_leaves_nothing_and_the_next_adds_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ladder.db"
    monkeypatch.setenv("LADDER_DATABASE_URL", f"sqlite:///{file}")
    ladder("migrate")
    with started("seed") as running:
        wait_for_writer(file)
        running.kill()
        assert running.wait(timeout=60) == -signal.SIGKILL
    assert ladder("list", "--json").json["items"] == []
    assert ladder("seed").code == 0
    assert ladder("doctor").code == 0
    there = {item["ladder"]: item["latest"] for item in ladder("list", "--json").json["items"]}
    assert there == {"example-engineering": "1.1.0", "netflix-engineering": "1.0.0"}


def wait_for_writer(file: Path) -> None:
    """Wait until another process is in a write transaction; its journal would tell only once it commits."""
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
        for _ in range(6000):
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return
            connection.execute("ROLLBACK")
            time.sleep(0.005)
    raise AssertionError("nothing was written")
