"""Exit codes, which tell a script the result of a command."""

from enum import IntEnum
from typing import Final

from app import errors


class ExitCode(IntEnum):
    """The exit codes; each means the same for every command."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    INVALID = 3
    UNCHANGED = 4
    CONFLICT = 5
    DATABASE = 6
    NOT_FOUND = 7
    BUMP_TOO_LOW = 8
    REFUSED = 9
    INTERRUPTED = 130
    PIPE_CLOSED = 141


MEANINGS: Final[dict[ExitCode, str]] = {
    ExitCode.DONE: "done",
    ExitCode.UNEXPECTED: "a defect of this software, or a failure of the machine",
    ExitCode.USAGE: "a command, option, argument or setting is wrong",
    ExitCode.INVALID: "the content is invalid, or doctor found a problem",
    ExitCode.UNCHANGED: "nothing to publish: the content did not change",
    ExitCode.CONFLICT: "the current state does not allow it, such as a number that is taken",
    ExitCode.DATABASE: "the database or the server cannot be reached, or the schema does not match",
    ExitCode.NOT_FOUND: "the ladder or release does not exist, or no release is in force",
    ExitCode.BUMP_TOO_LOW: "the release number is lower than the changes require",
    ExitCode.REFUSED: "the server rejects the key, or the key lacks the right",
    ExitCode.INTERRUPTED: "stopped with Ctrl-C",
    ExitCode.PIPE_CLOSED: "the reader of a pipe has closed it",
}
"""The meaning of each code, as in the documentation."""

_BY_ERROR: Final[tuple[tuple[type[errors.LadderError], ExitCode], ...]] = (
    (errors.NotFound, ExitCode.NOT_FOUND),
    (errors.Gone, ExitCode.NOT_FOUND),
    (errors.Conflict, ExitCode.CONFLICT),
    (errors.Unavailable, ExitCode.DATABASE),
    (errors.PreconditionFailed, ExitCode.CONFLICT),
    (errors.TooManyRequests, ExitCode.DATABASE),
    (errors.Unauthenticated, ExitCode.REFUSED),
    (errors.Forbidden, ExitCode.REFUSED),
    (errors.BumpTooLow, ExitCode.BUMP_TOO_LOW),
    (errors.InvalidLadder, ExitCode.INVALID),
    (errors.Invalid, ExitCode.USAGE),
    (errors.BadRequest, ExitCode.INVALID),
    (errors.TooLarge, ExitCode.INVALID),
    (errors.UnsupportedMediaType, ExitCode.INVALID),
)


def code_of(error: type[errors.LadderError]) -> ExitCode:
    """Return the exit code for a class of the error tree."""
    return next((code for kind, code in _BY_ERROR if issubclass(error, kind)), ExitCode.UNEXPECTED)
