"""Rendering of pages from templates, with a policy that lets them load from this server only."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from markupsafe import Markup
from starlette.responses import HTMLResponse

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import CountsAs
from app.rubric.parts import Statement
from app.rubric.statement_kinds import StatementKinds
from app.web.layout import markdown
from app.web.layout.authoring.finding_words import finding_words
from app.web.layout.release_marks import release_mark
from app.web.layout.text_links import page_of_link
from app.web.navigation.page_reader import Reading
from app.web.translation.kind_words import statement_kind_title
from app.web.translation.languages import LANGUAGES, Language, language_of
from app.web.translation.messages import N_, Message, Value

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {"content-security-policy": POLICY, "referrer-policy": "same-origin"}
"""Headers of every page. Other sites do not learn which page a reader came from. Our own forms need a referrer,
because browsers derive their `Origin` from it.
"""
_MARKS: Final[dict[CountsAs, str]] = {
    "optional": N_("optional"),
    "ahead": N_("beyond this level"),
    "sign": N_("sign"),
    "unwanted": N_("not wanted"),
}
"""The mark of each kind of line that is not asked."""
_TEMPLATES: Final = Path(__file__).parents[1] / "templates"


@cache
def environment() -> "Environment":
    """Return the environment of all templates. Each template is compiled once, at first use or by `prepare`."""
    # Slow to import, and only needed once a page is requested.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context  # noqa: PLC0415

    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        finalize=pass_context(_said),
    )
    made.policies["ext.i18n.trimmed"] = True
    made.newstyle_gettext = True  # type: ignore[attr-defined] # the extension adds it
    made.globals.update(gettext=pass_context(_gettext), ngettext=pass_context(_ngettext))
    made.tests["marked"] = lambda value: isinstance(value, Message)
    made.filters.update(
        markdown=pass_context(_markdown),
        line=pass_context(_line),
        plain_text=markdown.plain_text,
        safe_url=markdown.safe_url,
        day=pass_context(_day),
        language_name=pass_context(_language_name),
        translated=pass_context(_said),
        display_name=display_name,
        kind_label=kind_label,
        release_mark=release_mark,
        finding_words=finding_words,
        sentence=pass_context(_listed),
    )
    return made


def prepare() -> None:
    """Compile every template and read every catalogue, so that no reader waits for it."""
    made = environment()
    for name in made.list_templates():
        made.get_template(name)
    for code in LANGUAGES:
        language_of(code).day(datetime(2000, 1, 1, tzinfo=UTC))
        language_of(code).name(code)
    markdown.markdown("*ready*")


class Framed(Protocol):
    """A frame of a page, which names its language."""

    @property
    def language(self) -> str:
        """One of the languages that pages speak."""


def render(template: str, *, frame: Framed, **values: object) -> str:
    """Return the HTML of a template in the language of its frame."""
    interface = language_of(frame.language)
    return environment().get_template(template).render(values, frame=frame, interface=interface)


def show(template: str, *, frame: Framed, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page as a response."""
    return HTMLResponse(render(template, frame=frame, **values), status, HEADERS)


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
    kinds, kind = index.once(StatementKinds), statement.kind
    mark = _MARKS.get(kinds.counts_as(kind), "")
    if kind in {None, "core"}:
        return mark
    title = statement_kind_title(kinds, kind or "") if kind else ""
    return N_("%(kind)s (%(mark)s)", kind=title, mark=mark) if title and mark else title or mark


def _language(context: "Context") -> Language:
    language: Language = context["interface"]
    return language


def _resolve(context: "Context") -> markdown.Resolve | None:
    """Return how relative links resolve on a page of a ladder; None on other pages."""
    reading = context.get("reading")
    return partial(page_of_link, reading) if isinstance(reading, Reading) else None


def _markdown(context: "Context", text: str, top: int = 3, *, anchors: bool = False) -> Markup:
    """Return a text of the ladder as HTML blocks."""
    return markdown.markdown(text, top, resolve=_resolve(context), anchors=anchors)


def _line(context: "Context", text: str) -> Markup:
    """Return a text of the ladder as inline HTML."""
    return markdown.line(text, resolve=_resolve(context))


def _said(context: "Context", value: object) -> object:
    """Return a marked text in the language of the page; any other value unchanged."""
    return _language(context).say(value) if type(value) is Message else value


def _gettext(context: "Context", text: str, /, **values: Value) -> Markup:
    """Return a text of a template in the language of the page. Its values are escaped."""
    language = _language(context)
    return _filled(language, language.catalog.gettext(text), values)


def _ngettext(context: "Context", one: str, several: str, number: float, /, **values: Value) -> Markup:
    """Return a text of a template that depends on a number, as `_gettext` does."""
    language = _language(context)
    return _filled(language, language.plural(one, several, number), {"num": number, **values})


def _filled(language: Language, pattern: str, values: Mapping[str, Value]) -> Markup:
    # The patterns are ours, or a translator's.
    return Markup(pattern) % {name: language.value(value) for name, value in values.items()}  # noqa: S704


def _day(context: "Context", moment: datetime) -> str:
    """Return the day of a moment as people write it: 1 July 2026."""
    return _language(context).day(moment)


def _language_name(context: "Context", tag: str) -> str:
    """Return the name of a language as people write it: German."""
    return _language(context).name(tag)


def _listed(context: "Context", words: Iterable[str]) -> str:
    """Return words as part of a sentence: L3, L4 and L5."""
    return _language(context).listed(words)
