"""Classes whose properties are described by the text below them, which is read once somebody asks what they mean.

That is what pydantic's `use_attribute_docstrings` does too, but while each class is made: every start and every
command would read and parse the source of all of them, for the sake of the few that show a JSON Schema.
"""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic_core import CoreSchema


class Described(BaseModel):
    """A value whose JSON Schema says what each property means."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler, /) -> Any:  # noqa: ANN401 - a JSON Schema
        """The schema as pydantic makes it, with the descriptions."""
        schema = handler(core_schema)
        shown = handler.resolve_ref_schema(schema)["properties"]
        for name, text in descriptions(cls).items():
            for key in {name, cls.model_fields[name].alias} & shown.keys():  # as the schema calls it
                shown[key]["description"] = text
        return schema


@cache
def descriptions(model: type[BaseModel]) -> Mapping[str, str]:
    """Return the descriptions of the properties of a class, by name; those without one are left out.

    `Field(description=...)` goes first. Then the class that declares a property says what it means there, as a string
    below the declaration. Where the source is not at hand, only the former is known.
    """
    below: dict[str, str | None] = {}
    for owner in reversed(model.__mro__):
        if issubclass(owner, BaseModel) and owner is not BaseModel:
            below |= _said_in(owner.__module__).get(owner.__name__, {})
    said = {name: field.description or below.get(name) for name, field in model.model_fields.items()}
    return {name: text for name, text in said.items() if text}


@cache
def _said_in(module: str) -> Mapping[str, Mapping[str, str | None]]:
    """For each class of a module, the properties it declares and the text below each."""
    try:
        source = inspect.getsource(sys.modules[module])
    except (OSError, TypeError, SyntaxError):  # not at hand, or replaced since it was loaded
        return {}
    classes = (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    return {node.name: dict(_said_by(node)) for node in classes}


def _said_by(owner: ast.ClassDef) -> Iterator[tuple[str, str | None]]:
    for declared, below in pairwise([*owner.body, ast.Pass()]):
        if isinstance(declared, ast.AnnAssign) and isinstance(declared.target, ast.Name):
            yield declared.target.id, _text(below)


def _text(node: ast.stmt) -> str | None:
    value = node.value if isinstance(node, ast.Expr) else None
    text = value.value if isinstance(value, ast.Constant) else None
    return inspect.cleandoc(text) if isinstance(text, str) else None
