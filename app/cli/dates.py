"""Times and durations in options."""

import re
from datetime import datetime, timedelta
from typing import Final

import typer

_LENGTH: Final = re.compile(r"([1-9]\d{0,4})([mhd])")
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def lifetime(text: str, option: str) -> timedelta:
    """Read a duration: a number and `m`, `h` or `d`. Raises BadParameter with the option's name."""
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise typer.BadParameter("write a number and m, h or d, such as 24h", param_hint=option)
    return int(found[1]) * _UNITS[found[2]]


def instant(text: str, option: str) -> datetime:
    """Read a time (RFC 3339), or a date, which means its first moment in UTC. Raises BadParameter."""
    from pydantic import TypeAdapter, ValidationError

    from app.formats.bundle.release_block import Instant
    from app.validation import in_words

    try:
        moment: datetime = TypeAdapter(Instant).validate_python(text)
    except ValidationError as error:
        raise typer.BadParameter(in_words(error.errors()[0]), param_hint=option) from None
    return moment


def moment_or_lifetime(text: str | None, now: datetime, option: str) -> datetime | None:
    """Read an expiry: a time, a date, or a duration from now. Raises BadParameter."""
    if text is None:
        return None
    return now + lifetime(text, option) if _LENGTH.fullmatch(text) else instant(text, option)
