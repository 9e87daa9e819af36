"""The scalar types a ladder is written in.

Text is kept as its author wrote it, double spaces, no-break and zero-width characters included; only line
ends become LF. NUL and lone surrogates are refused, because neither PostgreSQL nor UTF-8 can hold them.
"""

import math
import unicodedata
from functools import lru_cache
from typing import Annotated, Final

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.field_descriptions import Described

SLUG_PATTERN: Final = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
TARGET_PATTERN: Final = r"^[a-z]+:[a-z0-9]+(?:-{1,2}[a-z0-9]+)*$"
LANGUAGE_PATTERN: Final = r"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$"
MAX_SLUG: Final = 100
_MAX_INTEGER: Final = 2**53 - 1


class Value(Described):
    """A frozen part of a ladder; unknown properties are refused, lists are tuples."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _as_written(text: str) -> str:
    if "\0" in text:
        raise PydanticCustomError("text_nul", "Text must not contain the NUL character; delete it")
    try:
        text.encode()
    except UnicodeEncodeError:
        # pydantic itself lets them pass where a plain string has no other constraint.
        raise PydanticCustomError(
            "text_surrogate", "Text must not contain half of a surrogate pair; write the whole character"
        ) from None
    if "\r" in text:
        return text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _plain_number(number: float) -> float:
    """Give equal numbers one form: 3.0 is 3 and -0.0 is 0, as RFC 8785 writes them.

    Every double from 2^53 up is whole and would be written as an integer, which few readers keep exactly.
    """
    if not math.isfinite(number):
        raise PydanticCustomError("number_finite", "A number must be finite")
    if abs(number) > _MAX_INTEGER:
        raise PydanticCustomError("number_range", "A number must lie within 2^53 of zero (RFC 8785)")
    whole = int(number)
    return whole if whole == number else number


Text = Annotated[str, AfterValidator(_as_written)]
"""Any text, perhaps Markdown, perhaps of several lines."""

Line = Annotated[str, StringConstraints(min_length=1), AfterValidator(_as_written)]
"""Text that must say something: a title, a question, a name."""

Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, max_length=MAX_SLUG)]
"""A name for URLs: lower-case letters and digits in groups joined by single hyphens."""

Target = Annotated[str, StringConstraints(pattern=TARGET_PATTERN, max_length=4 * MAX_SLUG)]
"""Another entity of the same ladder, as `kind:slug` (`level:l5`, `expectation:l5--system-design`)."""

Language = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN, max_length=64)]
"""A language tag (BCP 47), such as `en` or `pt-BR`."""

Number = Annotated[
    Annotated[int, Field(strict=True)] | Annotated[float, Field(strict=True)], AfterValidator(_plain_number)
]
"""A JSON number within 2^53 of zero: an integer or a double."""


@lru_cache(4_096)
def folded(text: str) -> str:
    """Return a text as it is matched: without regard to case, spacing and composition."""
    if text.isascii():
        return " ".join(text.lower().split())
    caseless = unicodedata.normalize("NFD", text).casefold()
    return " ".join(unicodedata.normalize("NFC", caseless).split())
