"""Moments in query parameters: an instant with its UTC offset, or a date."""

import re
from datetime import UTC, date, datetime, time
from typing import Final

from app.api.reading.queries import wrong_value
from app.rubric.releases import end_of

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
"""`full-date` and `date-time` of RFC 3339."""

MOMENT_SCHEMA: Final = {
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2}))?$",
}
"""The JSON Schema of such a parameter: one type for both, because a client sends the text as it is."""


def moment_of(parameter: str, text: str, *, first: bool = False) -> datetime:
    """Return the instant in a parameter. A date means its last moment in UTC; with `first`, its first.

    Raises InvalidParameter for anything that is neither an instant nor a date.
    """
    try:
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text)
            return datetime.combine(day, time(), UTC) if first else end_of(day)
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text.upper())
    except ValueError:
        pass  # the right format, but no such day or hour
    raise wrong_value(
        parameter,
        "Use a date (2026-03-01) or an instant with its offset (2026-03-01T09:00:00Z). In a URL, write the plus "
        "of an offset as %2B.",
    )
