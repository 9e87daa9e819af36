"""Findings: errors and warnings about a release or a draft."""

from typing import Annotated, Any

from fastapi import Query

from app.api.protocol.problems import IN_RELEASE, documented
from app.api.protocol.routing import resource_router
from app.api.reading import cursor
from app.api.reading.bodies import Body, InRelease, ItemLinks, ListLinks, construct
from app.api.reading.queries import PageQuery
from app.api.reading.reader import ReleaseDep
from app.api.reading.sparse_fields import requested_fields
from app.api.reading.urls import Urls, with_query
from app.rubric.entities import Node
from app.rubric.rules import Finding, Severity
from app.rubric.text import Target

router = resource_router("findings")


class FindingItem(Body):
    """One error or warning."""

    code: str
    """Stable name of the rule. More rules may be added."""
    severity: Severity
    """`error`: must be fixed before publishing. `warning`: may be intended."""
    message: str
    """The fault, and how to fix it."""
    pointer: str
    """JSON Pointer (RFC 6901) into the document; empty for the ladder as a whole."""
    target: Target
    """The entity that has the finding, as `kind:address`."""
    links: ItemLinks


class FindingCounts(Body):
    """Number of findings on all pages, by severity."""

    error_count: int
    """Findings that must be fixed before publishing."""
    warning_count: int
    """Findings that may be intended."""


class FindingList(InRelease):
    """One page of findings, in document order."""

    counts: FindingCounts
    """Number of findings on all pages."""
    items: tuple[FindingItem, ...]
    """The findings on this page."""
    links: ListLinks


@router.get("/ladders/{ladder}/findings", responses=documented(IN_RELEASE))
def list_findings(release: ReleaseDep, query: Annotated[PageQuery, Query()]) -> FindingList:
    """List findings.

    Findings are errors and warnings about a draft or a release. A draft with errors cannot be published. A later
    version of the software may find more, so findings are only cached for a short time.
    """
    release.answer.lasting = False
    requested_fields(FindingItem, query.fields)  # checks the names; every field is required
    found = release.serving.findings_of(release.loaded, release.answer)
    identity = cursor.list_identity(f"{release.version}/findings", {}, None)
    start = _start(cursor.read(query.cursor, identity))
    stop = start + query.limit
    asked = query.model_dump(exclude_unset=True)
    links = release.links(asked)
    if stop < len(found):
        following = {**asked, "cursor": cursor.write(identity, str(stop))}
        links["next"] = with_query(release.urls.pinned + release.below, following)
        release.answer.links.append(("next", links["next"]))
    errors = sum(finding.severity == "error" for finding in found)
    values = {
        "counts": FindingCounts(error_count=errors, warning_count=len(found) - errors),
        "items": tuple(
            _item(release.urls, finding, release.index.at_pointer(finding.path))
            for finding in found[start:stop]
        ),
    }
    return release.body(FindingList, values, links)


def _start(place: str | None) -> int:
    if place is not None and not place.isdigit():
        raise cursor.not_a_cursor()
    return 0 if place is None else int(place)


def _item(urls: Urls, finding: Finding, node: Node) -> FindingItem:
    values: dict[str, Any] = {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "pointer": finding.path,
        "target": node.target,
    }
    links = construct(ItemLinks, {"self_": urls.of(node)})
    return construct(FindingItem, {**values, "links": links})
