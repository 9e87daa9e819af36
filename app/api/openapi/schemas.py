"""JSON Schemas as generators of clients need them.

Pydantic describes what Python accepts. A client needs what is sent: no `null` that never comes, one kind of number,
named enums in requests, and open lists of values in responses. A list of values in a response is a string with
`x-extensible-enum`, so a client that was generated today accepts a value that is added tomorrow.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from app.api.reading.dates import MOMENT_SCHEMA
from app.api.views.search_bodies import SearchKind
from app.pictures.chart_values import Measure
from app.pictures.palette import Theme
from app.rubric.compare.comparison import CellChange
from app.rubric.diff.changes import Action
from app.rubric.entities import Kind
from app.rubric.ladder import Applicability, CountsAs, Cumulative, Extending
from app.rubric.parts import Match
from app.rubric.releases import Bump, Impact
from app.rubric.views.holdings import State
from app.rubric.views.progression import How
from app.store.access.rights import Right
from app.store.ladder_settings import Visibility

Json = dict[str, Any]

OPEN: Final = "x-extensible-enum"
"""The extension that lists the known values of a string that may have others in the future."""
REFERENCE: Final = "#/components/schemas/"
_NULL: Final = {"type": "null"}
_NUMBERS: Final = ({"type": "integer"}, {"type": "number"})
_MOMENTS: Final = frozenset({"date", "date-time"})
_MORE: Final = "More values may be added."
_CONSTANTS: Final = "x-enum-varnames"
"""The extension that names the constants of a list of values in generated clients."""
_WORD_START: Final = re.compile(r"(?<!^)(?=[A-Z])")
_ENUMS: Final[Mapping[tuple[Any, ...], str]] = {
    **{
        get_args(values): name
        for name, values in {
            "Applicability": Applicability,
            "Bump": Bump,
            "CellState": State,
            "ChangeAction": Action,
            "CompareChange": CellChange,
            "CountsAs": CountsAs,
            "Cumulative": Cumulative,
            "Extending": Extending,
            "Impact": Impact,
            "Match": Match,
            "Measure": Measure,
            "Right": Right,
            "NextHow": How,
            "SearchKind": SearchKind,
            "Theme": Theme,
            "Visibility": Visibility,
            "EntityKind": Kind,
        }.items()
    },
    ("1", "2", "3"): "PixelRatio",
    ("add", "remove", "replace", "move", "copy", "test"): "JsonPatchOp",
    ("approve", "request-changes"): "DecisionKind",
    ("competencies", "facets"): "MatrixRows",
    ("deprecated", "withdrawn", "rescheduled"): "ReleaseEventKind",
    ("levels", "steps"): "MatrixColumns",
    ("light", "dark"): "PrintTheme",
    ("merge", "replace"): "ImportMode",
    ("comma", "semicolon", "tab"): "TableSeparator",
    ("yes", "no"): "ScaleCumulative",
}
"""The name of every list of values that requests may use, by its values."""


def simplify(node: Any) -> None:  # noqa: ANN401 - any part of a JSON document
    """Remove what no client needs from every schema below: nulls, titles, second texts, a second kind of number."""
    for part in _parts(node):
        if isinstance(part.get("properties"), dict):
            for schema in part["properties"].values():
                if isinstance(schema, dict):
                    schema.pop("title", None)
        if isinstance(part.get("schema"), dict) and "in" in part:
            part["schema"].pop("title", None)
            part["schema"].pop("description", None)  # the parameter has it
        if part.get("default", ...) is None:
            del part["default"]
        if isinstance(part.get("anyOf"), list):
            _simplify_choice(part)


def _simplify_choice(schema: Json) -> None:
    """Replace a choice by its only real alternative, if it has only one."""
    choices = [one for one in schema["anyOf"] if one != _NULL]
    if all(one in choices for one in _NUMBERS):
        choices = [{"type": "number"}, *(one for one in choices if one not in _NUMBERS)]
    if {one.get("format") for one in choices} == _MOMENTS:
        choices = [MOMENT_SCHEMA]
    schema["anyOf"] = choices
    if len(choices) == 1:
        del schema["anyOf"]
        schema |= {name: value for name, value in choices[0].items() if name not in schema}


def open_response(node: Any) -> None:  # noqa: ANN401 - any part of a JSON document
    """Open every schema of a response below: no closed lists of values or fields, and no defaults."""
    for part in _parts(node):
        part.pop("default", None)
        part.pop("propertyNames", None)
        if part.get("additionalProperties") is False:
            del part["additionalProperties"]
        only = part.pop("const", None)
        if isinstance(only, str):
            part["enum"] = [only]
        if isinstance(part.get("enum"), list):
            _open_enum(part)


def _open_enum(schema: Json) -> None:
    values = schema.pop("enum")
    schema |= {"type": "string", OPEN: values}
    text = schema.get("description", "")
    if not all(f"`{value}`" in text for value in values):
        text = f"{text} One of {', '.join(f'`{value}`' for value in values)}.".strip()
    schema["description"] = text if "may be added" in text else f"{text} {_MORE}"


def name_enums(node: Any, schemas: Json) -> None:  # noqa: ANN401 - any part of a JSON document
    """Replace every list of values below by a reference to a named schema, which is added to `schemas`.

    A list of values that `_ENUMS` does not name stays where it is. A test then asks for a name.
    """
    for part in list(_parts(node)):
        values = part.get("enum")
        name = _ENUMS.get(tuple(values)) if isinstance(values, list) else None
        if name is not None:
            schemas[name] = _named_enum(part.pop("type"), part.pop("enum"), name)
            part["$ref"] = REFERENCE + name
        schema = part["schema"] if "in" in part else part
        if "description" in part and "$ref" in schema and "default" in schema:
            _describe_default(part, schema.pop("default"))


def _named_enum(kind: str, values: list[str], name: str) -> Json:
    """Return the schema of a list of values.

    The constants of a Go client share one namespace, and those of a Python client share theirs with the methods of
    `str`. So each constant begins with the name of its list.
    """
    prefix = _WORD_START.sub("_", name)
    constants = [f"{prefix}_{value.replace('-', '_')}".upper() for value in values]
    return {"type": kind, "enum": values, "title": name, _CONSTANTS: constants}


def _describe_default(described: Json, default: str) -> None:
    """Say the default in words: next to a reference, generators take it for another type, or lose the type."""
    if "default" not in described["description"].lower():
        described["description"] += f" Default: `{default}`."


def remove_unused(document: Json) -> None:
    """Remove the schemas to which nothing in a document refers."""
    schemas = document["components"]["schemas"]
    others = {name: part for name, part in document["components"].items() if name != "schemas"}
    used: set[str] = set()
    new = _references([document["paths"], others])
    while new:
        used |= new
        new = _references([schemas[name] for name in new]) - used
    document["components"]["schemas"] = {name: schema for name, schema in schemas.items() if name in used}


def _references(node: Any) -> set[str]:  # noqa: ANN401 - any part of a JSON document
    """Return the names of the schemas to which a part of a document refers."""
    found = (part["$ref"] for part in _parts(node) if isinstance(part.get("$ref"), str))
    return {name.removeprefix(REFERENCE) for name in found if name.startswith(REFERENCE)}


def _parts(node: Any) -> Iterator[Json]:  # noqa: ANN401 - any part of a JSON document
    """Yield every object of a JSON document, the inner ones first, without those in examples."""
    if isinstance(node, dict):
        for name, part in list(node.items()):
            if name != "example" and not (name == "examples" and isinstance(part, list)):
                yield from _parts(part)
        yield node
    elif isinstance(node, list):
        for part in node:
            yield from _parts(part)
