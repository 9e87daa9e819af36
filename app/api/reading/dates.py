"""Moments in parameters: an instant with its offset from UTC, or a date."""

import re
from datetime import UTC, date, datetime, time
from typing import Final

from app.api.reading.queries import wrong_value
from app.rubric.releases import end_of

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
"""`full-date` and `date-time` of RFC 3339."""

MOMENT_SCHEMA: Final = {
    "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]
}
"""How OpenAPI says it."""


def moment_of(parameter: str, text: str, *, first: bool = False) -> datetime:
    """The instant that a parameter means; a date means its last moment in UTC, or its first.

    Raises InvalidParameter for anything that is neither instant nor date.
    """
    try:
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text)
            return datetime.combine(day, time(), UTC) if first else end_of(day)
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text.upper())
    except ValueError:
        pass  # the right shape, but no such day or hour
    raise wrong_value(
        parameter,
        "Write a date (2026-03-01) or an instant with its offset (2026-03-01T09:00:00Z); "
        "in a URL, the plus of an offset is %2B.",
    )
