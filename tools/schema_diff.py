"""The differences between two versions of a JSON Schema in an OpenAPI document, and whether they break a client.

A schema is either in a request (the client writes, and the server must keep accepting) or in a response (the server
writes, and the client must keep understanding). The side decides what breaks: a request may only accept more, a
response may only promise more. A value may be added to an enumeration on both sides, because
the enumerations of this API are open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Node = Mapping[str, Any]

_LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_SHAPES = ("pattern", "format", "multipleOf", "uniqueItems")


class Side(StrEnum):
    """The side that writes the value of a schema."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One difference: where it is, what it is, and whether a client that worked before may fail now."""

    place: str
    what: str
    breaking: bool


@dataclass(frozen=True, slots=True)
class SchemaDiff:
    """Compares schemas of two documents; each pair of named schemas once a side, however often it is used."""

    old: Node
    """The former OpenAPI document, where its references are looked up."""
    new: Node
    """The present OpenAPI document."""
    _seen: set[tuple[str, str, Side]] = field(default_factory=set)

    def changes(self, place: str, old: Node, new: Node, side: Side) -> Iterator[Change]:
        """Differences between two schemas.

        Args:
            place: words for where the schemas stand, the beginning of each change's place.
            old: the former schema, or a reference to it.
            new: the present schema, or a reference to it.
            side: whether the client writes or reads the value.

        Yields:
            Each difference; those inside a named schema have a place that begins with its name.
        """
        names = (old.get("$ref", ""), new.get("$ref", ""))
        if all(names):
            if (*names, side) in self._seen:
                return
            self._seen.add((*names, side))
            place = f"schema {_last(names[1])} ({side})"
        yield from self._branches(place, resolve(self.old, old), resolve(self.new, new), side)

    def _branches(self, place: str, old: Node, new: Node, side: Side) -> Iterator[Change]:
        """Pairs the alternatives of two schemas and compares each pair; most schemas have just one."""
        before, after = _alternatives(old), _alternatives(new)
        if len(before) == len(after) == 1:
            yield from self._plain(place, old, new, side)
            return
        for name in before.keys() - after.keys():
            yield Change(place, f"{name} is no longer an alternative", side is Side.REQUEST)
        for name in after.keys() - before.keys():
            yield Change(place, f"{name} is a new alternative", side is Side.RESPONSE)
        for name in before.keys() & after.keys():
            yield from self.changes(f"{place}, as {name}", before[name], after[name], side)

    def _plain(self, place: str, old: Node, new: Node, side: Side) -> Iterator[Change]:
        yield from _types(place, old, new, side)
        yield from _values(place, old, new, side)
        yield from _bounds(place, old, new, side)
        if side is Side.REQUEST and old.get("default") != new.get("default"):
            yield Change(
                place, f"default {old.get('default')!r} became {new.get('default')!r}", breaking=True
            )
        yield from self._properties(place, old, new, side)
        yield from _required(place, old, new, side)
        for key, words in (("items", "items of"), ("additionalProperties", "further properties of")):
            before, after = old.get(key, True), new.get(key, True)
            if isinstance(before, Mapping) and isinstance(after, Mapping):
                yield from self.changes(f"{words} {place}", before, after, side)
            elif before != after:
                breaks = side is Side.REQUEST and before is not False
                yield Change(place, f"{words} it are described differently", breaks)

    def _properties(self, place: str, old: Node, new: Node, side: Side) -> Iterator[Change]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in before.keys() - after.keys():
            yield Change(place, f"property {name} was removed", breaking=True)
        for name in after.keys() - before.keys():
            yield Change(place, f"property {name} was added", breaking=False)
        for name in before.keys() & after.keys():
            yield from self.changes(f"{place}, property {name}", before[name], after[name], side)


def resolve(document: Node, node: Node) -> Node:
    """Return the node itself, or what its local reference (`#/…`, RFC 6901) points to in the document."""
    while "$ref" in node:
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def _last(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


def _alternatives(schema: Node) -> dict[str, Node]:
    """Return the branches of `anyOf` or `oneOf`, or the schema as its only one, by a name that survives edits."""
    branches = schema.get("anyOf") or schema.get("oneOf") or [schema]
    return {_branch_name(branch): branch for branch in branches}


def _branch_name(branch: Node) -> str:
    if "$ref" in branch:
        return _last(branch["$ref"])
    return str(
        branch.get("title") or branch.get("const") or "/".join(sorted(_type_set(branch))) or "anything"
    )


def _type_set(schema: Node) -> set[str]:
    types = schema.get("type", [])
    return {types} if isinstance(types, str) else set(types)


def _types(place: str, old: Node, new: Node, side: Side) -> Iterator[Change]:
    """Types lost and won; no type at all means any type."""
    before, after = _type_set(old), _type_set(new)
    if before == after:
        return
    lost = not before or (bool(after) and not before <= after)
    won = not after or (bool(before) and not after <= before)
    what = f"type {_said(before)} became {_said(after)}"
    yield Change(place, what, lost if side is Side.REQUEST else won)


def _said(types: set[str]) -> str:
    return " or ".join(sorted(types)) or "anything"


def _values(place: str, old: Node, new: Node, side: Side) -> Iterator[Change]:
    """Values of `enum` and `const`; written as text, since JSON values need not be hashable."""
    before, after = _allowed(old), _allowed(new)
    if before is None and after is not None:
        yield Change(place, f"only {', '.join(sorted(after))} is allowed", side is Side.REQUEST)
    elif after is None and before is not None:
        yield Change(place, "any value is allowed", breaking=False)
    elif before is not None and after is not None:
        for value in before - after:
            yield Change(place, f"value {value} was removed", breaking=True)
        for value in after - before:
            yield Change(place, f"value {value} was added", breaking=False)


def _allowed(schema: Node) -> set[str] | None:
    if "const" in schema:
        return {repr(schema["const"])}
    return {repr(value) for value in schema["enum"]} if "enum" in schema else None


def _bounds(place: str, old: Node, new: Node, side: Side) -> Iterator[Change]:
    """Constraints on a value; only a request breaks by them, when it is allowed less than before."""
    for key in (*_LOWER_BOUNDS, *_UPPER_BOUNDS, *_SHAPES):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        narrower = after is not None and (before is None or _is_narrower(key, before, after))
        yield Change(place, f"{key} {before!r} became {after!r}", narrower and side is Side.REQUEST)


def _is_narrower(key: str, before: Any, after: Any) -> bool:  # noqa: ANN401 - numbers, texts or booleans by key
    if key in _LOWER_BOUNDS:
        return bool(after > before)
    if key in _UPPER_BOUNDS:
        return bool(after < before)
    return after is not False


def _required(place: str, old: Node, new: Node, side: Side) -> Iterator[Change]:
    before, after = set(old.get("required", [])), set(new.get("required", []))
    for name in after - before:
        yield Change(place, f"property {name} is now required", side is Side.REQUEST)
    for name in before - after:
        if name in new.get("properties", {}):
            yield Change(place, f"property {name} may now be absent", side is Side.RESPONSE)
