"""Rules of identity: slugs, addresses and external ids name one entity each."""

from collections.abc import Iterator
from typing import Final

from app.rubric.entities import Node
from app.rubric.rules.findings import Finding, Rule, RuleContext


def unique_addresses(context: RuleContext) -> Iterator[Finding]:
    """Find slugs that are not unique per kind (steps: per scale), and ambiguous addresses by position.

    `cells.py` checks expectations.
    """
    first: dict[tuple[str, str], Node] = {}
    for node in context.index.nodes:
        other = first.setdefault((node.kind, node.address), node)
        if other is node or node.kind == "expectation" or _follows(node, other):
            continue
        if node.uuid is None:
            message = (
                f"{node.kind} {node.address!r} has the same address as the one at {other.pointer}; "
                "give one of them a slug"
            )
            yield Finding(node.pointer, "ambiguous-address", message)
            continue
        message = (
            f"{node.kind} {node.address!r} already exists at {other.pointer}; "
            "give one of the two another slug"
        )
        yield Finding(f"{node.pointer}/slug", "duplicate-slug", message)


def unique_links(context: RuleContext) -> Iterator[Finding]:
    """Find slugs that two references of one entity share."""
    for node in context.index.nodes:
        seen: set[str] = set()
        for position, link in enumerate(node.entity.references):
            if link.slug is None:
                continue
            if link.slug in seen:
                path = f"{node.pointer}/references/{position}/slug"
                message = f"{node.target} has two references {link.slug!r}; give one of them another slug"
                yield Finding(path, "duplicate-slug", message)
            seen.add(link.slug)


def unique_external_ids(context: RuleContext) -> Iterator[Finding]:
    """Find external ids that two entities of one kind share."""
    first: dict[tuple[str, str, str], Node] = {}
    for node in context.index.nodes:
        for position, external in enumerate(node.entity.external_ids):
            key = (node.kind, external.system, external.id)
            if key in first:
                named = f"{external.system}:{external.id}"
                message = (
                    f"{node.target} has the external id {named!r}, which {first[key].target} also has; keep "
                    "one of them"
                )
                yield Finding(f"{node.pointer}/external_ids/{position}", "duplicate-external-id", message)
            first.setdefault(key, node)


def _follows(node: Node, other: Node) -> bool:
    """Return whether two addresses are equal only because those of their owners are. That is reported there."""
    made = node.kind == "step" or node.uuid is None
    owner, others = node.owner, other.owner
    if not made or owner is None or others is None or owner is others:
        return False
    return owner.target == others.target


RULES: Final[tuple[Rule, ...]] = (unique_addresses, unique_links, unique_external_ids)
