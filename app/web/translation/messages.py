"""English texts that pages translate: Python code marks them here, and templates say them in the page's language.

A `Message` is the English text, so it can be compared and logged as any string. An f-string or a filter makes a new
string of it, without the mark. So put what varies into a placeholder: `N_("What %(level)s adds", level=name)`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

Value = str | float | datetime | tuple[str, ...]
"""The value of a placeholder. A moment is shown as its day, a number and a list as the language writes them."""


class Message(str):
    """An English text with its translatable pattern and the values of its placeholders."""

    __slots__ = ("number", "pattern", "several", "values")

    pattern: str
    """The English pattern, which is its key in the catalogues."""
    several: str
    """The pattern for any number but one; empty if the text has no number."""
    number: float
    """The number that chooses between the patterns."""
    values: Mapping[str, Value]


def N_(pattern: str, /, **values: Value) -> Message:  # noqa: N802 - the name that extraction tools know
    """Mark an English text for translation.

    Args:
        pattern: The text, with placeholders such as `%(level)s`. A percent sign is written twice.
        values: The values of the placeholders. They may be messages.
    """
    return _message(pattern, "", 1, values)


def NN_(one: str, several: str, number: float, /, **values: Value) -> Message:  # noqa: N802 - as above
    """Mark an English text that depends on a number. The placeholder `%(num)s` is the number.

    Args:
        one: The text if the number is one.
        several: The text for any other number.
        number: The number.
        values: The values of further placeholders.
    """
    return _message(one, several, number, {"num": number, **values})


def listed(words: Iterable[str]) -> Message:
    """Return words as a list in a sentence: L3, L4 and L5. There must be one at least."""
    return _message("%(words)s", "", 1, {"words": tuple(words)})


def several(words: Iterable[str]) -> Message:
    """Return words one after the other, with commas: read, write, review."""
    found = tuple(words)
    names = {f"word{place}": word for place, word in enumerate(found)}
    return _message(", ".join(f"%({name})s" for name in names), "", 1, names)


def _message(one: str, several: str, number: float, values: Mapping[str, Value]) -> Message:
    pattern = several if several and number != 1 else one
    made = Message(pattern % {name: english(value) for name, value in values.items()})
    made.pattern, made.several, made.number, made.values = one, several, number, values
    return made


def english(value: Value) -> str:
    """Return a value as English text: `1 July 2026`, `1,200`, `L3, L4 and L5`."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tuple):
        return f"{', '.join(value[:-1])} and {value[-1]}" if len(value) > 1 else value[0]
    if isinstance(value, datetime):
        return f"{value.day} {value:%B %Y}"
    return f"{value:,}"
