"""Parsing request bodies in another process, so that it blocks nothing here and ends in time.

The parent sends the bytes on standard input and gets the canonical JSON of the ladder, or the error, on standard
output. The child does not see the parent's environment. The operating system ends it if it uses too much.
"""

import json
import os
import subprocess
import sys
from threading import BoundedSemaphore
from typing import Final

from app.errors import BadRequest, Fault, Invalid, InvalidLadder, LadderError, TooLarge, Unavailable
from app.formats.bundle.reader import parse_document
from app.rubric.canonical import canonical
from app.rubric.ladder import Ladder

SECONDS: Final = 30.0
"""Seconds that a document may take."""
_MEMORY: Final = 2 * 1024**3
"""Bytes of address space that the child may have."""
_AT_ONCE: Final = BoundedSemaphore(2)
_PATIENCE: Final = 10.0
"""Seconds to wait for other documents."""
_ERRORS: Final[dict[str, type[LadderError]]] = {
    error.code: error for error in (BadRequest, InvalidLadder, TooLarge)
}


def parse_apart(data: bytes, name: str, seconds: float = SECONDS) -> Ladder:
    """Return the ladder in one body, as `bundle.parse_document` gives it, but parsed in another process.

    Raises:
        BadRequest: It does not parse.
        InvalidLadder: It does not have the shape of a ladder.
        Invalid: It takes too long or too much memory.
        Unavailable: Other documents are being parsed, and the wait was too long.
    """
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Unavailable(
            "The server is busy reading other documents. Send the request again.", retry_after=5
        )
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and no argument is the caller's
            [sys.executable, "-m", __name__, name],
            input=data,
            capture_output=True,
            timeout=seconds,
            env={"PYTHONPATH": os.pathsep.join(sys.path)},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Invalid(
            f"The document takes longer than {seconds:g} s to read. Shorten it, or send JSON."
        ) from None
    finally:
        _AT_ONCE.release()
    if done.returncode != 0:
        raise Invalid("The document takes too much memory to read. Shorten it, or send JSON.")
    return _received(json.loads(done.stdout))


def _received(answer: dict[str, object]) -> Ladder:
    if "ladder" in answer:
        return Ladder.model_validate_json(str(answer["ladder"]))
    faults = [Fault(**fault) for fault in answer["faults"]]  # type: ignore[attr-defined]  # ours, see below
    raise _ERRORS[str(answer["code"])](str(answer["detail"]), faults=faults)


def _answer(data: bytes, name: str) -> dict[str, object]:
    try:
        return {"ladder": canonical(parse_document(data, name)).decode()}
    except (BadRequest, InvalidLadder, TooLarge) as error:
        faults = [{"detail": fault.detail, "pointer": fault.pointer} for fault in error.faults]
        return {"code": error.code, "detail": error.detail, "faults": faults}


def _limit() -> None:
    """Limit memory and time of this process, if the system can."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))


if __name__ == "__main__":
    _limit()
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read(), sys.argv[1])))
