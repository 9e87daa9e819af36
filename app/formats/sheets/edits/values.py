"""Cells of flat tables as values of properties, and the same values set in the JSON of an entity."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from app.formats.sheets.columns import NUMBERS
from app.formats.sheets.formula_guard import guarded, unguarded
from app.rubric.diff.pairing import pair_alike

Json = dict[str, Any]


def is_edited(column: str, cell: str, before: object) -> bool:
    """Return whether a cell differs from what the table had. A guard in front, or its absence, is no edit."""
    text = "" if before is None else str(before)
    if cell in {text, guarded(text)}:
        return False
    if column in NUMBERS:
        try:
            return before is None or float(cell) != float(text)
        except ValueError:
            return True
    return True


def set_text(made: Json, name: str, cell: str) -> None:
    """Set a text. An empty cell deletes it."""
    _put(made, name, unguarded(cell))


def set_number(made: Json, name: str, cell: str) -> None:
    """Set a number; the text as it is if it is none, so that validation reports it."""
    value: Any = cell.strip()
    for kind in (int, float):
        try:
            value = kind(value)
            break
        except ValueError:
            continue
    _put(made, name, value)


def set_lines(made: Json, name: str, cell: str) -> None:
    """Set a list of texts, one per line."""
    _put(made, name, [line for line in unguarded(cell).split("\n") if line])


def set_words(made: Json, name: str, cell: str) -> None:
    """Set a list of words, separated by spaces."""
    _put(made, name, unguarded(cell).split())


def set_ids(made: Json, name: str, cell: str) -> None:
    """Set ids in other systems, each as `system:id`, separated by spaces."""
    del name
    pairs = (word.partition(":") for word in unguarded(cell).split())
    _put(made, "external_ids", [{"system": system, "id": identity} for system, _, identity in pairs])


def set_attributes(made: Json, name: str, cell: str) -> None:
    """Set the lists of a level, whose lines are `Title: item`."""
    lists: dict[str, list[str]] = {}
    for line in unguarded(cell).split("\n"):
        title, _, item = line.partition(":")
        if title.strip():
            lists.setdefault(title.strip(), []).extend([item.strip()] if item.strip() else [])
    kept = {one["title"]: one for one in made.get(name, ())}
    found: list[Json] = []
    for title, items in lists.items():
        one = kept.get(title, {"title": title})
        _put(one, "items", items)
        found.append(one)
    _put(made, name, found)


def set_texts(made: Json, name: str, cell: str) -> None:
    """Set statements or examples, one per line. Those whose text stays or is alike keep everything else they have."""
    before: Sequence[Json] = made.get(name, ())
    lines = [line for line in unguarded(cell).split("\n") if line]
    texts = _joined(lines, [one["text"] for one in before])
    pairs = {j: i for i, j in pair_alike([one["text"] for one in before], texts)}
    found: list[Json] = []
    for at, text in enumerate(texts):
        one = before[pairs[at]] if at in pairs else {}
        one["text"] = text
        found.append(one)
    _put(made, name, found)


def _joined(lines: list[str], texts: Sequence[str]) -> list[str]:
    """Return the lines, with those that belong to one text of several lines joined again."""
    several = sorted((text.split("\n") for text in texts if "\n" in text), key=len, reverse=True)
    several = [[line for line in text if line] for text in several]
    found: list[str] = []
    at = 0
    originals = {tuple(line for line in text.split("\n") if line): text for text in texts if "\n" in text}
    while at < len(lines):
        whole = next((one for one in several if one and lines[at : at + len(one)] == one), None)
        found.append(lines[at] if whole is None else originals[tuple(whole)])
        at += 1 if whole is None else len(whole)
    return found


def _put(made: Json, name: str, value: Any) -> None:  # noqa: ANN401 - a JSON value
    if value in ("", []):
        made.pop(name, None)
    else:
        made[name] = value


Setter = Callable[[Json, str, str], None]
FIELDS: Final[Mapping[str, Mapping[str, tuple[str, Setter]]]] = {
    "level": {
        "slug": ("slug", set_text),
        "external_id": ("external_ids", set_ids),
        "track": ("track", set_text),
        "code": ("code", set_text),
        "rank": ("rank", set_number),
        "title": ("title", set_text),
        "other_titles": ("other_titles", set_lines),
        "summary": ("summary", set_text),
        "scope": ("scope", set_text),
        "years_from": ("years_from", set_number),
        "years_to": ("years_to", set_number),
        "attributes": ("attributes", set_attributes),
        "examples": ("examples", set_texts),
    },
    "competency": {
        "slug": ("slug", set_text),
        "external_id": ("external_ids", set_ids),
        "category": ("category", set_text),
        "competency_title": ("title", set_text),
        "summary": ("summary", set_text),
        "description": ("description", set_text),
        "scale": ("scale", set_text),
    },
    "facet": {
        "slug": ("slug", set_text),
        "external_id": ("external_ids", set_ids),
        "facet_title": ("title", set_text),
        "summary": ("summary", set_text),
        "description": ("description", set_text),
        "scale": ("scale", set_text),
    },
    "proficiency": {
        "proficiency_summary": ("summary", set_text),
        "statements": ("statements", set_texts),
    },
    "faq": {
        "slug": ("slug", set_text),
        "external_id": ("external_ids", set_ids),
        "group": ("group", set_text),
        "question": ("question", set_text),
        "answer": ("answer", set_text),
        "about": ("about", set_words),
    },
    "expectation": {
        "external_id": ("external_ids", set_ids),
        "applicability": ("applicability", set_text),
        "extending": ("extending", set_text),
        "step": ("step", set_text),
        "summary": ("summary", set_text),
        "statements": ("statements", set_texts),
        "examples": ("examples", set_texts),
    },
    "statement": {
        "kind": ("kind", set_text),
        "text": ("text", set_text),
        "examples": ("examples", set_texts),
    },
    "cell": {
        "applicability": ("applicability", set_text),
        "step": ("step", set_text),
    },
}
"""The property that each column sets, and the function that sets it, by the kind of entity.

A `cell` is the expectation of a statement.
"""
