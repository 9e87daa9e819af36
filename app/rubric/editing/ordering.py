"""Reordering siblings."""

from collections.abc import Iterator, Sequence

from app.errors import MOST_FAULTS, Fault, Invalid
from app.rubric.editing.mentions import follow
from app.rubric.editing.tree import children, with_children
from app.rubric.entities import Kind, Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.suggest import nearest


def reorder(index: Index, kind: Kind, addresses: Sequence[str]) -> Ladder:
    """Return the ladder with these siblings in this order, in the positions that they have now.

    Naming a whole list orders all of it; naming the levels of one track leaves all other levels where they are.
    Raises Invalid, with pointers below `/order`, if an entity does not exist, is named twice, or is not a sibling of
    the first.
    """
    found = [index.find(kind, address) for address in addresses]
    faults = list(_faults(index, kind, addresses, found))
    if faults:
        raise Invalid(f"The {kind} entities cannot be put in this order.", faults=faults[:MOST_FAULTS])
    nodes = [node for node in found if node is not None]
    if not nodes or nodes[0].owner is None:
        return index.ladder
    owner, field = nodes[0].owner, nodes[0].field
    ordered = [*children(owner, field)]
    for place, node in zip(sorted(node.position for node in nodes), nodes, strict=True):
        ordered[place] = children(owner, field)[node.position]
    return follow(index, with_children(owner, field, ordered))


def _faults(
    index: Index, kind: Kind, addresses: Sequence[str], found: Sequence[Node | None]
) -> Iterator[Fault]:
    first = next((node for node in found if node is not None), None)
    seen: set[str] = set()
    for position, (address, node) in enumerate(zip(addresses, found, strict=True)):
        detail = None
        if node is None:
            near = nearest(address, (one.address for one in index.of_kind(kind)), 1)
            fix = f"did you mean {near[0]!r}?" if near else "name entities that exist"
            detail = f"There is no {kind} {address[:80]!r}; {fix}"
        elif address in seen:
            detail = f"{address!r} is named twice; name it once."
        elif first is not None and node.owner is not first.owner:
            detail = (
                f"{address!r} does not have the same owner as {first.address!r}; order the entities of each "
                "owner separately."
            )
        if detail is not None:
            yield Fault(detail, f"/order/{position}")
        seen.add(address)
