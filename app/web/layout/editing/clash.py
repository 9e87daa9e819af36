"""The page that shows both texts when two people changed the same fields: keep mine, or take theirs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import HTMLResponse

from app.errors import PreconditionFailed
from app.web.layout.editing.draft_form import Editing
from app.web.layout.editing.form_fields import Field, Plain, seen_in
from app.web.layout.editing.form_values import changed, merged
from app.web.layout.rendering import show
from app.web.translation.messages import N_

_KEPT: Final = ("then", "part")
"""The fields that say which form of the page it is, and where to go after saving."""


class Clash(Exception):
    """Two people changed the same fields of an entity."""

    def __init__(self, fields: Iterable[Field], theirs: Plain | None, tag: str) -> None:
        super().__init__()
        self.fields = tuple(fields)
        self.theirs = theirs
        """The entity as the other person saved it; None if it was removed."""
        self.tag = tag


@dataclass(frozen=True, slots=True)
class ClashView:
    """One field that two people changed, with both texts."""

    name: str
    label: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]


def show_clash(
    editing: Editing, fields: tuple[Field, ...], clash: Clash, form: Mapping[str, str]
) -> HTMLResponse:
    """Show both texts of each field that two people changed, to choose from."""
    theirs = clash.theirs or {}
    mine = changed(fields, form, theirs)
    changes, both = merged(fields, form, theirs)
    names = {*changes, *(one.name for one in both)} if clash.theirs is not None else {*mine}
    hidden = {name: value for name, value in form.items() if name.partition(".")[0] in names}
    return show(
        "clash.html",
        status=PreconditionFailed.status,
        frame=editing.frame(N_("Changed by someone else")),
        editing=editing,
        clashes=[
            ClashView(one.name, one.label, _lines(one, mine.get(one.name)), _lines(one, theirs.get(one.name)))
            for one in clash.fields
        ],
        is_removed=clash.theirs is None,
        hidden={
            **hidden,
            **{name: form[name] for name in _KEPT if name in form},
            **seen_in(fields, theirs),
            **editing.hidden(clash.tag),
        },
    )


def _lines(one: Field, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - a property of any type
    """Return a property as lines of text to compare."""
    if one.widget == "rows":
        return tuple(" · ".join(_cells(one.columns, row)) for row in value or ())
    return tuple(_words(one, value).split("\n"))


def _cells(columns: Iterable[Field], row: Plain) -> Iterator[str]:
    shown = (_words(column, row.get(column.name)) for column in columns)
    return (text for text in shown if text)


def _words(one: Field, value: Any) -> str:  # noqa: ANN401 - a property of any type
    text = one.shown(value)
    return next((choice.words for choice in one.choices if choice.value == text), text)
