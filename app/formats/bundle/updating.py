"""A ladder in files, as they hold it, and the same as another ladder has it: the one is brought to say the other.

Every entity is looked up where it stands, in a list of the ladder's own or inside its parent, in whichever file. What
changed is merged, what is new goes beside its siblings, what is gone is taken out, and siblings are put in order.
"""

from collections.abc import Iterator, Mapping, MutableMapping, MutableSequence, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml.comments import CommentedSeq

from app.formats.bundle.assemble import NESTINGS, RELEASE, SCHEMA
from app.formats.bundle.merging import laid_out, merge_entity, merge_value, same_order, says_nothing
from app.formats.bundle.nesting import shortened
from app.rubric.canonical import plain
from app.rubric.entities import LISTS
from app.rubric.ladder import Ladder

Members = MutableMapping[str, Any]
Items = MutableSequence[Any]
Key = tuple[str | None, ...]

_PARENTS: Final = {nesting.inside: (parents, nesting) for parents, nesting in NESTINGS.items()}
_CHILDREN: Final = {parents: nesting.inside for parents, nesting in NESTINGS.items()}
_DEFAULTS: Final = {"language": "en", "cumulative": "unsaid"}
"""Of the ladder itself: not written where the author did not."""


@dataclass
class _Place:
    """The place of an entity in the files."""

    holder: Members
    """The holder of its list: a file, or its parent."""
    members: Members
    parent: str | None
    """Slug of the parent inside which it is written; None where it stands in a list of the ladder's own."""


class Update:
    """One ladder going into files: what each of them holds at its root, which is changed in place."""

    def __init__(self, roots: Sequence[Members], ladder: Ladder) -> None:
        self._roots = roots
        self._target: dict[str, Any] = shortened(plain(ladder))
        self._renamed: dict[tuple[str, str], str] = {}
        """Present slugs, by collection and former slug."""
        self._homes: dict[str, str] = {}
        """The competency of each facet, by the facet's slug."""
        self._taken_from: list[tuple[Members, str]] = []
        """Holders of lists from which something was taken out, which may be empty now."""

    def carry_out(self) -> None:
        """Change what the files hold."""
        self._read_names()
        for name, value in self._target.items():
            if name not in LISTS:
                self._update_property(name, value)
        for root in self._roots:
            known = {*self._target, *LISTS, RELEASE, SCHEMA}
            for name in [
                name for name, value in root.items() if name not in known and not says_nothing(value)
            ]:
                del root[name]
        for collection in LISTS:  # parents before what may stand inside them
            self._update_collection(collection)
        for holder, collection in self._taken_from:
            if collection in holder and not holder[collection]:
                del holder[collection]

    def _read_names(self) -> None:
        for facet in self._target.get("facets", ()):
            self._homes[facet["slug"]] = facet["competency"]
        for collection in LISTS:
            for item in self._target.get(collection, ()):
                for earlier in item.get("formerly", ()):
                    self._renamed[collection, earlier] = item["slug"]

    def _update_property(self, name: str, value: Any) -> None:  # noqa: ANN401 - JSON of any type
        """One of the ladder's own properties, in the file that has it, else in the first."""
        holder = next((root for root in self._roots if name in root), None)
        if holder is not None:
            holder[name] = merge_value(holder[name], value)
        elif _DEFAULTS.get(name) != value:
            self._roots[0][name] = laid_out(value)

    def _update_collection(self, collection: str) -> None:
        wanted = {self._key(collection, item): item for item in self._target.get(collection, ())}
        found = self._found(collection, wanted)
        children = {_CHILDREN[collection]} if collection in _CHILDREN else set()
        for key, item in wanted.items():
            if key in found:
                members = found[key].members
                merge_entity(members, self._own(collection, item, members), keep=children)
            else:
                self._add(collection, item)
        order = {key: position for position, key in enumerate(wanted)}
        for holder, parent in self._holders(collection):
            same_order(holder[collection], lambda one, at=parent: order[self._key(collection, one, at)])  # type: ignore[misc]

    def _found(self, collection: str, wanted: Mapping[Key, Members]) -> dict[Key, _Place]:
        """Return the places of the wanted items. Delete items that are not wanted or are in the wrong place."""
        found: dict[Key, _Place] = {}
        for place in list(self._places(collection)):
            key = self._key(collection, place.members, place.parent)
            if key not in wanted or key in found or self._moved(collection, place, wanted[key]):
                _remove(place.holder[collection], place.members)
                self._taken_from.append((place.holder, collection))
            else:
                found[key] = place
        return found

    def _own(self, collection: str, item: Members, written: Members | None = None) -> Members:
        """Return the properties to write for an item. Defaults are left out unless they are already written."""
        said = written or {}
        own = dict(item)
        if collection == "expectations":
            if own["applicability"] == "required" and "applicability" not in said:
                del own["applicability"]
            if self._homes.get(own.get("facet", "")) == own["competency"] and "competency" not in said:
                del own["competency"]
        if collection in _PARENTS and written is not None:
            reference = _PARENTS[collection][1].reference
            if reference not in said:
                own.pop(reference, None)
        return own

    def _moved(self, collection: str, place: _Place, item: Members) -> bool:
        """Return whether the item is written inside a parent that it no longer belongs to."""
        if place.parent is None:
            return False
        parents, nesting = _PARENTS[collection]
        return bool(item[nesting.reference] != self._present(parents, place.parent))

    def _add(self, collection: str, item: Members) -> None:
        """Write a new item inside its parent if others are written so, else beside the others."""
        own = self._own(collection, item)
        parents, nesting = _PARENTS.get(collection, (None, None))
        flat = [holder[collection] for holder, parent in self._holders(collection) if parent is None]
        if parents is not None and nesting is not None and not flat:
            parent = self._find(parents, item[nesting.reference])
            if parent is not None:
                del own[nesting.reference]
                _listed(parent, collection).append(laid_out(own))
                return
        (flat[-1] if flat else _listed(self._roots[0], collection)).append(laid_out(own))

    def _find(self, collection: str, slug: str) -> Members | None:
        return next(
            (place.members for place in self._places(collection) if place.members.get("slug") == slug), None
        )

    def _key(self, collection: str, item: Members, parent: str | None = None) -> Key:
        """Return an item's key: its present slug, or the slugs of an expectation's level, competency and facet."""
        if collection != "expectations":
            return (self._present(collection, item["slug"]),)
        facet = item.get("facet")
        facet = None if facet is None else self._present("facets", facet)
        competency = item.get("competency")
        competency = self._homes.get(facet or "") if competency is None else competency
        level = self._present("levels", item.get("level", parent) or "")
        return (level, self._present("competencies", competency or ""), facet)

    def _present(self, collection: str, slug: str) -> str:
        return self._renamed.get((collection, slug), slug)

    def _places(self, collection: str) -> Iterator[_Place]:
        for holder, parent in self._holders(collection):
            for members in holder[collection]:
                yield _Place(holder, members, parent)

    def _holders(self, collection: str) -> Iterator[tuple[Members, str | None]]:
        """Yield every mapping with a non-empty list of that collection, and its slug if it is a parent."""
        for root in self._roots:
            if root.get(collection):
                yield root, None
        if collection in _PARENTS:
            parents, _ = _PARENTS[collection]
            for place in self._places(parents):
                if place.members.get(collection):
                    yield place.members, place.members["slug"]


def _listed(holder: Members, collection: str) -> Items:
    """Return the holder's list. Create it if there is none."""
    if not holder.get(collection):
        holder[collection] = CommentedSeq() if hasattr(holder, "ca") else []
    items: Items = holder[collection]
    return items


def _remove(items: Items, members: Members) -> None:
    del items[next(at for at, one in enumerate(items) if one is members)]
