"""Patches of JSON: JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902), applied to what was parsed before.

A small patch can make a large result: one operation can copy everything that the operations before it made. So the
number of operations, the values that they carry, the bytes that they add and the depth of the result are bounded.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import jsonpatch
import jsonpointer

from app.errors import MOST_FAULTS, Conflict, Fault, Invalid, TooLarge
from app.formats.syntax.files import decoded, summary
from app.formats.syntax.json_reader import read_json
from app.formats.syntax.nodes import MAX_DEPTH, MAX_VALUES, echo, plain

MAX_OPERATIONS: Final = 1_000
"""Most operations of one JSON Patch."""
MOST_ADDED: Final = 2 * 1024 * 1024
"""Most bytes that the operations of a patch add, unless the caller allows more."""
_OPERATIONS: Final = ("add", "remove", "replace", "move", "copy", "test")
_WITH_VALUE: Final = frozenset({"add", "replace", "test"})
_WITH_FROM: Final = frozenset({"move", "copy"})
_ADDING: Final = frozenset({"add", "replace", "copy"})
_PUNCTUATION: Final = 4
"""Bytes of quotes, separators and brackets around a value."""

Json = Any
"""A parsed JSON value."""


def read_patch(data: bytes) -> Json:
    """Return the value that the JSON of a patch parses to.

    Raises BadRequest if it does not parse or nests too deep, and Invalid if a property is written twice.
    """
    root, remarks = read_json(decoded(data, "patch.json"))
    if remarks:
        faults = [remark.source.fault(remark.at, remark.detail) for remark in remarks[:MOST_FAULTS]]
        raise Invalid(summary(faults), faults=faults)
    return plain(root)


def merge_patch(target: dict[str, Json], patch: Json) -> dict[str, Json]:
    """Return an object with a JSON Merge Patch applied. Null deletes a property; objects are merged.

    `patch` is nested no deeper than `MAX_DEPTH`. Raises Invalid if it is not an object.
    """
    if not isinstance(patch, dict):
        raise _invalid("A JSON Merge Patch must be an object with the properties to change.", "")
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


def json_patch(target: dict[str, Json], patch: Json, most_added: int = MOST_ADDED) -> dict[str, Json]:
    """Apply a JSON Patch to an object, which must not be used any more, and return the result.

    No state in between is longer than the object and `most_added` bytes.

    Raises:
        Conflict: A `test` failed; the fault points to it.
        Invalid: An operation is wrong, leads nowhere or costs too much; the faults point to it.
        TooLarge: The operations add more than `most_added` bytes; the fault points to the one that does.
    """
    if not isinstance(patch, list):
        raise _invalid("A JSON Patch must be a list of operations.", "")
    if len(patch) > MAX_OPERATIONS:
        raise _invalid(
            f"The patch has {len(patch):,} operations; the limit is {MAX_OPERATIONS:,}. Split the patch.",
            f"/{MAX_OPERATIONS}",
        )
    faults = [fault for place, operation in enumerate(patch) for fault in _faults(f"/{place}", operation)]
    if faults:
        raise Invalid("The JSON Patch is invalid.", faults=faults[:MOST_FAULTS])
    patched: Json = target
    budget = _Budget(MAX_VALUES, most_added)
    for place, operation in enumerate(patch):
        budget.charge(patched, operation, f"/{place}")
        patched = _applied(patched, operation, f"/{place}")
    if not isinstance(patched, dict):
        raise _invalid(
            "The result of the patch is not an object. Patch its properties.", f"/{len(patch) - 1}"
        )
    return patched


def _applied(target: Json, operation: dict[str, Json], place: str) -> Json:
    """Apply one operation and return the result."""
    what = f"{operation['op']} {echo(operation['path'])}"
    try:
        return jsonpatch.JsonPatch([operation]).apply(target, in_place=True)
    except jsonpatch.JsonPatchTestFailed:
        detail = f"{what}: the value is different. Read the resource again, then decide."
        raise Conflict(detail, faults=[Fault(detail, place)]) from None
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException) as error:
        fix = "use a path that exists (`-` is the end of a list, for `add` only)."
        raise _invalid(f"{what}: {echo(str(error))}; {fix}", f"{place}/path") from None


def _faults(place: str, operation: Json) -> Iterator[Fault]:
    """Yield the faults of an operation that do not depend on its target."""
    if not isinstance(operation, dict):
        yield Fault('An operation must be an object, such as {"op": "remove", "path": "/summary"}.', place)
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
    """Return why a value cannot be a JSON Pointer (RFC 6901) into a ladder, or None if it can."""
    if not isinstance(text, str):
        return "is missing or is not text; write a JSON Pointer, such as `/examples/0`."
    try:
        parts = jsonpointer.JsonPointer(text).parts
    except jsonpointer.JsonPointerException:
        return "is not a JSON Pointer; begin it with `/`, and write `~` as `~0`."
    return f"is longer than {MAX_DEPTH} steps; use a shorter path." if len(parts) > MAX_DEPTH else None


class _Budget:
    """The values that later operations may carry, and the bytes that they may add."""

    def __init__(self, values: int, size: int) -> None:
        self._most_values, self._values = values, values
        self._most_bytes, self._bytes = size, size

    def charge(self, target: Json, operation: dict[str, Json], place: str) -> None:
        """Charge an operation before it is applied. Raises Invalid if it carries, adds or nests too much."""
        if operation["op"] in _WITH_FROM:
            carried = jsonpointer.resolve_pointer(target, operation["from"], None)
        else:
            carried = operation.get("value")
        count, depth = _measured(carried, self._values + 1)
        if count > self._values:
            raise _invalid(
                f"The operations carry more than {self._most_values:,} values; split the patch.", place
            )
        if depth + operation["path"].count("/") > MAX_DEPTH:
            raise _invalid(f"The result would be nested deeper than {MAX_DEPTH} levels; nest it less.", place)
        self._values -= count
        if operation["op"] in _ADDING:
            self._bytes -= len(operation["path"]) + _size(carried, self._bytes)
            if self._bytes < 0:
                detail = f"The operations add more than {self._most_bytes:,} bytes. Split the patch."
                raise TooLarge(detail, faults=[Fault(detail, place)])


def _size(value: Json, most: int) -> int:
    """Return how many bytes a value takes as JSON, roughly; counting stops beyond `most`."""
    size, row = 0, [value]
    while row and size <= most:
        for one in row:
            texts = one if isinstance(one, dict) else (one,) if isinstance(one, str) else ()
            for text in texts:
                # Characters first: encoding a long text again and again would cost more than applying the patch.
                size += len(text) if size + len(text) > most else len(text.encode("utf-8", "surrogatepass"))
            size += _PUNCTUATION * (1 + len(texts))
            if size > most:
                break
        row = list(_inside(row)) if size <= most else []
    return size


def _measured(value: Json, most: int) -> tuple[int, int]:
    """Return how many values a value holds, itself included, counted up to `most`, and how deep they are nested."""
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
