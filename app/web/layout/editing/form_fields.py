"""The fields of a form, and what they show of a value. `form_values.py` is the way back."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Literal

from app.rubric.text import Value

Widget = Literal["line", "text", "lines", "texts", "number", "select", "radios", "rows"]
"""A line of text; a longer text; one entry in each line, as text or as an object with a `text`; a number; a choice
from a menu or by radio buttons; rows of fields."""
Plain = dict[str, Any]
"""A value as JSON has it, without unset properties."""
WAS: Final = "was"
"""The name of the hidden field that says which row of the value a row of the form was."""
_EMPTY_LINES: Final = re.compile(r"\n(?:[ \t]*\n)+")
_MOST_SHOWN: Final = 500
"""The most rows that a form is asked to show."""
_MOST_ROWS: Final = 5
"""The most digits of the number of a row."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a choice."""

    value: str
    """The value; empty for "not set"."""
    words: str
    text: str = ""
    """The explanation of the option."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, for the property of the same name."""

    name: str
    label: str
    hint: str = ""
    widget: Widget = "line"
    required: bool = False
    empty: str | None = None
    """The value of a field that is left empty; None if the property is then unset."""
    choices: tuple[Choice, ...] = ()
    columns: tuple["Field", ...] = ()
    """The fields of each row."""
    blank: int = 2
    """The number of empty rows at the end."""
    names_entity: bool = False
    """True for the name of an entity. The page suggests names."""
    technical: bool = False
    """True for a field that most people never need. It is folded away."""

    def shown(self, value: Any) -> str:  # noqa: ANN401 - a property of any type
        """Return a property as the control of this field shows it."""
        if value is None:
            return ""
        if self.widget == "lines":
            return entries_shown(value)
        if self.widget == "texts":
            return entries_shown([one["text"] for one in value])
        return str(value).lower() if isinstance(value, bool) else str(value)

    def rows_shown(self, values: Mapping[str, str]) -> int:
        """Return the number of rows that a form shows, with empty ones at the end."""
        asked = row_number(values.get(f"{self.name}.rows", ""))
        used = max(rows_in(self.name, values), default=-1) + 1
        return used + self.blank if asked is None or asked > _MOST_SHOWN else max(used, asked)


def plain(value: Value) -> Plain:
    """Return a value as JSON has it, without empty lists."""
    found = value.model_dump(mode="json", exclude_none=True)
    return {name: item for name, item in found.items() if item != []}


def digest(content: object) -> str:
    """Return a short name for a part of a value: another one if anything in it differs."""
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def entries_shown(entries: Sequence[str]) -> str:
    """Return entries as one text: one in each line, or with empty lines between them if one has several lines."""
    return ("\n\n" if any("\n" in one for one in entries) else "\n").join(entries)


def entries_in(text: str, before: Sequence[str]) -> list[str]:
    """Return the entries of a text that shows several."""
    several = any("\n" in one for one in before) or "\n\n" in text.strip("\n")
    parts = _EMPTY_LINES.split(text.strip("\n")) if several else text.split("\n")
    return [part for part in parts if part.strip()]


def fill(fields: Iterable[Field], values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return what a form shows of a value, by the names of its controls."""
    shown: dict[str, str] = {}
    for one in fields:
        name, value = prefix + one.name, values.get(one.name)
        if one.widget != "rows":
            shown[name] = one.shown(value)
            continue
        for number, row in enumerate(value or ()):
            shown[f"{name}.{number}.{WAS}"] = digest(row)
            shown |= fill(one.columns, row, f"{name}.{number}.")
    return shown


def rows_in(name: str, form: Mapping[str, str]) -> list[int]:
    """Return the numbers of the rows of a list in a form, in order."""
    start = f"{name}."
    found = {row_number(key[len(start) :].partition(".")[0]) for key in form if key.startswith(start)}
    return sorted(number for number in found if number is not None)


def row_number(text: str) -> int | None:
    """Return the number of a row, or of rows, that a form names; None if the text is no such number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_ROWS else None


def filled_rows(one: Field, name: str, form: Mapping[str, str]) -> list[int]:
    """Return the numbers of the rows that hold any text."""
    texts = [column.name for column in one.columns if not column.choices]
    return [
        number
        for number in rows_in(name, form)
        if any(form.get(f"{name}.{number}.{text}", "").strip() for text in texts)
    ]


def seen_in(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, str]:
    """Return the hidden fields that say what each property is when a form is opened."""
    return {f"seen.{one.name}": digest(values.get(one.name)) for one in fields}
