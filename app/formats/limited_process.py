"""Work in another process: it blocks nothing here, ends in time, and the system ends it if it uses too much memory.

The parent sends bytes on standard input and gets JSON on standard output. The child does not see the parent's
environment.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from threading import BoundedSemaphore
from typing import Any, Final

from app.errors import BadRequest, Fault, Invalid, InvalidLadder, LadderError, TooLarge, Unavailable

SECONDS: Final = 30.0
"""Seconds that the work may take."""
MEMORY: Final = 2 * 1024**3
"""Bytes of address space that the child may have."""
_AT_ONCE: Final = BoundedSemaphore(2)
_PATIENCE: Final = 10.0
"""Seconds to wait for other work."""
_ERRORS: Final[dict[str, type[LadderError]]] = {
    error.code: error for error in (BadRequest, InvalidLadder, TooLarge)
}


def run_limited(
    module: str, arguments: Sequence[str], data: bytes, *, what: str, fix: str, seconds: float = SECONDS
) -> dict[str, Any]:
    """Run a module of this software in another process, and return the JSON that it prints.

    Args:
        module: The module, which calls `limit` first and prints a JSON object.
        arguments: Its arguments.
        data: What it reads on standard input.
        what: What is read, for messages: `document` or `file`.
        fix: What to do if it takes too much.
        seconds: The time that it may take.

    Raises:
        Invalid: It takes too long or too much memory.
        Unavailable: Other work is under way, and the wait was too long.
        LadderError: The error that the module printed (`printed_error`).
    """
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Unavailable(f"The server is busy reading other {what}s. Send the request again.", retry_after=5)
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and no argument is the caller's
            [sys.executable, "-m", module, *arguments],
            input=data,
            capture_output=True,
            timeout=seconds,
            env={"PYTHONPATH": os.pathsep.join(sys.path)},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Invalid(f"The {what} takes longer than {seconds:g} s to read. {fix}") from None
    finally:
        _AT_ONCE.release()
    if done.returncode != 0:
        raise Invalid(f"The {what} takes too much memory to read. {fix}")
    return _answer_in(done.stdout)


def _answer_in(printed: bytes) -> dict[str, Any]:
    """Return the JSON object that a module printed. Raises the error that it printed instead."""
    answer: dict[str, Any] = json.loads(printed)
    if "error" in answer:
        error = answer["error"]
        faults = [Fault(**fault) for fault in error["faults"]]
        raise _ERRORS[error["code"]](error["detail"], faults=faults)
    return answer


def limit() -> None:
    """Limit memory and time of this process, if the system can."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))


def printed_error(error: BadRequest | InvalidLadder | TooLarge) -> dict[str, object]:
    """Return an error as JSON, for `run_limited` to raise again."""
    faults = [{"detail": fault.detail, "pointer": fault.pointer} for fault in error.faults]
    return {"error": {"code": error.code, "detail": error.detail, "faults": faults}}
