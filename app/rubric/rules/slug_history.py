"""Rules of history: a slug that was published means the same entity in every later release.

`check_history` compares a ladder with everything that was published before. Following what its findings say leads to
a ladder that can be published, and every address that was ever published then leads on.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID, uuid5

from app.rubric.entities import NAMESPACE, Node, entity_uuid, first_slug
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.rules.findings import Finding
from app.rubric.shape import document_order
from app.rubric.slug_history import History, former_slugs

_DERIVED: Final = frozenset({"expectation"})
"""Kinds whose addresses are made of other entities' slugs: they are right if those are."""


def add_conflicts(found: tuple[Finding, ...], index: Index, history: History) -> tuple[Finding, ...]:
    """Return the findings of a ladder with its conflicts with history among them, in document order."""
    conflicts = check_history(index, history)
    if not conflicts:
        return found
    return tuple(sorted((*found, *conflicts), key=lambda finding: document_order(finding.path, Ladder)))


def check_history(index: Index, history: History) -> tuple[Finding, ...]:
    """Return every conflict between a ladder and what was published of it before, in document order."""
    checked = _Checked(index, history)
    found = list(checked.taken_names())
    if found or not history.addresses:
        return tuple(found)
    found += checked.of_node(index.nodes[0])
    if not found:  # else every entity seems to be another one
        for node in index.nodes[1:]:
            found += checked.of_node(node)
        found += checked.removals()
    return tuple(sorted(found, key=lambda finding: document_order(finding.path, Ladder)))


@dataclass(frozen=True)
class _Checked:
    """A ladder beside its history."""

    index: Index
    history: History

    def taken_names(self) -> Iterator[Finding]:
        """Yield the slugs of the ladder that other ladders have or had."""
        ladder = self.index.ladder
        if ladder.slug in self.history.taken:
            message = (
                f"{ladder.slug!r} belongs or belonged to another ladder. Choose a slug that was never used."
            )
            yield Finding("/slug", "taken-slug", message)
        for position, former in enumerate(ladder.formerly):
            if former in self.history.taken:
                message = (
                    f"{former!r} belongs or belonged to another ladder. If this is the ladder {ladder.slug!r}, take "
                    "it out of `formerly`. If this is that ladder, choose a `slug` that was never used."
                )
                yield Finding(f"/formerly/{position}", "taken-slug", message)

    def of_node(self, node: Node) -> Iterator[Finding]:
        """Yield the conflicts of one entity."""
        if node.uuid is None or node.kind in _DERIVED or not self._is_sound(node.owner):
            return
        kept, own = self._kept(node), self._owner(node, _slug(node))
        if own is not None and own != kept:
            detail = f"The slug {_slug(node)!r} was published as another {node.kind}. Give this one a slug that was "
            yield Finding(_at(node, "slug"), "reused-slug", f"{detail}never used.")
        for position, former in enumerate(former_slugs(node)):
            owner = self._owner(node, former)
            if owner is not None and owner != kept:
                yield Finding(
                    f"{node.pointer}/formerly/{position}", "former-slug-of-other", _merge(node, former)
                )
        if kept is not None and node.uuid != kept:
            yield self._other_identity(node, kept)

    def removals(self) -> Iterator[Finding]:
        """Yield removals that name a former slug of an entity that is there."""
        for position, removal in enumerate(self.index.ladder.removals):
            uuid = self.history.addresses.get((removal.kind, removal.slug))
            now = None if uuid is None else self.index.find_uuid(uuid)
            known = self.index.find(removal.kind, removal.slug)
            if (
                now is not None
                and known is None
                and self.index.find_renamed(removal.kind, removal.slug) is None
            ):
                message = (
                    f"{removal.kind} {removal.slug!r} was not removed: it was published as a former slug of "
                    f"{now.target}. Delete this removal."
                )
                yield Finding(f"/removals/{position}/slug", "removal-of-renamed", message)

    def _other_identity(self, node: Node, kept: UUID) -> Finding:
        """Return the finding for an entity whose first slug is not the one it was published with."""
        names = self._published_slugs(node, kept)
        first = next((one for one in names if self._uuid(node, one) == kept), names[0])
        written = (one for one in former_slugs(node) if self._owner(node, one) in {None, kept})
        slug = _slug(node)
        wanted = [one for one in dict.fromkeys((first, *names, *written)) if one != slug or one == first]
        fix = "Delete `formerly`." if wanted == [slug] else f"Write `formerly: [{', '.join(wanted)}]`."
        message = f"This {node.kind} was first published as {first!r}, which `formerly` must say. {fix}"
        return Finding(_at(node, "formerly"), "missing-former-slugs", message)

    def _is_sound(self, owner: Node | None) -> bool:
        """Return whether a step's scale is right, so that the step can be judged."""
        if owner is None or owner.uuid is None or owner.kind != "scale":
            return True
        return self._kept(owner) in {None, owner.uuid}

    def _kept(self, node: Node) -> UUID | None:
        """Return the published entity that this one is; None if it is a new one."""
        own = self._owner(node, _slug(node))
        named = [self._owner(node, former) for former in former_slugs(node)]
        first = node.uuid if node.uuid in named or node.uuid == own else None
        claims = [
            one for one in (own, first, *named) if one is not None and self._holders[node.kind, one] is node
        ]
        return next((one for one in claims if one in self.history.standing), claims[0] if claims else None)

    @cached_property
    def _holders(self) -> Mapping[tuple[str, UUID], Node]:
        """The one entity that each published entity is: where the base has it, or where `formerly` says so."""
        claims: dict[tuple[str, UUID], list[Node]] = defaultdict(list)
        for node in self.index.nodes:
            if node.uuid is None or node.kind in _DERIVED:
                continue
            for slug in dict.fromkeys((_slug(node), *former_slugs(node))):
                owner = self._owner(node, slug)
                if owner is not None:
                    claims[node.kind, owner].append(node)
        return {key: min(nodes, key=lambda node: self._doubt(node, key[1])) for key, nodes in claims.items()}

    def _doubt(self, node: Node, uuid: UUID) -> tuple[bool, bool, bool]:
        """Return how doubtful it is that an entity is the published one; less is better."""
        elsewhere = self.history.standing.get(uuid) != node.address
        return elsewhere, node.uuid != uuid, not former_slugs(node)

    def _owner(self, node: Node, slug: str) -> UUID | None:
        """Return the entity that was published under a slug of the node's kind; a step's scale may be renamed."""
        if node.kind != "step" or node.owner is None:
            return self.history.addresses.get((node.kind, slug))
        scale = node.owner
        for name in (scale.address, *former_slugs(scale)):
            found = self.history.addresses.get(("step", f"{name}--{slug}"))
            if found is not None and self.history.addresses.get(("scale", name)) in {None, scale.uuid}:
                return found
        return None

    def _published_slugs(self, node: Node, uuid: UUID) -> tuple[str, ...]:
        names = self.history.names(node.kind, uuid)
        return (
            tuple(dict.fromkeys(name.rpartition("--")[2] for name in names)) if node.kind == "step" else names
        )

    def _uuid(self, node: Node, first: str) -> UUID:
        """Return the UUID that an entity has if this is its first slug."""
        if node.kind == "ladder":
            return uuid5(NAMESPACE, first)
        root = self.index.ladder
        if node.kind == "step" and node.owner is not None:
            first = f"{first_slug(_slug(node.owner), former_slugs(node.owner))}--{first}"
        return entity_uuid(first_slug(root.slug, root.formerly), node.kind, first)


def _merge(node: Node, former: str) -> str:
    return (
        f"{former!r} was published as another {node.kind}, so it is no former slug of {node.target}. "
        f"Take it out of `formerly`. If the two were merged, add a removal of {node.kind} {former!r} "
        f"with `successor: {node.target}`."
    )


def _slug(node: Node) -> str:
    slug: str = getattr(node.entity, "slug", "")
    return slug


def _at(node: Node, name: str) -> str:
    """Return the pointer to a property, or to the entity if it is not written."""
    return f"{node.pointer}/{name}" if getattr(node.entity, name) else node.pointer
