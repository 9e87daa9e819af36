"""Rules of identity: one entity a slug, one entity an address, one a name in another system."""

from collections.abc import Iterator
from typing import Final

from app.rubric.entities import Node
from app.rubric.rules.findings import Desk, Finding, Rule


def unique_addresses(desk: Desk) -> Iterator[Finding]:
    """Slugs are unique per kind (steps within their scale), addresses by position too. Cells: `cells.py`."""
    first: dict[tuple[str, str], Node] = {}
    for node in desk.index.nodes:
        other = first.setdefault((node.kind, node.address), node)
        if other is node or node.kind == "expectation" or _follows(node, other):
            continue
        if node.uuid is None:
            message = (
                f"{node.kind} {node.address!r} cannot be told from the one at {other.pointer}; "
                "give one of them a slug"
            )
            yield Finding(node.pointer, "ambiguous-address", message)
            continue
        message = (
            f"{node.kind} {node.address!r} is there already, at {other.pointer}; "
            "give one of the two another slug"
        )
        yield Finding(f"{node.pointer}/slug", "duplicate-slug", message)


def unique_links(desk: Desk) -> Iterator[Finding]:
    """Slugs of references are unique within their entity."""
    for node in desk.index.nodes:
        seen: set[str] = set()
        for position, link in enumerate(node.entity.references):
            if link.slug is None:
                continue
            if link.slug in seen:
                path = f"{node.pointer}/references/{position}/slug"
                message = f"{node.target} has two references {link.slug!r}; give one of them another slug"
                yield Finding(path, "duplicate-slug", message)
            seen.add(link.slug)


def unique_external_ids(desk: Desk) -> Iterator[Finding]:
    """A name in another system belongs to one entity of a kind, or a search for it finds several."""
    first: dict[tuple[str, str, str], Node] = {}
    for node in desk.index.nodes:
        for position, external in enumerate(node.entity.external_ids):
            key = (node.kind, external.system, external.id)
            if key in first:
                named = f"{external.system}:{external.id}"
                message = (
                    f"{node.target} has the name {named!r} that {first[key].target} has; keep one of them"
                )
                yield Finding(f"{node.pointer}/external_ids/{position}", "duplicate-external-id", message)
            first.setdefault(key, node)


def _follows(node: Node, other: Node) -> bool:
    """Whether two addresses are equal only because those of their owners are, which is reported there."""
    made = node.kind == "step" or node.uuid is None
    owner, others = node.owner, other.owner
    if not made or owner is None or others is None or owner is others:
        return False
    return owner.target == others.target


RULES: Final[tuple[Rule, ...]] = (unique_addresses, unique_links, unique_external_ids)
