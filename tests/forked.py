"""The `ladder` command in real processes, forked from one that has the program loaded, so that nothing is imported.

Loading takes more than a second of processor time, and tests start some hundred servers. A start from nothing is
tested in `cli/test_serve.py`, `serving/test_metrics.py`, `docs/` and `packaging/`, with processes of their
own.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import chdir
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Final, Union

ROOT: Final = Path(__file__).parents[1]
LADDER: Final = (sys.executable, "-m", "app")
_FORK: Final = multiprocessing.get_context("forkserver")
_FORK.set_forkserver_preload(["tests.loaded"])  # all contexts have this list together: nobody else may set it
Process = Union["Forked", subprocess.Popen[bytes]]


def forking() -> ForkServerContext:
    """Provide a fork server: a process that has loaded the program and makes others."""
    with chdir(ROOT):  # where the first one that is started finds what to load
        forkserver.ensure_running()
    return _FORK


def start(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    out: Path,
    err: Path,
    *,
    anew: bool = False,
) -> Process:
    """Start the command in a folder, with that environment and no other, printing to files.

    `anew` starts it from nothing, which matters where what it loads depends on its settings.
    """
    if not anew:
        return Forked(arguments, folder, environment, out, err)
    with out.open("wb") as printed, err.open("wb") as logged:
        return subprocess.Popen(
            [*LADDER, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=logged,
        )


class Forked:
    """A running command, with the methods of `subprocess.Popen` that tests use."""

    def __init__(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], out: Path, err: Path
    ) -> None:
        out.touch()
        err.touch()
        given = (tuple(arguments), str(folder), dict(environment), str(out), str(err))
        self._process = forking().Process(target=_run, args=given)
        self._process.start()
        assert self._process.pid is not None
        self.pid: Final[int] = self._process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit code, or the signal that ended it, as a negative number; None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Return the same."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends; gives its exit code. Raises TimeoutExpired where that takes longer, in seconds."""
        self._process.join(timeout)
        code = self.returncode
        if code is None:
            raise subprocess.TimeoutExpired("ladder", timeout or 0)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def _run(arguments: tuple[str, ...], folder: str, environment: dict[str, str], out: str, err: str) -> None:
    """Become the command: in that folder, with that environment, printing to those files."""
    from uvicorn import _subprocess  # noqa: PLC0415 - only here

    from app.__main__ import main  # noqa: PLC0415 - the process that asks for one need not have loaded it

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    _subprocess.spawn = multiprocessing.get_context("fork")  # type: ignore[assignment]  # its workers too
    sys.argv = ["ladder", *arguments]
    sys.exit(main())
