"""Fields of a JSON schema, as the API reference lists them: name, type, meaning, and the fields within."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Json = Mapping[str, Any]

_MOST_VALUES: Final = 20
"""The most allowed values that are listed."""
_FORMATS: Final = {"date": "date", "date-time": "date and time", "uuid": "UUID"}
_LIMITS: Final = (
    ("minimum", "at least"),
    ("exclusiveMinimum", "more than"),
    ("maximum", "at most"),
    ("exclusiveMaximum", "less than"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object."""

    name: str
    type: str
    required: bool
    description: str
    default: str | None
    object: str
    """The name of the object, or of the objects in the list, that is the field's value; empty for other values."""
    fields: tuple["Field", ...]
    """The fields of that object, where the page names it for the first time."""


def resolved(document: Json, value: Json) -> Json:
    """Return the part of the document that a reference names, or the value itself if it is no reference."""
    while "$ref" in value:
        part: Any = document
        for name in value["$ref"].removeprefix("#/").split("/"):
            part = part[name.replace("~1", "/").replace("~0", "~")]
        value = part
    return value


def fields_of(document: Json, schema: Json, seen: set[str]) -> tuple[Field, ...]:
    """Return the fields of an object, or of the objects in a list; none for other schemas.

    `seen` names the objects that the page has shown. Their fields are not shown again.
    """
    found: dict[str, Field] = {}
    for one in _objects(document, schema):
        for name, value in one.get("properties", {}).items():
            if name not in found:
                found[name] = _field(
                    document, name, value, required=name in one.get("required", ()), seen=seen
                )
    return tuple(found.values())


def _field(document: Json, name: str, schema: Json, *, required: bool, seen: set[str]) -> Field:
    title = next((one["title"] for one in _objects(document, schema) if "title" in one), "")
    fields: tuple[Field, ...] = ()
    if title not in seen:
        seen.add(title)
        fields = fields_of(document, schema, seen)
    return Field(
        name,
        type_of(document, schema),
        required,
        schema.get("description") or resolved(document, schema).get("description", ""),
        default_of(schema),
        title,
        fields,
    )


def type_of(document: Json, schema: Json) -> str:
    """Return the type of a schema in words, with its allowed values and limits."""
    schema = resolved(document, schema)
    if "const" in schema:
        return _as_json(schema["const"])
    if "enum" in schema:
        return _choices(schema["enum"])
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        types = (type_of(document, one) for one in choices if resolved(document, one).get("type") != "null")
        return " or ".join(dict.fromkeys(types))
    if "properties" in schema and "title" in schema:
        return str(schema["title"])
    if schema.get("type") == "array":
        return f"list of {type_of(document, schema.get('items', {}))}"
    return _simple_type(schema)


def _simple_type(schema: Json) -> str:
    """Return the type of a single value in words, with its limits."""
    kind = schema.get("type", "any value")
    if isinstance(kind, list):
        return " or ".join(str(one) for one in kind if one != "null")
    limits: list[str] = [f"{words} {schema[name]:,}" for name, words in _LIMITS if name in schema]
    if schema.get("maxLength"):
        limits.append(f"at most {schema['maxLength']:,} characters")
    return ", ".join((str(_FORMATS.get(schema.get("format", ""), kind)), *limits))


def default_of(schema: Json) -> str | None:
    """Return the default as JSON; None without one, and for an empty one."""
    default = schema.get("default")
    return None if default in (None, [], {}, "") else _as_json(default)


def _objects(document: Json, schema: Json) -> Iterator[Json]:
    """Yield the objects that a schema allows, directly, as a choice, or in a list."""
    schema = resolved(document, schema)
    if "properties" in schema:
        yield schema
    elif "items" in schema:
        yield from _objects(document, schema["items"])
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _objects(document, one)


def _choices(values: list[Any]) -> str:
    shown = [_as_json(value) for value in values[:_MOST_VALUES] if value is not None]
    more = len(values) - _MOST_VALUES
    return "one of " + ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
