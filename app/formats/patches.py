"""Patches of JSON: JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902), applied to what was parsed before.

A patch comes from outside and may be made to cost much: one operation can copy all that the ones before it made.
So the number of operations, the values they carry and move together, and the depth of what they make are bounded.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import jsonpatch
import jsonpointer

from app.errors import MOST_FAULTS, Conflict, Fault, Invalid
from app.formats.syntax.files import decoded, summary
from app.formats.syntax.json_reader import read_json
from app.formats.syntax.nodes import MAX_DEPTH, MAX_VALUES, echo, plain

MAX_OPERATIONS: Final = 1_000
"""Most operations of one JSON Patch."""
_OPERATIONS: Final = ("add", "remove", "replace", "move", "copy", "test")
_WITH_VALUE: Final = frozenset({"add", "replace", "test"})
_WITH_FROM: Final = frozenset({"move", "copy"})

Json = Any
"""What JSON parses to."""


def read_patch(data: bytes) -> Json:
    """What the JSON of a patch parses to.

    Raises BadRequest where it does not parse or nests too deep, Invalid where a property is written twice.
    """
    root, remarks = read_json(decoded(data, "patch.json"))
    if remarks:
        faults = [remark.source.fault(remark.at, remark.detail) for remark in remarks[:MOST_FAULTS]]
        raise Invalid(summary(faults), faults=faults)
    return plain(root)


def merge_patch(target: dict[str, Json], patch: Json) -> dict[str, Json]:
    """What a JSON Merge Patch makes of an object, which stays as it is: null takes away, objects go deeper.

    `patch` is nested no deeper than `MAX_DEPTH`. Raises Invalid where it is no object.
    """
    if not isinstance(patch, dict):
        raise _invalid("A JSON Merge Patch is an object that holds the properties to change.", "")
    merged = dict(target)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, dict):
            inner = merged.get(name)
            merged[name] = merge_patch(inner if isinstance(inner, dict) else {}, value)
        else:
            merged[name] = value
    return merged


def json_patch(target: dict[str, Json], patch: Json) -> dict[str, Json]:
    """What a JSON Patch makes of an object, which must not be used any more.

    Raises:
        Conflict: A `test` failed; the fault points to it.
        Invalid: An operation is wrong, leads nowhere or costs too much; the faults point to it.
    """
    if not isinstance(patch, list):
        raise _invalid("A JSON Patch is a list of operations.", "")
    if len(patch) > MAX_OPERATIONS:
        raise _invalid(
            f"{len(patch):,} operations; one patch takes {MAX_OPERATIONS:,} at most.", f"/{MAX_OPERATIONS}"
        )
    faults = [fault for place, operation in enumerate(patch) for fault in _faults(f"/{place}", operation)]
    if faults:
        raise Invalid("The JSON Patch has faults.", faults=faults[:MOST_FAULTS])
    patched: Json = target
    left = MAX_VALUES
    for place, operation in enumerate(patch):
        left = _charge(patched, operation, left, f"/{place}")
        patched = _applied(patched, operation, f"/{place}")
    if not isinstance(patched, dict):
        raise _invalid("What the patch leaves is no object; patch its properties.", f"/{len(patch) - 1}")
    return patched


def _applied(target: Json, operation: dict[str, Json], place: str) -> Json:
    """What one operation makes of its target."""
    what = f"{operation['op']} {echo(operation['path'])}"
    try:
        return jsonpatch.JsonPatch([operation]).apply(target, in_place=True)
    except jsonpatch.JsonPatchTestFailed:
        detail = f"{what}: the value there is another; read again, then decide again."
        raise Conflict(detail, faults=[Fault(detail, place)]) from None
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException) as error:
        fix = "name a place that is there (`-` is the end of a list, and for `add` only)."
        raise _invalid(f"{what}: {echo(str(error))}; {fix}", f"{place}/path") from None


def _faults(place: str, operation: Json) -> Iterator[Fault]:
    """What is wrong with an operation by itself."""
    if not isinstance(operation, dict):
        yield Fault('An operation is an object, such as {"op": "remove", "path": "/summary"}.', place)
        return
    name = operation.get("op")
    if name not in _OPERATIONS:
        yield Fault(f"`op` is {echo(name)!r}; it must be one of {', '.join(_OPERATIONS)}.", f"{place}/op")
        return
    for member in ("path", "from") if name in _WITH_FROM else ("path",):
        detail = _no_pointer(operation.get(member))
        if detail is not None:
            yield Fault(f"`{member}` {detail}", f"{place}/{member}")
    if name in _WITH_VALUE and "value" not in operation:
        yield Fault(f"`{name}` needs a `value`.", place)


def _no_pointer(text: Json) -> str | None:
    """Why something cannot be a JSON Pointer (RFC 6901) into a ladder; None where it can."""
    if not isinstance(text, str):
        return "is missing or no text; write a JSON Pointer, such as `/examples/0`."
    try:
        parts = jsonpointer.JsonPointer(text).parts
    except jsonpointer.JsonPointerException:
        return "is no JSON Pointer; begin it with `/`, and write `~` as `~0`."
    return f"leads deeper than {MAX_DEPTH} steps." if len(parts) > MAX_DEPTH else None


def _charge(target: Json, operation: dict[str, Json], left: int, place: str) -> int:
    """How many values later operations may still carry. Raises Invalid where this one carries too many, too deep."""
    if operation["op"] in _WITH_FROM:
        carried = jsonpointer.resolve_pointer(target, operation["from"], None)
    else:
        carried = operation.get("value")
    size, depth = _measured(carried, left + 1)
    if size > left:
        raise _invalid(f"The operations carry more than {MAX_VALUES:,} values; split the patch.", place)
    if depth + operation["path"].count("/") > MAX_DEPTH:
        raise _invalid(f"What this makes is nested deeper than {MAX_DEPTH} levels.", place)
    return left - size


def _measured(value: Json, most: int) -> tuple[int, int]:
    """How many values there are in a value, itself included, counted up to `most`; and how deep they lie."""
    count, depth, row = 0, -1, [value]
    while row and count < most:
        depth += 1
        count += len(row)
        row = list(islice(_inside(row), most))
    return count, depth


def _inside(row: list[Json]) -> Iterator[Json]:
    for value in row:
        if isinstance(value, dict):
            yield from value.values()
        elif isinstance(value, list):
            yield from value


def _invalid(detail: str, pointer: str) -> Invalid:
    return Invalid(detail, faults=[Fault(detail, pointer)])
