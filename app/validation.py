"""Plain words for what pydantic finds wrong with a value; its own messages never reach a person."""

from collections.abc import Callable, Mapping
from typing import Any, Final


def expected(found: Mapping[str, Any]) -> str | None:
    """Return what the value should be, such as `a whole number`; None if the error says nothing like that.

    Args:
        found: One item of `ValidationError.errors()`.
    """
    words = _EXPECTED.get(found["type"])
    return words(found.get("ctx", {})) if callable(words) else words


def in_words(found: Mapping[str, Any]) -> str:
    """Return one of pydantic's errors as a sentence that says how to fix it, without the value."""
    words = expected(found)
    if words is not None:
        return f"Use {words}."
    if found["type"] == "missing":
        return "This is missing."
    # A message of our own validators, or of a kind that no value from outside can cause.
    return f"{found['msg'].removeprefix('Value error, ').rstrip('.')}."


def _length(limit: Mapping[str, Any], name: str) -> str:
    """Return a length of a list, or of a text whose type pydantic does not know (`Value`)."""
    if limit.get("field_type") == "Value":
        return _counted(limit[name], "character")
    return f"a list of {_counted(limit[name], 'item')}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


_Words = str | Callable[[Mapping[str, Any]], str]
_WHOLE: Final = "a whole number"
_TRUTH: Final = "true or false"
_DATE: Final = "a date, as in `2026-03-31`"
_TIME: Final = "a time with its offset, as in `2026-03-31T09:00:00Z`"
_EXPECTED: Final[Mapping[str, _Words]] = {
    "bool_parsing": _TRUTH,
    "bool_type": _TRUTH,
    "bytes_type": "text",
    "date_from_datetime_parsing": _DATE,
    "date_parsing": _DATE,
    "date_type": _DATE,
    "datetime_from_date_parsing": _TIME,
    "datetime_parsing": _TIME,
    "datetime_type": _TIME,
    "dict_type": "an object",
    "enum": lambda limit: str(limit["expected"]),
    "finite_number": "a finite number",
    "float_parsing": "a number",
    "float_type": "a number",
    "greater_than": lambda limit: f"a number greater than {limit['gt']}",
    "greater_than_equal": lambda limit: f"{limit['ge']} or more",
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": "a smaller number",
    "int_type": _WHOLE,
    "less_than": lambda limit: f"a number less than {limit['lt']}",
    "less_than_equal": lambda limit: f"{limit['le']} or less",
    "list_type": "a list",
    "literal_error": lambda limit: str(limit["expected"]),
    "model_attributes_type": "an object",
    "model_type": "an object",
    "multiple_of": lambda limit: f"a multiple of {limit['multiple_of']}",
    "string_pattern_mismatch": lambda limit: f"text that fits the pattern {limit['pattern']}",
    "string_too_long": lambda limit: f"{_counted(limit['max_length'], 'character')} or less",
    "string_too_short": lambda limit: f"{_counted(limit['min_length'], 'character')} or more",
    "string_type": "text",
    "string_unicode": "valid Unicode text",
    "too_long": lambda limit: f"{_length(limit, 'max_length')} or less",
    "too_short": lambda limit: f"{_length(limit, 'min_length')} or more",
    "tuple_type": "a list",
    "url_parsing": "a URL, as in `https://example.org`",
    "url_scheme": "a URL, as in `https://example.org`",
    "url_type": "a URL, as in `https://example.org`",
    "uuid_parsing": "a UUID",
    "uuid_type": "a UUID",
}
"""The expected value, after the word `Use`, by pydantic's type of error."""
