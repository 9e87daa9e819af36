"""The values that forms give: from what was sent to the properties of a value.

A form holds a part of a value. Properties that have no field, and fields that were not sent, stay as they are. A text
that nobody changed stays as it was written, even if a browser cannot show it exactly.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from app.api.reading.patterns import in_words
from app.errors import MOST_FAULTS, Fault, Invalid
from app.rubric.text import Value
from app.web.layout.editing.form_fields import WAS, Field, Plain, digest, entries_in, filled_rows, row_number
from app.web.translation.messages import N_

ValueOf = TypeVar("ValueOf", bound=Value)
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_NO_FORM: Final[Mapping[str, str]] = {}
_MORE: Final = 5
"""The number of empty rows that are added at a time."""
_LONGEST_NUMBER: Final = 30


@dataclass(slots=True)
class _Reader:
    """Collects the faults of a form while it is read."""

    faults: list[Fault] = field(default_factory=list)

    def refuse(self, name: str, detail: str) -> None:
        """Note a fault of a field."""
        self.faults.append(Fault(detail, "/" + name.replace(".", "/")))


def changed(fields: Iterable[Field], form: Mapping[str, str], before: Mapping[str, Any]) -> Plain:
    """Return the properties that a form gives. Empty ones are None.

    Args:
        fields: The fields of the form.
        form: What was sent. Fields that were not sent are left out of the result.
        before: The value as it is, as JSON has it.

    Raises Invalid with a pointer to each field that cannot be read.
    """
    reader = _Reader()
    found = dict(_read(fields, form, before, "", reader))
    if reader.faults:
        raise Invalid("The form has errors.", faults=reader.faults[:MOST_FAULTS])
    return found


def merged(
    fields: Iterable[Field], form: Mapping[str, str], theirs: Mapping[str, Any]
) -> tuple[Plain, list[Field]]:
    """Return what a form changes of a value that somebody else has changed meanwhile, and what both changed.

    The form says in `seen.NAME` what each property was when it was opened. A property that only one of the two has
    changed is no conflict.

    Raises Invalid as `changed` does.
    """
    changes: Plain = {}
    both: list[Field] = []
    for one in fields:
        theirs_now = theirs.get(one.name)
        mine = changed([one], form, theirs).get(one.name, theirs_now)
        seen = form.get(f"seen.{one.name}")
        if mine == theirs_now or digest(mine) == seen:
            continue
        if digest(theirs_now) == seen:
            changes[one.name] = mine
        else:
            both.append(one)
    return changes, both


def value_with(
    model: type[ValueOf],
    before: Mapping[str, Any],
    changes: Mapping[str, Any],
    fields: Iterable[Field] = (),
    form: Mapping[str, str] = _NO_FORM,
) -> ValueOf:
    """Return a value with changed properties. Raises Invalid with a pointer to the field of each fault.

    `fields` and `form` are where the changes came from. Empty rows of the form count in pointers to rows.
    """
    values = {name: value for name, value in {**before, **changes}.items() if value is not None}
    try:
        return model.model_validate(values)
    except ValidationError as error:
        rows = {one.name: filled_rows(one, one.name, form) for one in fields if one.widget == "rows"}
        found = error.errors(include_input=False, include_url=False)[:MOST_FAULTS]
        faults = [Fault(in_words(one), _pointer(one["loc"], rows)) for one in found]
        raise Invalid("The form has errors.", faults=faults) from None


def rearranged(form: Mapping[str, str], fields: Iterable[Field], do: str) -> dict[str, str]:
    """Return a form in which a row was moved or removed, or empty rows were added. Nothing is saved.

    `do` is `up:NAME.3`, `down:NAME.3`, `drop:NAME.3` or `more:NAME`.
    """
    action, _, place = do.partition(":")
    name, _, row_named = place.partition(".")
    one = next((one for one in fields if one.name == name and one.widget == "rows"), None)
    if one is None:
        return dict(form)
    rows = filled_rows(one, name, form)
    number = row_number(row_named)
    if action in {"up", "down", "drop"} and number is not None and number in rows:
        at = rows.index(number)
        row = rows.pop(at)
        if action != "drop":
            rows.insert(max(0, at - 1) if action == "up" else at + 1, row)
    kept = {key: value for key, value in form.items() if not key.startswith(f"{name}.")}
    names = (*(column.name for column in one.columns), WAS)
    for place_now, row in enumerate(rows):
        kept |= {
            f"{name}.{place_now}.{column}": form[f"{name}.{row}.{column}"]
            for column in names
            if f"{name}.{row}.{column}" in form
        }
    more = _MORE if action == "more" else 0
    return {**kept, f"{name}.rows": str(len(rows) + one.blank + more)}


def _read(
    fields: Iterable[Field], form: Mapping[str, str], before: Mapping[str, Any], prefix: str, reader: _Reader
) -> Iterator[tuple[str, Any]]:
    for one in fields:
        name = prefix + one.name
        if one.widget == "rows":
            if f"{name}.rows" in form:
                yield one.name, _rows(one, name, form, before.get(one.name) or [], reader)
        elif name in form:
            yield one.name, _value(one, name, form[name], before.get(one.name), reader)


def _rows(
    one: Field, name: str, form: Mapping[str, str], before: Sequence[Plain], reader: _Reader
) -> list[Plain] | None:
    """Return the rows of a list that are not empty. A row keeps the properties that have no field."""
    known = {digest(row): row for row in before}
    rows: list[Plain] = []
    for number in filled_rows(one, name, form):
        start = f"{name}.{number}."
        row = known.get(form.get(start + WAS, ""), {})
        changes = dict(_read(one.columns, form, row, start, reader))
        rows.append({key: value for key, value in {**row, **changes}.items() if value is not None})
    return rows or None


def _value(one: Field, name: str, sent: str, before: Any, reader: _Reader) -> Any:  # noqa: ANN401 - of any type
    sent = sent.replace("\r\n", "\n").replace("\r", "\n")
    if _as_browsers_send(one, one.shown(before)) == sent and (before is not None or not one.required):
        return before if before is not None else one.empty
    if one.choices:
        if sent not in {choice.value for choice in one.choices}:
            reader.refuse(name, N_("%(field)s: choose one of the options.", field=one.label))
        return False if sent == "false" else sent or one.empty
    if not sent.strip():
        if one.required:
            reader.refuse(name, N_("%(field)s: fill in this field.", field=one.label))
        return one.empty
    if one.widget == "number":
        return _number(one, name, sent, reader)
    if one.widget == "lines":
        return entries_in(sent, before or ())
    return _texts(sent, before or ()) if one.widget == "texts" else sent


def _texts(sent: str, before: Sequence[Plain]) -> list[Plain]:
    """Return the objects of texts. A text that was there keeps its other properties."""
    known = {one["text"]: one for one in reversed(before)}
    texts = entries_in(sent, [one["text"] for one in before])
    return [known.get(text, {"text": text}) for text in texts]


def _number(one: Field, name: str, sent: str, reader: _Reader) -> int | float | None:
    text = sent.strip()
    if _NUMBER.fullmatch(text) is None or len(text) > _LONGEST_NUMBER:
        reader.refuse(name, N_("%(field)s: use a number, such as 3 or 2.5.", field=one.label))
        return None
    text = text.replace(",", ".")
    return float(text) if "." in text else int(text)


def _as_browsers_send(one: Field, text: str) -> str:
    """Return a text as a browser sends it back: an input of one line drops line ends."""
    return text if one.widget in {"text", "lines", "texts"} else text.replace("\n", "")


def _pointer(place: Sequence[int | str], rows: Mapping[str, Sequence[int]]) -> str:
    """Return the pointer to the field of a fault. Rows that are empty in the form count, too."""
    numbers = rows.get(str(place[0]), ()) if place else ()
    if len(place) > 1 and isinstance(place[1], int) and place[1] < len(numbers):
        place = (place[0], numbers[place[1]], *place[2:])
    return "".join(f"/{part}" for part in place)
