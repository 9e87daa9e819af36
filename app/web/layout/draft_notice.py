"""What every page of a draft says before anything else: that it is one, what it changes, what is found wrong in it.

And whether a ladder has a draft at all, which only those learn who signed in and may read it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from app.api.views.findings import node_at
from app.rubric.entities import Node
from app.rubric.owners import relation
from app.rubric.releases import latest
from app.rubric.rules import Finding, Severity
from app.serving.answers.answer import Answer
from app.serving.releases.loaded import DRAFT, LoadedDraft
from app.serving.serving import Serving
from app.store.drafts import find_draft_head, find_draft_ladders
from app.web.layout.rendering import named
from app.web.navigation.reader import Reading
from app.web.navigation.urls import page_path

_MOST: Final = 20
"""How many findings a page shows beside what it is about; the page of findings has all."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """One thing that is wrong or doubtful."""

    severity: Severity
    code: str
    message: str
    kind: str
    name: str
    """What people call the entity that it is found at."""
    path: str
    """Where that entity is shown, below the draft's own page."""


@dataclass(frozen=True, slots=True)
class DraftView:
    """What a page of a draft says of it."""

    untouched: str | None
    """The release as which it reads, where nobody has changed it."""
    changes: tuple[str, str] | None
    """The newest release, and the page of what the draft changes since."""
    errors: int
    warnings: int
    found: str
    """URL of the page of findings."""
    here: tuple[FindingView, ...]
    """What was found at what this page shows, errors first."""
    more: int
    """How many of them are not shown."""


def draft_view(reading: Reading) -> DraftView | None:
    """What to say of a draft; None for a release."""
    loaded, urls = reading.loaded, reading.urls
    if not isinstance(loaded, LoadedDraft):
        return None
    found = findings_of(reading)
    errors = sum(one.severity == "error" for one in found)
    page = reading.path.removeprefix(f"/ladders/{urls.reference}")
    here = [one for one in found if one.path.partition("#")[0] == page]
    newest = latest(reading.line, reading.catalog.moment)
    changes = (
        None if newest is None else (str(newest.version), f"{urls.unpinned}/diff?from=latest&to={DRAFT}")
    )
    return DraftView(
        untouched=str(loaded.since) if loaded.number == 0 else None,
        changes=changes,
        errors=errors,
        warnings=len(found) - errors,
        found=f"{urls.home}/findings",
        here=tuple(here[:_MOST]),
        more=max(0, len(here) - _MOST),
    )


def findings_of(reading: Reading) -> tuple[FindingView, ...]:
    """All findings, errors first, in document order."""
    by_pointer = {node.pointer: node for node in reading.index.nodes}
    ordered: Iterable[Finding] = sorted(
        reading.serving.checks.get(reading.loaded), key=lambda one: one.severity != "error"
    )
    return tuple(_view(reading, one, node_at(by_pointer, one.path)) for one in ordered)


def has_draft(serving: Serving, answer: Answer, slug: str) -> bool:
    """Whether the visitor may know that somebody is changing a ladder. Raises Unavailable."""
    if not _may_know(answer) or not answer.caller.reads_draft(slug):
        return False
    return serving.database.ask(partial(find_draft_head, slug=slug)) is not None


def drafts_for(serving: Serving, answer: Answer) -> frozenset[str]:
    """Slugs of all ladders that somebody is changing, and the visitor may know. Raises Unavailable."""
    if not _may_know(answer):
        return frozenset()
    slugs = serving.database.ask(find_draft_ladders)
    return frozenset(slug for slug in slugs if answer.caller.reads_draft(slug))


def _may_know(answer: Answer) -> bool:
    """Only a visitor: whatever else is answered may be kept, and given to others who see the same ladders."""
    return answer.visit is not None and answer.visit.key is not None


def _view(reading: Reading, finding: Finding, node: Node) -> FindingView:
    path = next(_places(reading, node))
    return FindingView(finding.severity, finding.code, finding.message, node.kind, named(node), path)


def _places(reading: Reading, node: Node) -> Iterator[str]:
    """Where an entity is shown. A draft may name levels and competencies that are not there."""
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
