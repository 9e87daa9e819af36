"""Rendering of pages from templates, with a policy that lets them load from this server only."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.parts import Statement
from app.rubric.statement_kinds import StatementKinds
from app.rubric.views import line_text
from app.web.layout import markdown

if TYPE_CHECKING:
    from jinja2 import Environment

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {"content-security-policy": POLICY, "referrer-policy": "same-origin"}
"""Headers of every page. Other sites do not learn which page a reader came from. Our own forms need a referrer,
because browsers derive their `Origin` from it.
"""
_TEMPLATES: Final = Path(__file__).parents[1] / "templates"


@cache
def environment() -> "Environment":
    """Return the environment of all templates. Each template is compiled once, at first use or by `prepare`."""
    # Slow to import, and only needed once a page is requested.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        markdown=markdown.markdown,
        line=markdown.line,
        plain_text=markdown.plain_text,
        safe_url=markdown.safe_url,
        day=day,
        display_name=display_name,
        kind_label=kind_label,
        counted=counted,
        sentence=sentence,
    )
    return made


def prepare() -> None:
    """Compile every template, so that no reader waits for it."""
    made = environment()
    for name in made.list_templates():
        made.get_template(name)
    markdown.markdown("*ready*")


def render(template: str, **values: object) -> str:
    """Return the HTML of a template."""
    return environment().get_template(template).render(values)


def show(template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page as a response."""
    return HTMLResponse(render(template, **values), status, HEADERS)


def day(moment: datetime) -> str:
    """Return the day of a moment as people write it: 1 July 2026."""
    return f"{moment.day} {moment:%B %Y}"


def display_name(node: Node) -> str:
    """Return the name that people use for an entity: the code of a level, the text of a question."""
    entity = node.entity
    for name in ("code", "title", "question", "text"):
        value = getattr(entity, name, None)
        if value:
            return str(value)
    return node.address


def kind_label(statement: Statement, index: Index) -> str:
    """Return what marks a statement of a kind: "Growth (beyond this level)". Empty for a plain one."""
    counts_as = index.once(StatementKinds).counts_as(statement.kind)
    return line_text.kind_label(index, statement.kind, counts_as)


def counted(number: float, one: str, several: str = "") -> str:
    """Return a number with its noun: 1 level, 2 levels."""
    return f"{number} {one if number == 1 else several or f'{one}s'}"


def sentence(words: Iterable[str]) -> str:
    """Return words as part of a sentence: L3, L4 and L5."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
