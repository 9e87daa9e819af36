"""The bodies of writes: for each kind a class of the model, and its schema in the OpenAPI document.

A response has more fields than a request body needs, and later versions may add some. A request body can only have
known fields. So request bodies have their own schemas, whose names end in `Input`.
"""

from typing import Any, Final

from pydantic.json_schema import models_json_schema

from app.rubric.editing import LadderRoot
from app.rubric.entities import CLASSES, COLLECTIONS
from app.rubric.parts import Example
from app.rubric.text import Target, Value

_TEMPLATE: Final = "#/components/schemas/{model}Input"


class PlacedExample(Example):
    """An example and the entity that it belongs to."""

    of: Target | None = None
    """The entity that it belongs to, as `kind:slug`. Required for a new example; another entity moves the example."""


INPUTS: Final[dict[str, type[Value]]] = {
    "ladder": LadderRoot,
    **{kind: CLASSES[kind] for kind in COLLECTIONS.values()},
    "example": PlacedExample,
}
"""The class of the request body for each kind that has URLs."""


def input_schema(kind: str) -> dict[str, Any]:
    """Return a reference to the schema of the body of a kind."""
    return {"$ref": _TEMPLATE.format(model=INPUTS[kind].__name__)}


def input_schemas() -> dict[str, Any]:
    """Return the schemas of all bodies, by name, for the components of the OpenAPI document."""
    models = [(model, "validation") for model in INPUTS.values()]
    _, made = models_json_schema(models, ref_template=_TEMPLATE)  # type: ignore[arg-type]  # its literal is too narrow
    named = {f"{name}Input": schema for name, schema in made["$defs"].items()}
    # Client generators name classes by the title, so it equals the name.
    return {name: schema | {"title": name} for name, schema in named.items()}
