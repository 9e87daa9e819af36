"""Logging: one JSON object a line on standard error, for our own entries and those of libraries alike.

An entry has `time` (RFC 3339, UTC), `level`, `logger`, `event` and what the caller added. Passwords,
credentials and API keys are masked in the finished line, so that none slips through inside a nested value or a
traceback.
"""

import json
import logging
import sys
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.masking import without_secrets

_LINE_ENDS: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"}
"""What JSON leaves as it is and some readers of lines take for the end of one."""
_WITH_HANDLERS: Final = ("uvicorn", "uvicorn.error")
"""Loggers that a server may have given handlers of their own before us. Its access log stays off: ours is on."""


def configure_logs(level: str) -> None:
    """Write all log entries from `level` up (debug, info, warning, error) to standard error.

    For the whole process; calling it again only changes the level.
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
    logging.getLogger("alembic").setLevel(max(least, logging.WARNING))  # at info it tells how it works
    for name in _WITH_HANDLERS:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True


class _NamedLogger:
    """Where entries of our own end: it knows the name that `get_logger` was given."""

    def __init__(self, name: str = "app") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        """Write one finished line to what is standard error at this time."""
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = exception = msg


class _LineHandler(logging.Handler):
    """Where entries of libraries end that log by the standard library."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=_described(),
                processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _line],
            )
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Write one entry as a line; what fails in it is the logging library's to handle."""
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
    """The entry as JSON, what every entry has in front."""
    entry.pop("color_message", None)  # uvicorn says the same twice, once with colours
    head: dict[str, Any] = {
        name: entry.pop(name) for name in ("time", "level", "logger", "event") if name in entry
    }
    line = json.dumps({**head, **entry}, ensure_ascii=False, default=str)
    return without_secrets(line if line.isascii() else line.translate(_LINE_ENDS))
