"""The notice on every page of a draft: that it is a draft, what it changes, and its errors and warnings.

Also the check whether a ladder has a draft, which only signed-in visitors who may read it learn.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from app.rubric.entities import Node
from app.rubric.owners import relation
from app.rubric.rules import Finding, Severity
from app.serving.answers.answer import Answer
from app.serving.releases.loaded_releases import DRAFT, LoadedDraft
from app.serving.serving import Serving
from app.store.drafts import find_draft_head, find_draft_ladders, find_draft_titles
from app.web.layout.authoring.edit_paths import edit_path
from app.web.layout.rendering import display_name
from app.web.navigation.page_reader import Reading
from app.web.navigation.urls import page_path
from app.web.translation.kind_words import kind_word

_MOST: Final = 20
"""The most findings that the notice lists. The page of findings has them all."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """One error or warning."""

    severity: Severity
    code: str
    message: str
    kind: str
    name: str
    """The name that people use for the entity."""
    path: str
    """Path of the page that shows the entity, below the draft."""
    edit: str | None
    """Path of the page where it can be corrected, below the draft; None if the visitor may not."""


@dataclass(frozen=True, slots=True)
class DraftNotice:
    """The values of the notice on a page of a draft."""

    untouched: str | None
    """The number of the release that the draft still equals; None if someone has edited it."""
    changes: tuple[str, str] | None
    """The release that it builds on, and the URL of what the draft changes since then."""
    errors: int
    warnings: int
    findings_url: str
    on_page: tuple[FindingView, ...]
    """Findings about what this page shows, errors first."""
    more: int
    """The number of findings about this page that are left out."""


def draft_notice(reading: Reading) -> DraftNotice | None:
    """Return the notice of a draft; None for a release."""
    loaded, urls = reading.loaded, reading.urls
    if not isinstance(loaded, LoadedDraft):
        return None
    found = findings_of(reading)
    errors = sum(one.severity == "error" for one in found)
    page = reading.path.removeprefix(f"/ladders/{urls.reference}")
    on_page = [one for one in found if one.path.partition("#")[0] == page]
    base = loaded.since
    changes = None if base is None else (str(base), f"{urls.unpinned}/diff?from={base}&to={DRAFT}")
    return DraftNotice(
        untouched=str(loaded.since) if loaded.number == 0 else None,
        changes=changes,
        errors=errors,
        warnings=len(found) - errors,
        findings_url=f"{urls.home}/findings",
        on_page=tuple(on_page[:_MOST]),
        more=max(0, len(on_page) - _MOST),
    )


def findings_of(reading: Reading) -> tuple[FindingView, ...]:
    """Return all findings of the release or draft, errors first, in document order."""
    ordered: Iterable[Finding] = sorted(
        reading.serving.findings_of(reading.loaded, reading.answer), key=lambda one: one.severity != "error"
    )
    return tuple(_view(reading, one, reading.index.at_pointer(one.path)) for one in ordered)


def has_draft(serving: Serving, answer: Answer, slug: str) -> bool:
    """Tell whether a ladder has a draft that the visitor may read. Raises Unavailable."""
    if not is_signed_in(answer) or not answer.caller.reads_draft(slug):
        return False
    return serving.database.ask(partial(find_draft_head, slug=slug)) is not None


def drafts_for(serving: Serving, answer: Answer) -> frozenset[str]:
    """Return the slugs of all ladders with a draft that the visitor may read. Raises Unavailable."""
    if not is_signed_in(answer):
        return frozenset()
    slugs = serving.database.ask(find_draft_ladders)
    return frozenset(answer.catalog.name(slug) for slug in slugs if answer.caller.reads_draft(slug))


def titled(serving: Serving, slugs: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the slug and title of drafts, in order of slug. Raises Unavailable."""
    wanted = tuple(slugs)
    return serving.database.ask(partial(find_draft_titles, slugs=wanted)) if wanted else ()


def is_signed_in(answer: Answer) -> bool:
    """Tell whether the caller is a signed-in visitor. Other responses may be cached and shown to others."""
    return answer.session is not None and answer.session.caller is not None


def _view(reading: Reading, finding: Finding, node: Node) -> FindingView:
    is_draft, answer = isinstance(reading.loaded, LoadedDraft), reading.answer
    may_edit = is_draft and is_signed_in(answer) and answer.caller.may("write", reading.loaded.slug)
    return FindingView(
        finding.severity,
        finding.code,
        finding.message,
        kind_word(node.kind),
        display_name(node),
        next(_pages(reading, node)),
        edit_path(reading.index, node, finding.path) if may_edit else None,
    )


def _pages(reading: Reading, node: Node) -> Iterator[str]:
    """Yield paths of pages that show an entity, best first. A draft may name missing levels and competencies."""
    index, on = reading.index, relation(node)
    if (on.level is None or on.level in index.levels) and (
        on.competency is None or on.competency in index.competencies
    ):
        yield page_path(node, parted=reading.urls.parted)
    if on.level in index.levels:
        yield f"/levels/{on.level}"
    if on.competency in index.competencies:
        yield f"/competencies/{on.competency}"
    yield ""
