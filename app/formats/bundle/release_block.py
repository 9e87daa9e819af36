"""The `release` block of a bundle: the facts about a release that are not content. Files can import history by it."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, PlainSerializer, PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.rubric.releases import Version, rfc3339, start_of
from app.rubric.text import Line, Text, Value

MAX_BECAUSE: Final = 1_000
"""The most characters of a reason for a number below the minimum."""
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[-+]\d{2}:\d{2})", re.ASCII
)


def _version(value: object) -> Version:
    if isinstance(value, Version):
        return value
    try:
        return Version.parse(value if isinstance(value, str) else repr(value))
    except ValueError:
        raise PydanticCustomError(
            "release_version", "A release number is a text such as 1.2.0: major.minor.patch"
        ) from None


def _instant(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return start_of(date.fromisoformat(value))
        if isinstance(value, str) and _TIME.fullmatch(value):
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("instant_range", "There is no such date or time; correct it") from None
    raise PydanticCustomError(
        "instant",
        "Write a date (2026-03-31, its first moment in UTC) or a time with its offset (2026-03-31T09:00:00Z)",
    )


def _said(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "Use at least one character that is not a space")
    return text


ReleaseNumber = Annotated[
    Version,
    PlainValidator(_version),
    PlainSerializer(str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})$"}
    ),
]
"""A release number, `major.minor.patch`."""

Instant = Annotated[
    datetime,
    PlainValidator(_instant),
    PlainSerializer(rfc3339),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}
    ),
]
"""A moment, held in UTC; a date means its first moment in UTC."""


class ReleaseBlock(Value):
    """The facts about a release that are not part of its content."""

    version: ReleaseNumber | None = None
    """Number of the release, `major.minor.patch`."""
    notes: Text | None = None
    """The changes, for the readers of the release."""
    because: Annotated[Line, StringConstraints(max_length=MAX_BECAUSE), AfterValidator(_said)] | None = None
    """The reason for a number below the minimum that the changes set."""
    corrects: ReleaseNumber | None = None
    """Number of the release in force that it corrects while another is scheduled."""
    published_at: Instant | None = None
    """The time of publishing: a date (00:00 UTC) or an RFC 3339 time with offset."""
    effective_from: Instant | None = None
    """The instant it comes into force: a date (00:00 UTC) or an RFC 3339 time with offset."""
