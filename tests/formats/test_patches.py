"""JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902)."""

from copy import deepcopy
from typing import Any

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Conflict, Fault, Invalid, LadderError, TooLarge
from app.formats.patches import MAX_OPERATIONS, MOST_ADDED, Json, json_patch, merge_patch

LEVEL: dict[str, Json] = {
    "slug": "l5",
    "title": "Senior",
    "attributes": [{"title": "Reach", "items": ["team"]}],
    "examples": [],
    "licence": {"title": "MIT", "url": "https://example.org"},
}
scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.sampled_from("abc"), values, max_size=3)


def refused(
    patch: Json, error: type[LadderError] = Invalid, most_added: int = MOST_ADDED
) -> list[tuple[str | None, str]]:
    """Return pointer and detail of each fault of a JSON Patch of the level."""
    with pytest.raises(error) as caught:
        json_patch(deepcopy(LEVEL), patch, most_added)
    return [(fault.pointer, fault.detail) for fault in caught.value.faults]


# The cases of RFC 7396, appendix A, that keep to objects


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch(target: dict[str, Json], patch: Json, result: dict[str, Json]) -> None:
    before = deepcopy(target)
    assert merge_patch(target, patch) == result
    assert target == before


@pytest.mark.parametrize("patch", [[], ["c"], "bar", 1, None])
def test_a_merge_patch_is_an_object(patch: Json) -> None:
    with pytest.raises(Invalid) as caught:
        merge_patch(LEVEL, patch)
    detail = "A JSON Merge Patch must be an object with the properties to change."
    assert caught.value.faults == (Fault(detail, ""),)


@given(objects, objects)
def test_a_merge_patch_can_be_sent_twice(target: dict[str, Json], patch: dict[str, Json]) -> None:
    once = merge_patch(target, patch)
    assert merge_patch(once, patch) == once


@given(objects)
def test_an_object_without_null_merges_to_itself(target: dict[str, Json]) -> None:
    assert merge_patch(target, {}) == target
    assert merge_patch({}, {"x": "y"}) == {"x": "y"}


# JSON Patch


@pytest.mark.parametrize(
    ("operation", "change"),
    [
        ({"op": "add", "path": "/summary", "value": "S."}, {"summary": "S."}),
        ({"op": "add", "path": "/examples/-", "value": {"text": "E."}}, {"examples": [{"text": "E."}]}),
        ({"op": "replace", "path": "/title", "value": "T"}, {"title": "T"}),
        ({"op": "copy", "from": "/title", "path": "/code"}, {"code": "Senior"}),
        ({"op": "test", "path": "/licence/title", "value": "MIT"}, {}),
        ({"op": "test", "path": "", "value": LEVEL}, {}),
        (
            {"op": "add", "path": "/attributes/0/items/0", "value": "all"},
            {"attributes": [{"title": "Reach", "items": ["all", "team"]}]},
        ),
    ],
)
def test_an_operation(operation: Json, change: dict[str, Json]) -> None:
    assert json_patch(deepcopy(LEVEL), [operation]) == LEVEL | change


def test_operations_follow_each_other() -> None:
    patch = [
        {"op": "remove", "path": "/licence"},
        {"op": "move", "from": "/attributes/0/title", "path": "/code"},
        {"op": "test", "path": "/code", "value": "Reach"},
    ]
    rest = {name: value for name, value in LEVEL.items() if name != "licence"}
    assert json_patch(deepcopy(LEVEL), patch) == rest | {"attributes": [{"items": ["team"]}], "code": "Reach"}
    assert json_patch(deepcopy(LEVEL), []) == LEVEL


@given(objects, objects)
def test_what_differs_can_be_patched(before: dict[str, Any], after: dict[str, Any]) -> None:
    patch = list(jsonpatch.make_patch(before, after))
    assert json_patch(deepcopy(before), patch) == after


def test_a_failed_test_is_a_conflict() -> None:
    patch = [{"op": "remove", "path": "/licence"}, {"op": "test", "path": "/title", "value": "Junior"}]
    detail = "test /title: the value is different. Read the resource again, then decide."
    assert refused(patch, Conflict) == [("/1", detail)]
    # A number is not a truth value, however Python compares them.
    assert refused([{"op": "test", "path": "/examples", "value": False}], Conflict)


@pytest.mark.parametrize("patch", [{}, {"op": "remove", "path": "/title"}, "x", None, 1])
def test_a_patch_is_a_list(patch: Json) -> None:
    assert refused(patch) == [("", "A JSON Patch must be a list of operations.")]


def test_every_wrong_operation_is_named() -> None:
    patch = [
        7,
        {"op": "delete", "path": "/title"},
        {"op": ["add"], "path": "/title"},
        {"op": "remove"},
        {"op": "remove", "path": "title"},
        {"op": "remove", "path": "/a~2"},
        {"op": "move", "path": "/title"},
        {"op": "replace", "path": "/title"},
        {"op": "remove", "path": "/a" * 33},
    ]
    known = "it must be one of add, remove, replace, move, copy, test."
    assert refused(patch) == [
        ("/0", 'An operation must be an object, such as {"op": "remove", "path": "/summary"}.'),
        ("/1/op", f"`op` is 'delete'; {known}"),
        ("/2/op", f"`op` is \"['add']\"; {known}"),
        ("/3/path", "`path` is missing or is not text; write a JSON Pointer, such as `/examples/0`."),
        ("/4/path", "`path` is not a JSON Pointer; begin it with `/`, and write `~` as `~0`."),
        ("/5/path", "`path` is not a JSON Pointer; begin it with `/`, and write `~` as `~0`."),
        ("/6/from", "`from` is missing or is not text; write a JSON Pointer, such as `/examples/0`."),
        ("/7", "`replace` needs a `value`."),
        ("/8/path", "`path` is longer than 32 steps; use a shorter path."),
    ]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "/summary"},
        {"op": "replace", "path": "/examples/0", "value": 1},
        {"op": "replace", "path": "/examples/-", "value": 1},
        {"op": "add", "path": "/examples/01", "value": 1},
        {"op": "add", "path": "/examples/1", "value": 1},
        {"op": "add", "path": "/summary/text", "value": 1},
        {"op": "add", "path": "/title/0", "value": "x"},
        {"op": "copy", "from": "/examples/0", "path": "/code"},
        {"op": "move", "from": "/attributes", "path": "/attributes/0"},
        {"op": "remove", "path": ""},
        {"op": "test", "path": "/examples/0/text", "value": 1},
        {"op": "add", "path": "/examples/99999999999999999999999999999", "value": 1},
    ],
)
def test_a_place_that_is_not_there_is_named(operation: Json) -> None:
    error = Conflict if operation["op"] == "test" else Invalid
    ((pointer, detail),) = refused([operation], error)
    assert pointer == ("/0" if error is Conflict else "/0/path")
    assert detail.startswith(f"{operation['op']} {operation['path']}")


def test_what_is_left_is_an_object() -> None:
    detail = "The result of the patch is not an object. Patch its properties."
    assert refused([{"op": "replace", "path": "", "value": []}]) == [("/0", detail)]


# Bounds


def test_the_operations_of_a_patch_are_counted() -> None:
    patch = [{"op": "test", "path": "/title", "value": "Senior"}] * MAX_OPERATIONS
    assert json_patch(deepcopy(LEVEL), patch) == LEVEL
    detail = "The patch has 1,001 operations; the limit is 1,000. Split the patch."
    assert refused([*patch, patch[0]]) == [("/1000", detail)]


def test_copies_of_copies_end_soon() -> None:
    doubling: Json = [
        {"op": "add", "path": "/examples", "value": [0]},
        *({"op": "copy", "from": "", "path": f"/x{place}"} for place in range(30)),
    ]
    ((pointer, detail),) = refused(doubling, most_added=10**12)
    assert pointer is not None
    assert int(pointer[1:]) < 31
    assert "values; split the patch." in detail or "nested deeper" in detail


@pytest.mark.parametrize(
    "first",
    [
        pytest.param("x" * 900, id="text"),
        pytest.param("ü" * 450, id="text of two bytes a character"),
        pytest.param({"x" * 900: 1}, id="name"),
        pytest.param(["x" * 90] * 10, id="list"),
    ],
)
def test_the_bytes_that_a_patch_adds_are_counted_in_every_state_in_between(first: Json) -> None:
    add = {"op": "add", "path": "/scope", "value": first}
    copies: list[Json] = [{"op": "copy", "from": "/scope", "path": f"/b{n}"} for n in range(8)]
    removals: list[Json] = [{"op": "remove", "path": f"/b{n}"} for n in range(8)]
    detail = "The operations add more than 5,000 bytes. Split the patch."
    faults = refused([add, *copies, *removals], TooLarge, most_added=5_000)
    assert faults in ([("/5", detail)], [("/4", detail)])
    assert refused([add, *[{**add, "op": "replace"}] * 8], TooLarge, most_added=5_000) == faults
    assert json_patch(deepcopy(LEVEL), [add, *copies[:3]], 5_000)["b2"] == first


def test_moves_and_tests_add_no_bytes() -> None:
    add = {"op": "add", "path": "/a", "value": "x" * 900}
    there, back = ({"op": "move", "from": f"/{one}", "path": f"/{two}"} for one, two in ("ab", "ba"))
    test = {"op": "test", "path": "/a", "value": "x" * 900}
    assert "a" in json_patch(deepcopy(LEVEL), [add, *[there, back, test] * 20], 1_000)


def test_depth_is_bounded_whatever_makes_it() -> None:
    down = [{"op": "copy", "from": "/licence", "path": "/licence/url"} for _ in range(40)]
    ((pointer, detail),) = refused(down)
    assert (pointer, detail) == ("/30", "The result would be nested deeper than 32 levels; nest it less.")
    deep: Json = "x"
    for _ in range(32):
        deep = {"a": deep}
    assert refused([{"op": "add", "path": "/summary", "value": deep}])[0][0] == "/0"
