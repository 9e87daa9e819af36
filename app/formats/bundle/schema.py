"""The JSON Schema of a bundle file, so that editors complete and check a ladder while it is typed.

It is the models' own schema plus what files may do beyond it: children inside their parents, plain text for
statements and examples, the release block. Nothing is required at the top, because a folder splits a ladder.
"""

from typing import Any, Final, cast

from pydantic.json_schema import GenerateJsonSchema

from app.formats.bundle.assemble import NESTINGS, RELEASE, SCHEMA
from app.formats.bundle.release_block import ReleaseBlock
from app.rubric.ladder import Ladder
from app.rubric.shape import properties

_Schema = dict[str, Any]

SCHEMA_ID: Final = "/v1/schemas/ladder.json"
_REF: Final = "#/$defs/{model}"
_PLAIN: Final = ("Statement", "Example")
"""Parts that may be written as plain text."""


class _Untitled(GenerateJsonSchema):
    """Leaves out the titles made from property names; they say nothing the name does not."""

    def field_title_should_be_set(self, schema: object) -> bool:
        """No title on any field."""
        del schema
        return False


def bundle_schema() -> dict[str, object]:
    """Return the JSON Schema (draft 2020-12) of what one file of a bundle may hold."""
    schema = Ladder.model_json_schema(schema_generator=_Untitled)
    parts = cast("_Schema", schema["$defs"])
    release = ReleaseBlock.model_json_schema(schema_generator=_Untitled)
    _allow_plain(schema)
    for name, nesting in NESTINGS.items():
        parent, child = _part(name), _part(nesting.inside)
        parts[parent]["properties"][nesting.inside] = {
            "description": f"{nesting.inside.capitalize()} of this {nesting.parent}, in order; "
            f"`{nesting.reference}` is implied.",
            "type": "array",
            "items": {"$ref": _REF.format(model=child)},
        }
        _require_at_top(schema["properties"][nesting.inside], parts[child], nesting.reference)
    _let_facets_imply(parts["Expectation"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Career ladder bundle",
        "description": "One file of a bundle: a whole ladder, or the part of it that this file holds.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            SCHEMA: {"description": "Where this schema is; ignored.", "type": "string"},
            **schema["properties"],
            RELEASE: {"$ref": _REF.format(model="ReleaseBlock")},
        },
        "$defs": {**parts, "ReleaseBlock": release},
    }


def _part(name: str) -> str:
    """Return the model of the items of one of the ladder's lists."""
    part = properties(Ladder)[name].part
    assert part is not None  # noqa: S101 - the nestings name lists of parts
    return part.__name__


def _require_at_top(listing: _Schema, child: _Schema, reference: str) -> None:
    """Move the demand for the reference from the child to the ladder's own list of it."""
    child["required"].remove(reference)
    listing["items"]["required"] = [reference]


def _let_facets_imply(expectation: _Schema) -> None:
    """A facet says which competency is meant."""
    expectation["required"].remove("competency")
    expectation["anyOf"] = [{"required": ["competency"]}, {"required": ["facet"]}]


def _allow_plain(schema: _Schema) -> None:
    """Let every list of statements or examples hold plain text too."""
    plain = {_REF.format(model=model) for model in _PLAIN}
    for part in schema["$defs"].values():
        for listing in part["properties"].values():
            if listing.get("items", {}).get("$ref") in plain:
                listing["items"] = {"anyOf": [{"type": "string"}, listing["items"]]}
