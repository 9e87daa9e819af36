"""Rules of mention: `about`, alignments and successors speak of entities that exist."""

from collections.abc import Iterator
from typing import Final, get_args

from app.rubric.entities import Kind, Node
from app.rubric.ladder import Guidance
from app.rubric.parts import Alignment
from app.rubric.rules.findings import Desk, Finding, Rule

KINDS: Final[tuple[str, ...]] = get_args(Kind)


def about(desk: Desk) -> Iterator[Finding]:
    """FAQs, tips and pages are about entities of this ladder, each named once."""
    for node in desk.index.nodes:
        if not isinstance(node.entity, Guidance):
            continue
        seen: set[str] = set()
        for position, target in enumerate(node.entity.about):
            path = f"{node.pointer}/about/{position}"
            yield from unknown_target(desk, path, f"{node.target} is about", target)
            if target in seen:
                message = f"{node.target} is about {target!r} twice; name it once"
                yield Finding(path, "duplicate-about", message)
            seen.add(target)


def alignments(desk: Desk) -> Iterator[Finding]:
    """An alignment says what matches; an entity of this ladder must be there."""
    for node in desk.index.nodes:
        for position, alignment in enumerate(node.entity.alignments):
            yield from _alignment(desk, node, f"{node.pointer}/alignments/{position}", alignment)


def successors(desk: Desk) -> Iterator[Finding]:
    """The successors of a removed entity exist."""
    for position, removal in enumerate(desk.ladder.removals):
        if removal.successor is not None:
            who = f"the successor of {removal.kind} {removal.slug!r} is"
            yield from unknown_target(desk, f"/removals/{position}/successor", who, removal.successor)
        for place, target in enumerate(removal.successors):
            who = f"a successor of {removal.kind} {removal.slug!r} is"
            path = f"/removals/{position}/successors/{place}"
            yield from unknown_target(desk, path, who, target)
            if target == removal.successor or target in removal.successors[:place]:
                message = f"{removal.kind} {removal.slug!r} names successor {target!r} twice; name it once"
                yield Finding(path, "duplicate-successor", message)


def unknown_target(desk: Desk, path: str, who: str, target: str) -> Iterator[Finding]:
    """A finding where `kind:address` names nothing in this ladder. `who` is the sentence's beginning."""
    if desk.index.find_target(target) is not None:
        return
    kind, _, address = target.partition(":")
    if kind not in KINDS:
        yield _unknown_kind(desk, path, who, target)
        return
    now = desk.index.find_renamed(kind, address)
    if now is not None:
        why = f"which is called {now.target!r} now; write that"
    else:
        known = (node.address for node in desk.index.of_kind(kind))
        why = f"which is not there{desk.near(address, known, f'{kind}:')} name an entity of this ladder"
    yield Finding(path, "unknown-entity", f"{who} {target!r}, {why}")


def _alignment(desk: Desk, node: Node, path: str, alignment: Alignment) -> Iterator[Finding]:
    if alignment.entity is None:
        if alignment.ladder is not None:
            message = (
                f"an alignment of {node.target} names ladder {alignment.ladder!r} and nothing of it; "
                f"write the `entity`, such as `ladder:{alignment.ladder}` for the ladder as a whole"
            )
            yield Finding(f"{path}/ladder", "alignment-ladder-without-entity", message)
        elif alignment.uri is None and alignment.framework is None:
            message = (
                f"an alignment of {node.target} matches nothing; write an `entity`, `uri` or `framework`"
            )
            yield Finding(path, "alignment-names-nothing", message)
        return
    who = f"{node.target} is aligned with"
    if alignment.ladder not in (None, desk.ladder.slug):
        if alignment.entity.partition(":")[0] not in KINDS:
            yield _unknown_kind(desk, f"{path}/entity", who, alignment.entity)
        return
    yield from unknown_target(desk, f"{path}/entity", who, alignment.entity)
    if alignment.entity == node.target:
        message = f"{node.target} is aligned with itself; name what it matches, or take the alignment away"
        yield Finding(f"{path}/entity", "alignment-to-itself", message)


def _unknown_kind(desk: Desk, path: str, who: str, target: str) -> Finding:
    near = desk.near(target.partition(":")[0], KINDS)
    return Finding(
        path, "unknown-kind", f"{who} {target!r}, of no known kind{near} use one of {', '.join(KINDS)}"
    )


RULES: Final[tuple[Rule, ...]] = (about, alignments, successors)
