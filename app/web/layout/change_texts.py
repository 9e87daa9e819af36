"""The changed fields of an entity, in the words of a page: Markdown rendered, unchanged paragraphs folded."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape
from pydantic import JsonValue

from app.rubric.diff import Change, FieldChange
from app.rubric.diff.changes import TextChange
from app.rubric.index import Index
from app.rubric.owners import relation
from app.rubric.steps import step_title
from app.web.layout.markdown import edited, markdown
from app.web.layout.rendering import counted

_NAMES: Final[Mapping[str, str]] = {
    "about": "About",
    "applicability": "Required or optional",
    "attributes": "Attribute",
    "code": "Code",
    "examples": "Example",
    "formerly": "Former name",
    "group": "Group",
    "points_from": "Points from",
    "points_to": "Points to",
    "removals": "Removed entity",
    "slug": "Name in URLs",
    "statements": "Statement",
    "thresholds": "Threshold",
    "translations": "Translation",
    "years_from": "Years from",
    "years_to": "Years to",
}
"""The names of fields on a page. A field that is not listed has its own name, with spaces."""
_NEW: Final = ("summary", "description", "text", "answer", "statements", "scope")
"""The fields shown of a new entity."""
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n\s*")
_ELEMENTS: Final = {"insert": "ins", "delete": "del"}


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field that changed."""

    name: str
    html: Markup


def field_views(change: Change, before: Index, after: Index) -> Iterator[FieldView]:
    """Yield the changed fields of an entity; of a new one its texts, of a removed one nothing."""
    if "removed" in change.actions:
        return
    new = "added" in change.actions
    counts: dict[str, int] = {}
    for field in change.fields:
        root = field.pointer.strip("/").partition("/")[0]
        if new and (root not in _NEW or field.after == change.title):
            continue
        if root in {"translations", "removals"}:
            counts[root] = counts.get(root, 0) + 1
        elif new:
            yield FieldView("", markdown(_as_text(field.after), 4))
        elif field.rule != "renamed":
            yield FieldView(
                _NAMES.get(root, root.replace("_", " ").capitalize()),
                _html(change, field, root, before, after),
            )
    for root, number in counts.items():
        yield FieldView(_NAMES[root], Markup(escape(counted(number, "change"))))  # noqa: S704 - escaped


def _html(change: Change, field: FieldChange, root: str, before: Index, after: Index) -> Markup:
    if isinstance(field, TextChange):
        return _paragraphs([(edit.op, edit.text) for edit in field.in_words().words])
    old, new = (
        _value(change, value, root, index) for value, index in ((field.before, before), (field.after, after))
    )
    if root in {"applicability", "step"}:
        words = (old or "not said", new or "not said")
        return Markup("{} → {}").format(*words)
    edits = [("delete", old)] if old else []
    if old and new:
        edits.append(("equal", " "))
    if new:
        edits.append(("insert", new))
    return _paragraphs(edits)


def _value(change: Change, value: JsonValue, root: str, index: Index) -> str:
    """Return a value as text; a step by its title."""
    if value is None:
        return ""
    node = index.find_target(change.target) or index.find_target(change.was or "")
    if root == "step" and isinstance(value, str) and node is not None:
        on = relation(node)
        return step_title(index, on.competency or "", on.facet, value) or value
    return _as_text(value)


def _paragraphs(edits: list[tuple[str, str]]) -> Markup:
    """Return a text with its edits as HTML. Paragraphs without an edit are folded."""
    found: list[Markup] = []
    unchanged: list[str] = []
    for paragraph in _split(edits):
        if all(op == "equal" for op, _ in paragraph):
            unchanged.append("".join(text for _, text in paragraph))
            continue
        found += _folded(unchanged)
        unchanged = []
        found.append(edited([(_ELEMENTS.get(op), text) for op, text in paragraph]))
    found += _folded(unchanged)
    return Markup("").join(found)


def _folded(unchanged: list[str]) -> Iterator[Markup]:
    texts = [text for text in unchanged if text.strip()]
    if texts:
        words = counted(len(texts), "unchanged paragraph")
        inside = Markup("").join(markdown(text, 5) for text in texts)
        yield Markup('<details class="same"><summary lang="en">{}</summary>{}</details>').format(
            words, inside
        )


def _split(edits: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Split edits at the blank lines between paragraphs."""
    paragraph: list[tuple[str, str]] = []
    for op, text in edits:
        first, *further = _PARAGRAPH.split(text)
        paragraph.append((op, first))
        for one in further:
            yield paragraph
            paragraph = [(op, one)]
    yield paragraph


def _as_text(value: JsonValue) -> str:
    """Return a value as text."""
    if isinstance(value, dict):
        inner = value.get("text") or value.get("title")
        return inner if isinstance(inner, str) else "; ".join(map(_as_text, value.values()))
    if isinstance(value, list):
        return " · ".join(map(_as_text, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
