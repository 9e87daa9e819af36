"""Rules of mentions: `about`, alignments and successors name entities that exist."""

from collections.abc import Iterator
from typing import Final, get_args

from app.rubric.entities import Kind, Node
from app.rubric.ladder import Guidance
from app.rubric.parts import Alignment
from app.rubric.rules.findings import Finding, Rule, RuleContext

KINDS: Final[tuple[str, ...]] = get_args(Kind)


def about(context: RuleContext) -> Iterator[Finding]:
    """Find FAQs, tips and pages that are about an unknown entity, or about one entity twice."""
    for node in context.index.nodes:
        if not isinstance(node.entity, Guidance):
            continue
        seen: set[str] = set()
        for position, target in enumerate(node.entity.about):
            path = f"{node.pointer}/about/{position}"
            yield from unknown_target(context, path, f"{node.target} is about", target)
            if target in seen:
                message = f"{node.target} is about {target!r} twice; name it once"
                yield Finding(path, "duplicate-about", message)
            seen.add(target)


def alignments(context: RuleContext) -> Iterator[Finding]:
    """Find alignments that name nothing, an unknown entity of this ladder, or the entity itself."""
    for node in context.index.nodes:
        for position, alignment in enumerate(node.entity.alignments):
            yield from _alignment(context, node, f"{node.pointer}/alignments/{position}", alignment)


def successors(context: RuleContext) -> Iterator[Finding]:
    """Find successors that do not exist or are named twice."""
    for position, removal in enumerate(context.ladder.removals):
        if removal.successor is not None:
            who = f"the successor of {removal.kind} {removal.slug!r} is"
            yield from unknown_target(context, f"/removals/{position}/successor", who, removal.successor)
        for place, target in enumerate(removal.successors):
            who = f"a successor of {removal.kind} {removal.slug!r} is"
            path = f"/removals/{position}/successors/{place}"
            yield from unknown_target(context, path, who, target)
            if target == removal.successor or target in removal.successors[:place]:
                message = f"{removal.kind} {removal.slug!r} names successor {target!r} twice; name it once"
                yield Finding(path, "duplicate-successor", message)


def unknown_target(context: RuleContext, path: str, who: str, target: str) -> Iterator[Finding]:
    """Find a `kind:address` that names nothing in this ladder. `who` begins the message."""
    if context.index.find_target(target) is not None:
        return
    kind, _, address = target.partition(":")
    if kind not in KINDS:
        yield _unknown_kind(context, path, who, target)
        return
    now = context.index.find_renamed(kind, address)
    if now is not None:
        why = f"which was renamed to {now.target!r}; write the new slug"
    else:
        known = (node.address for node in context.index.of_kind(kind))
        why = f"which does not exist{context.near(address, known, f'{kind}:')} name an entity of this ladder"
    yield Finding(path, "unknown-entity", f"{who} {target!r}, {why}")


def _alignment(context: RuleContext, node: Node, path: str, alignment: Alignment) -> Iterator[Finding]:
    if alignment.entity is None:
        if alignment.ladder is not None:
            message = (
                f"an alignment of {node.target} names ladder {alignment.ladder!r} but no entity; "
                f"write the `entity`, such as `ladder:{alignment.ladder}` for the ladder as a whole"
            )
            yield Finding(f"{path}/ladder", "alignment-ladder-without-entity", message)
        elif alignment.uri is None and alignment.framework is None:
            message = f"an alignment of {node.target} names nothing; write an `entity`, `uri` or `framework`"
            yield Finding(path, "alignment-names-nothing", message)
        return
    who = f"{node.target} is aligned with"
    if alignment.ladder not in {None, *context.ladder.names}:
        if alignment.entity.partition(":")[0] not in KINDS:
            yield _unknown_kind(context, f"{path}/entity", who, alignment.entity)
        return
    yield from unknown_target(context, f"{path}/entity", who, alignment.entity)
    if alignment.entity == node.target:
        message = f"{node.target} is aligned with itself; name another entity, or delete the alignment"
        yield Finding(f"{path}/entity", "alignment-to-itself", message)


def _unknown_kind(context: RuleContext, path: str, who: str, target: str) -> Finding:
    near = context.near(target.partition(":")[0], KINDS)
    return Finding(
        path,
        "unknown-kind",
        f"{who} {target!r}, which has an unknown kind{near} use one of {', '.join(KINDS)}",
    )


RULES: Final[tuple[Rule, ...]] = (about, alignments, successors)
