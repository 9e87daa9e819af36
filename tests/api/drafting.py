"""Helpers that write drafts: a ladder with a mark in every text, and shortcuts to the store."""

from typing import Any, Final, TypeVar

from app.rubric.ladder import Ladder
from app.rubric.shape import properties
from app.rubric.text import Value
from app.store.drafts import find_draft_head, save_draft
from app.store.engine import reading, writing
from app.store.loading import load_content
from app.store.releases import find_releases
from tests.api.serving import NOW, Api

MARK: Final = "zzmark"
"""A word that no release has."""


Part = TypeVar("Part", bound=Value)


def marked(value: Part) -> Part:
    """The value with the mark in every text that is written for people."""
    changes: dict[str, Any] = {}
    for name, item in properties(type(value)).items():
        held = getattr(value, name)
        if held is None or held == ():
            continue
        if item.holds is not None:
            changes[name] = tuple(f"{MARK} {text}" for text in held) if item.many else f"{MARK} {held}"
        elif item.part is not None:
            changes[name] = tuple(marked(part) for part in held) if item.many else marked(held)
    return value.model_copy(update=changes)


def published(api: Api, slug: str) -> Ladder:
    """The content of a ladder's newest release."""
    with reading(api.application.serving.engine) as connection:
        return load_content(connection, find_releases(connection, slug)[-1])


def write_draft(api: Api, ladder: Ladder, by: str = "ann") -> None:
    """Make a ladder the draft, whatever it was before."""
    with writing(api.application.serving.engine) as connection:
        head = find_draft_head(connection, ladder.slug)
        expected = 0 if head is None else head.number
        save_draft(connection, ladder, slug=ladder.slug, expected=expected, by=by, at=NOW)
