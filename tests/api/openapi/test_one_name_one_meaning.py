"""One name, one type: a property has the same type wherever it occurs in the contract."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from app.api.openapi.document import contract
from app.main import create_api
from app.settings import Settings

Json = Any
_FORMS: Final = ("Entry", "Item", "Resource", "Input")
"""The forms of one thing: within another, in a list, alone, and as it is written."""
_CONTAINERS: Final = frozenset({"items", "links", "included", "counts"})
"""Parts of every body, whose content depends on the body: a list, links, what `expand` adds, numbers of things."""
_EXCEPTIONS: Final[Mapping[str, str]] = {
    "after": "what the item compares, in the later or second of two: a value, a text, a place, a side",
    "before": "what the item compares, in the earlier or first of two",
    "cells": "the cells of a view; each view says something else about a cell",
    "columns": "the columns of a matrix, or those that were understood in a sheet",
    "expectations": "an expectation as its author wrote it, or in a view with its origin",
    "faqs": "as short mentions in a list of next levels",
    "tips": "as short mentions in a list of next levels",
    "from": "one of the two sides of a comparison; in a JSON Patch (RFC 6902) a pointer",
    "to": "one of the two sides of a comparison",
    "levels": "in a diff by slug, or with the class of their changes",
    "tracks": "in a diff by slug; in a self-rating with its points",
    "licence": "of a ladder with a URL; of a source as its name only, which releases store and hash",
    "statements": "as their author wrote them, or in a view with what they count as",
    "status": "in problem details (RFC 9457) the number of the HTTP status; else where a thing stands",
    "successors": "in problem details with their URLs",
}
"""Names with several types, each with the reason."""


_OTHER_VALUES: Final[Mapping[str, str]] = {
    "change": "in how many ways a level, a text or a place can differ depends on the view",
    "cumulative": "a ladder can leave it unsaid, a scale cannot",
    "kind": "what sort of thing it is, among the things of that list",
    "op": "an edit of a text; in a JSON Patch (RFC 6902) an operation",
    "severity": "a finding in an imported file may also be only a remark",
    "status": "where it stands: a service, a release, a review",
}
"""Names with several lists of values, each with the reason."""


@pytest.fixture(scope="module")
def schemas() -> Json:
    return contract(create_api(Settings()), "")["components"]["schemas"]


def kind_of(schema: Json, schemas: Json) -> str:
    """Return the type of a schema: of a text or number its JSON type, of a list its items, else its name."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        target = schemas[name]
        return plain_name(name) if target.get("type") == "object" else kind_of(target, schemas)
    if "anyOf" in schema or "allOf" in schema:
        parts = schema.get("anyOf", schema.get("allOf"))
        return "|".join(sorted({kind_of(part, schemas) for part in parts if part.get("type") != "null"}))
    stated = schema.get("type", "string" if "enum" in schema or "const" in schema else "anything")
    named = [one for one in ([stated] if isinstance(stated, str) else stated) if one != "null"]
    if named == ["array"]:
        return f"list of {kind_of(schema['items'], schemas)}"
    return "number" if named == ["integer"] else " or ".join(named)


def plain_name(name: str) -> str:
    """Return the name of the thing that a schema describes, whatever the form."""
    for form in _FORMS:
        if name.endswith(form):
            return name.removesuffix(form)
    return name


def properties(schemas: Json) -> Iterator[tuple[str, str, str]]:
    """Yield each property: its name, its type, its schema. Links and the text cells of flat tables are left out."""
    for owner, schema in schemas.items():
        if owner.endswith(("Links", "Row", "Included")) and owner != "MatrixRow":
            continue
        for name, value in schema.get("properties", {}).items():
            yield name, kind_of(value, schemas), owner


def test_a_property_has_one_type_wherever_it_occurs(schemas: Json) -> None:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, kind, owner in properties(schemas):
        found[name][kind].append(owner)
    several = {name: dict(kinds) for name, kinds in found.items() if len(kinds) > 1}
    wrong = {name: kinds for name, kinds in several.items() if name not in {*_CONTAINERS, *_EXCEPTIONS}}
    assert not wrong
    assert _EXCEPTIONS.keys() <= several.keys(), "an exception that is no longer needed"


def values_of(schema: Json, schemas: Json) -> frozenset[str]:
    """Return the values that a property may have today; none if it is not one of a list."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return frozenset[str]().union(*(values_of(part, schemas) for part in schema["anyOf"]))
    return frozenset(schema.get("enum") or schema.get("x-extensible-enum") or ())


def test_a_property_has_one_list_of_values_wherever_it_occurs(schemas: Json) -> None:
    found: dict[str, set[frozenset[str]]] = defaultdict(set)
    for schema in schemas.values():
        for name, value in schema.get("properties", {}).items():
            if values := values_of(value, schemas):
                found[name].add(values)
    assert {name for name, lists in found.items() if len(lists) > 1} == _OTHER_VALUES.keys()


def test_links_are_paths_and_their_names_say_what_they_lead_to(schemas: Json) -> None:
    for owner, schema in schemas.items():
        if owner.endswith("Links"):
            assert {kind_of(value, schemas) for value in schema["properties"].values()} == {"string"}, owner


def test_a_flat_table_has_texts_and_numbers_only(schemas: Json) -> None:
    for owner, schema in schemas.items():
        if owner.endswith("Row") and owner != "MatrixRow":
            kinds = {kind_of(value, schemas) for value in schema["properties"].values()}
            assert kinds <= {"string", "number"}, owner


def test_a_body_says_release_or_version_not_both(schemas: Json) -> None:
    """`release` names the release that a body was read from; `version` is the number of the one it is about."""
    found = {
        name: {owner for said, _, owner in properties(schemas) if said == name}
        for name in ("release", "version")
    }
    assert "Root" not in found["version"]
    assert not found["release"] & found["version"]


def test_every_number_of_things_ends_in_count(schemas: Json) -> None:
    for name, kind, owner in properties(schemas):
        if owner.endswith("Counts"):
            assert name.endswith("_count") or (owner, name) in {
                ("ChangeCounts", one) for one in ("by_kind", "by_action", "by_impact")
            }, (owner, name, kind)
