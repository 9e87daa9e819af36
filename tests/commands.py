"""The `ladder` command for tests that run it often: each run is a process, forked from one that has it loaded.

Other programs start `ask_for_command.py`, which asks for such a process and hands on its own folder, environment,
input and output. Signals do not reach it, and what Python decides when it starts (locale, hash seed) is decided
already.
Tests about these start the command from nothing (`forked.LADDER`).
"""

import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import Final
from uuid import uuid4

from tests.forked import ROOT, forking

_MOST: Final = 1 << 20
"""Bytes of arguments and environment that are read; one message of such a socket holds less, some 200 kB."""


@cache
def quick_ladder() -> tuple[str, ...]:
    """Provide a starter of the command. An environment with `NOW` sets its clock."""
    name = f"ladder-{uuid4().hex}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind("\0" + name)
        listener.listen()
        forking().Process(target=_answer, args=(listener,), daemon=True).start()
    return (sys.executable, "-IS", str(ROOT / "tests" / "ask_for_command.py"), name)


def write_ladder(file: Path) -> None:
    """Make a file that is the command to whoever runs it."""
    quoted = " ".join(f"'{word}'" for word in quick_ladder())
    file.write_text(f'#!/bin/sh\nexec {quoted} "$@"\n', "utf-8")
    file.chmod(0o755)


def _answer(listener: socket.socket) -> None:
    """Fork a command for each that asks, as long as the process of the tests lives."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    tests = parent_process()
    assert tests is not None
    while tests.sentinel not in wait([listener, tests.sentinel]):
        asking, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _become(asking)
        asking.close()


def _become(asking: socket.socket) -> None:
    """Be the command, and say how it ended; a code that stays unsaid tells that it was killed."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    told, given, _, _ = socket.recv_fds(asking, _MOST, 3)
    arguments, folder, environment = json.loads(told)
    for number, descriptor in enumerate(given):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
    code = 1
    try:
        code = _run(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    except Exception:  # noqa: BLE001 - as Python itself does
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        asking.send(bytes([code]))
        os._exit(code)


def _run(arguments: Sequence[str]) -> int:
    from app.cli import main  # noqa: PLC0415 - the process that asks for one need not have loaded it

    now = os.environ.get("NOW")
    if now is None:
        return main(arguments)
    return main(arguments, clock=lambda: datetime.fromisoformat(now))
