"""The bodies that writes take: for each kind a class of the model, and its schema in the OpenAPI document.

An answer holds more than a body needs, and leaves room for what later versions add; a body holds what is known here
and nothing else. So their schemas have names of their own, which end in `Input`.
"""

from typing import Any, Final

from pydantic.json_schema import models_json_schema

from app.rubric.editing import LadderRoot
from app.rubric.entities import CLASSES, COLLECTIONS
from app.rubric.parts import Example
from app.rubric.text import Target, Value

_TEMPLATE: Final = "#/components/schemas/{model}Input"


class PlacedExample(Example):
    """An example and what it hangs on."""

    of: Target | None = None
    """What it hangs on, as `kind:slug`; a new example needs it, and another one moves the example there."""


INPUTS: Final[dict[str, type[Value]]] = {
    "ladder": LadderRoot,
    **{kind: CLASSES[kind] for kind in COLLECTIONS.values()},
    "example": PlacedExample,
}
"""For each kind with a URL of its own, the class of what is written there."""


def input_schema(kind: str) -> dict[str, Any]:
    """A reference to the schema of what is written of a kind."""
    return {"$ref": _TEMPLATE.format(model=INPUTS[kind].__name__)}


def input_schemas() -> dict[str, Any]:
    """The schemas of all that is written, by name, for the components of the OpenAPI document."""
    models = [(model, "validation") for model in INPUTS.values()]
    _, made = models_json_schema(models, ref_template=_TEMPLATE)  # type: ignore[arg-type]  # its literal is too narrow
    named = {f"{name}Input": schema for name, schema in made["$defs"].items()}
    # Generators of clients name classes by the title, so it says the same as the name.
    return {name: schema | {"title": name} for name, schema in named.items()}
