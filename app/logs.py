"""Logging: one JSON object per line on standard error, for our own entries, those of libraries and warnings.

An entry has `time` (RFC 3339, UTC), `level`, `logger`, `event` and what the caller added. Passwords, credentials,
API keys and tokens are masked in the finished line, so that none is left inside a nested value or a traceback.
"""

import json
import logging
import sys
import threading
import warnings
from types import TracebackType
from typing import Any, Final, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.masking import without_secrets

_LINE_ENDS: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"}
"""Line ends to some readers of lines, which JSON does not escape."""
_WITH_HANDLERS: Final = ("uvicorn", "uvicorn.error")
"""Loggers to which a server may have added its own handlers. Its access log stays off, because ours is on."""


def configure_logs(level: str) -> None:
    """Write all log entries of this process from `level` up (debug, info, warning, error) to standard error.

    Calling it again only changes the level.
    """
    least = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *_described(), _line],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=_NamedLogger,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.setLevel(least)
    root.handlers = [handler for handler in root.handlers if not isinstance(handler, _LineHandler)]
    root.addHandler(_LineHandler())
    logging.getLogger("alembic").setLevel(max(least, logging.WARNING))  # at info it logs each of its steps
    for name in _WITH_HANDLERS:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
    warnings.formatwarning = warning_entry


def log_uncaught_exceptions() -> None:
    """Log what no code catches: exceptions in threads, and those that Python can only report."""

    def in_thread(failed: threading.ExceptHookArgs) -> None:
        if failed.exc_type is not SystemExit:
            _log_uncaught("A thread has failed.", failed.exc_type, failed.exc_value, failed.exc_traceback)

    def anywhere(failed: "sys.UnraisableHookArgs") -> None:
        said = failed.err_msg or "An exception was ignored."
        _log_uncaught(said, failed.exc_type, failed.exc_value, failed.exc_traceback)

    threading.excepthook = in_thread
    sys.unraisablehook = anywhere


def _log_uncaught(
    event: str, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    exc_info = (kind, kind() if error is None else error, trace)
    structlog.get_logger("uncaught").error(event, exc_info=exc_info)


def warning_entry(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,  # noqa: ARG001 - the line of source, which the log leaves out
) -> str:
    """Return a warning as a log entry with its line end; empty if the log leaves warnings out.

    This replaces `warnings.formatwarning`, and not `showwarning`: `warnings.catch_warnings` puts the latter back, and
    as it is not safe between threads, one that overlaps with another may put back Python's own for good.
    """
    if not logging.getLogger().isEnabledFor(logging.WARNING):
        return ""
    entry: EventDict = {
        "event": str(message),
        "category": category.__name__,
        "place": f"{filename}:{lineno}",
    }
    logger = _NamedLogger("warnings")
    for process in _described():
        entry = cast(EventDict, process(logger, "warning", entry))
    return _line(logger, "warning", entry) + "\n"


class _NamedLogger:
    """The writer of our own entries. It knows the name that `get_logger` was given."""

    def __init__(self, name: str = "app") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        """Write one finished line to the current standard error."""
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = exception = msg


class _LineHandler(logging.Handler):
    """The writer of entries that libraries log through the standard library."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=_described(),
                processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _line],
            )
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Write one entry as a line. The logging library handles failures."""
        try:
            _NamedLogger().msg(self.format(record))
        except Exception:  # noqa: BLE001 - a log entry must never break the program
            self.handleError(record)


def _described() -> tuple[Processor, ...]:
    return (
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
    )


def _line(_logger: WrappedLogger, _method: str, entry: EventDict) -> str:
    """Return the entry as JSON, with the fields of every entry first."""
    entry.pop("color_message", None)  # uvicorn adds its message again, with colours
    head: dict[str, Any] = {
        name: entry.pop(name) for name in ("time", "level", "logger", "event") if name in entry
    }
    line = json.dumps({**head, **entry}, ensure_ascii=False, default=str)
    return without_secrets(line if line.isascii() else line.translate(_LINE_ENDS))
