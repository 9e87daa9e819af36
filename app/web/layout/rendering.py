"""From a template and values to a page: HTML that a strict policy lets load from this server alone."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse

from app.rubric.entities import Node
from app.web.layout import markdown

if TYPE_CHECKING:
    from jinja2 import Environment

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {"content-security-policy": POLICY, "referrer-policy": "same-origin"}
"""Of every page. Nobody outside learns where a reader came from; without any referrer, browsers would not tell our
own forms where they come from either.
"""
_TEMPLATES: Final = Path(__file__).parents[1] / "templates"


@cache
def environment() -> "Environment":
    """The one environment of all templates; each is compiled once, when it is first used or by `prepare`."""
    # Slow to load, and needed only once a page is asked for.
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
        plain=markdown.plain,
        safe_url=markdown.safe_url,
        day=day,
        named=named,
        counted=counted,
    )
    return made


def prepare() -> None:
    """Compile every template ahead of its first reader, who would else wait for it."""
    made = environment()
    for name in made.list_templates():
        made.get_template(name)
    markdown.markdown("*ready*")


def render(template: str, **values: object) -> str:
    """The HTML of a template."""
    return environment().get_template(template).render(values)


def show(template: str, *, status: int = 200, policy: str = POLICY, **values: object) -> HTMLResponse:
    """A page as an answer."""
    headers = {**HEADERS, "content-security-policy": policy}
    return HTMLResponse(render(template, **values), status, headers)


def day(moment: datetime) -> str:
    """A moment's day, as people write it: 1 July 2026."""
    return f"{moment.day} {moment:%B %Y}"


def named(node: Node) -> str:
    """What people call an entity: a level by its code, a question as it is asked."""
    entity = node.entity
    for name in ("code", "title", "question", "text"):
        said = getattr(entity, name, None)
        if said:
            return str(said)
    return node.address


def counted(number: float, one: str, several: str = "") -> str:
    """A number with its noun: 1 level, 2 levels."""
    return f"{number} {one if number == 1 else several or f'{one}s'}"
