"""The changed fields of an entity, in the words of a page: Markdown rendered, unchanged paragraphs folded."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from pydantic import JsonValue

from app.rubric.diff import Change, FieldChange
from app.rubric.diff.changes import TextChange
from app.rubric.index import Index
from app.rubric.owners import relation
from app.rubric.steps import step_title
from app.web.layout.markdown import edited, markdown
from app.web.translation.field_words import field_word
from app.web.translation.messages import N_, NN_

_APPLICABILITY: Final[Mapping[str, str]] = {
    "required": N_("required"),
    "optional": N_("optional"),
    "not-in-use": N_("not in use"),
}
_NEW: Final = ("summary", "description", "text", "answer", "statements", "scope")
"""The fields shown of a new entity."""
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n\s*")
_ELEMENTS: Final = {"insert": "ins", "delete": "del"}


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field that changed."""

    name: str
    parts: tuple["Markup | str | Unchanged", ...]
    """Its HTML, marked texts of ours, and paragraphs that did not change."""

    @property
    def length(self) -> int:
        """The number of characters of its text."""
        return sum(len(one.unchanged if isinstance(one, Unchanged) else one) for one in self.parts)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Paragraphs that did not change, to be folded."""

    words: str
    unchanged: Markup


def field_views(change: Change, before: Index, after: Index) -> Iterator[FieldView]:
    """Yield the changed fields of an entity; of a new one its texts, of a removed one nothing."""
    if "removed" in change.actions:
        return
    new = "added" in change.actions
    counts: dict[str, int] = {}
    for field in change.fields:
        root = field.pointer.strip("/").partition("/")[0]
        if new and not _is_shown_of_new(change, root, field.after):
            continue
        if root in {"translations", "removals"}:
            counts[root] = counts.get(root, 0) + 1
        elif new and root == "applicability":
            yield FieldView("", (_APPLICABILITY[str(field.after)],))
        elif new:
            yield FieldView("", (markdown(_as_text(field.after), 4),))
        elif field.rule != "renamed":
            yield FieldView(
                field_word(root),
                tuple(_parts(change, field, root, before, after)),
            )
    for root, number in counts.items():
        yield FieldView(field_word(root), (NN_("%(num)s change", "%(num)s changes", number),))


def _is_shown_of_new(change: Change, root: str, value: JsonValue) -> bool:
    """Return whether a field of a new entity is shown. The heading shows the title, except of an expectation."""
    if change.kind == "expectation":
        return root in _NEW or (root == "applicability" and value != "required")
    return root in _NEW and value != change.title


def _parts(
    change: Change, field: FieldChange, root: str, before: Index, after: Index
) -> Iterator[Markup | str | Unchanged]:
    if isinstance(field, TextChange):
        yield from _paragraphs([(edit.op, edit.text) for edit in field.in_words().words])
        return
    old, new = (
        _value(change, value, root, index) for value, index in ((field.before, before), (field.after, after))
    )
    if root in {"applicability", "step"}:
        words = _APPLICABILITY if root == "applicability" else {}
        yield words.get(old, old) or N_("not said")
        yield " → "
        yield words.get(new, new) or N_("not said")
        return
    edits = [("delete", old)] if old else []
    if old and new:
        edits.append(("equal", " "))
    if new:
        edits.append(("insert", new))
    yield from _paragraphs(edits)


def _value(change: Change, value: JsonValue, root: str, index: Index) -> str:
    """Return a value as text; a step by its title."""
    if value is None:
        return ""
    node = index.find_target(change.target) or index.find_target(change.was or "")
    if root == "step" and isinstance(value, str) and node is not None:
        on = relation(node)
        return step_title(index, on.competency or "", on.facet, value) or value
    return _as_text(value)


def _paragraphs(edits: list[tuple[str, str]]) -> Iterator[Markup | Unchanged]:
    """Yield a text with its edits as HTML. Paragraphs without an edit are folded."""
    unchanged: list[str] = []
    for paragraph in _split(edits):
        if all(op == "equal" for op, _ in paragraph):
            unchanged.append("".join(text for _, text in paragraph))
            continue
        yield from _folded(unchanged)
        unchanged = []
        yield edited([(_ELEMENTS.get(op), text) for op, text in paragraph])
    yield from _folded(unchanged)


def _folded(unchanged: list[str]) -> Iterator[Unchanged]:
    texts = [text for text in unchanged if text.strip()]
    if texts:
        words = NN_("%(num)s unchanged paragraph", "%(num)s unchanged paragraphs", len(texts))
        yield Unchanged(words, Markup("").join(markdown(text, 5) for text in texts))


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
