"""The differences between two versions of an OpenAPI document, and those that break a client.

Pure functions over two parsed documents; `tools/contract.py` is the command. A change that is not called breaking
is additive: a client that worked with the old document works with the new one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tools.schema_diff import Change, Node, SchemaDiff, Side, resolve

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def compare(old: Node, new: Node) -> list[Change]:
    """Return every difference of two OpenAPI 3.1 documents that a client may meet, sorted by place.

    Args:
        old: the former document, parsed.
        new: the present document, parsed.

    Returns:
        The differences, without repetition; empty when no client can tell the documents apart. Texts (titles,
        descriptions, examples) are no differences.
    """
    diff = SchemaDiff(old, new)
    before, after = _operations(old), _operations(new)
    changes = {Change(place, "was removed", breaking=True) for place in before.keys() - after.keys()}
    changes |= {Change(place, "was added", breaking=False) for place in after.keys() - before.keys()}
    for place in before.keys() & after.keys():
        changes.update(_operation(diff, place, before[place], after[place]))
    return sorted(changes)


def _operations(document: Node) -> dict[str, Node]:
    """Operations by method and path, each with the parameters of its path folded in."""
    found: dict[str, Node] = {}
    for path, item in document.get("paths", {}).items():
        for method in _METHODS:
            if method in item:
                shared = item.get("parameters", [])
                own = item[method].get("parameters", [])
                found[f"{method.upper()} {path}"] = {**item[method], "parameters": [*shared, *own]}
    return found


def _operation(diff: SchemaDiff, place: str, old: Node, new: Node) -> Iterator[Change]:
    if old.get("operationId") != new.get("operationId"):
        # Generated clients name their methods by it.
        what = f"operationId {old.get('operationId')} became {new.get('operationId')}"
        yield Change(place, what, breaking=True)
    if _is_open(diff.old, old) and not _is_open(diff.new, new):
        yield Change(place, "a credential is now needed", breaking=True)
    yield from _parameters(diff, place, old, new)
    yield from _request_body(diff, place, old, new)
    yield from _responses(diff, place, old, new)


def _is_open(document: Node, operation: Node) -> bool:
    """Return whether the operation can be called without a credential (an empty requirement makes it optional)."""
    security = operation.get("security", document.get("security", []))
    return not security or {} in security


def _parameters(diff: SchemaDiff, place: str, old: Node, new: Node) -> Iterator[Change]:
    before, after = _named_parameters(diff.old, old), _named_parameters(diff.new, new)
    for name in before.keys() - after.keys():
        yield Change(place, f"{name} was removed", breaking=True)
    for name in after.keys() - before.keys():
        required = _is_required(after[name])
        yield Change(place, f"{name} was added{', and is required' if required else ''}", required)
    for name in before.keys() & after.keys():
        here = f"{place}, {name}"
        yield from _requiredness(here, before[name], after[name])
        yield from diff.changes(
            here, before[name].get("schema", {}), after[name].get("schema", {}), Side.REQUEST
        )


def _named_parameters(document: Node, operation: Node) -> dict[str, Node]:
    found = (resolve(document, parameter) for parameter in operation["parameters"])
    return {f"{parameter['in']} parameter {parameter['name']}": parameter for parameter in found}


def _is_required(node: Node) -> bool:
    return bool(node.get("required", False))


def _requiredness(place: str, old: Node, new: Node) -> Iterator[Change]:
    if _is_required(old) != _is_required(new):
        what = "is now required" if _is_required(new) else "is no longer required"
        yield Change(place, what, _is_required(new))


def _request_body(diff: SchemaDiff, place: str, old: Node, new: Node) -> Iterator[Change]:
    before = resolve(diff.old, old["requestBody"]) if "requestBody" in old else None
    after = resolve(diff.new, new["requestBody"]) if "requestBody" in new else None
    here = f"{place}, request body"
    if before is not None and after is not None:
        yield from _requiredness(here, before, after)
        yield from _contents(diff, here, before, after, Side.REQUEST)
    elif before is not None:
        yield Change(here, "was removed", breaking=True)
    elif after is not None:
        yield Change(here, "was added", _is_required(after))


def _responses(diff: SchemaDiff, place: str, old: Node, new: Node) -> Iterator[Change]:
    before, after = old.get("responses", {}), new.get("responses", {})
    for status in before.keys() - after.keys():
        yield Change(place, f"status {status} was removed", breaking=True)
    for status in after.keys() - before.keys():
        yield Change(place, f"status {status} was added", breaking=False)
    for status in before.keys() & after.keys():
        here = f"{place}, status {status}"
        was, now = resolve(diff.old, before[status]), resolve(diff.new, after[status])
        yield from _names(here, "header", was.get("headers", {}), now.get("headers", {}))
        yield from _contents(diff, here, was, now, Side.RESPONSE)


def _contents(diff: SchemaDiff, place: str, old: Node, new: Node, side: Side) -> Iterator[Change]:
    before, after = old.get("content", {}), new.get("content", {})
    yield from _names(place, "media type", before, after)
    for media_type in before.keys() & after.keys():
        was, now = before[media_type].get("schema", {}), after[media_type].get("schema", {})
        yield from diff.changes(f"{place}, {media_type}", was, now, side)


def _names(place: str, kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in old.keys() - new.keys():
        yield Change(place, f"{kind} {name} was removed", breaking=True)
    for name in new.keys() - old.keys():
        yield Change(place, f"{kind} {name} was added", breaking=False)
