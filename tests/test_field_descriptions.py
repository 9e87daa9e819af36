"""Properties are described by the text below them, wherever they are shown."""

import importlib.util
import py_compile
import sys
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from app.field_descriptions import Described, descriptions


class Place(Described):
    """A place with a URL."""

    self_: Annotated[str, Field(alias="self")]
    """Its own URL,
    in full."""
    near: Annotated[str, Field(description="Said by the type.")] = ""
    """Not read: the type has spoken."""
    silent: str = ""

    far: int = 0
    """Metres."""
    again: int = 0
    """Said by the first class."""


class Beside:
    """Another thing of the module, which describes nothing."""

    far: int
    """Not about a place."""


class Nearer(Place):
    """A place that is near."""

    far: int = 1
    """Centimetres."""
    again: int = 1
    more: Place | None = None
    """Another place."""
    inside: Place
    """The place in which it is."""


WHOLE: dict[str, Any] = {
    "self": "Its own URL,\nin full.",
    "near": "Said by the type.",
    "silent": None,
    "far": "Centimetres.",
    "again": None,
    "more": "Another place.",
    "inside": "The place in which it is.",
}


def shown(model: type[BaseModel], **options: Any) -> dict[str, str | None]:  # noqa: ANN401 - pydantic's
    """Return the descriptions in the JSON Schema of a class."""
    properties = model.model_json_schema(**options)["properties"]
    return {name: schema.get("description") for name, schema in properties.items()}


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_a_schema_shows_what_the_nearest_class_says(mode: str) -> None:
    assert shown(Nearer, mode=mode) == WHOLE
    assert shown(Place, mode=mode) == {
        "self": "Its own URL,\nin full.",
        "near": "Said by the type.",
        "silent": None,
        "far": "Metres.",
        "again": "Said by the first class.",
    }


def test_it_shows_what_pydantic_would_show() -> None:
    class Theirs(BaseModel):
        model_config = ConfigDict(use_attribute_docstrings=True)

        self_: Annotated[str, Field(alias="self")]
        """Its own URL,
        in full."""
        near: Annotated[str, Field(description="Said by the type.")] = ""
        """Not read: the type has spoken."""
        silent: str = ""

        far: int = 0
        """Metres."""
        again: int = 0
        """Said by the first class."""

    class Place(Theirs):
        """A place with a URL."""

    assert Place.model_json_schema() == globals()["Place"].model_json_schema()


def test_parts_are_described_where_they_are_defined() -> None:
    parts = Nearer.model_json_schema()["$defs"]
    assert parts["Place"]["properties"]["far"] == {
        "default": 0,
        "description": "Metres.",
        "title": "Far",
        "type": "integer",
    }


def test_descriptions_go_by_the_names_of_fields() -> None:
    told = descriptions(Nearer)
    assert dict(told) == {
        {"self": "self_"}.get(name, name): text for name, text in WHOLE.items() if text is not None
    }


def test_without_source_only_what_fields_say_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "sourceless.py"
    source.write_text(
        "from typing import Annotated\n"
        "from pydantic import Field\n"
        "from app.field_descriptions import Described\n"
        "class Thing(Described):\n"
        "    a: int = 0\n"
        "    'Lost.'\n"
        "    b: Annotated[int, Field(description='Kept.')] = 0\n"
    )
    compiled = py_compile.compile(str(source), cfile=str(tmp_path / "sourceless.pyc"), doraise=True)
    source.unlink()
    module = loaded("sourceless", Path(str(compiled)), monkeypatch)
    assert shown(module.Thing) == {"a": None, "b": "Kept."}


def loaded(name: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the module of a file, imported for one test."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


def test_a_property_is_described_under_the_name_by_which_it_is_shown() -> None:
    assert shown(Place, by_alias=False)["self_"] == "Its own URL,\nin full."
