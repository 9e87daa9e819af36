"""The JSON Schema of bundle files: it takes what the reader takes, and says what it knows."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from app.errors import InvalidLadder
from app.formats.bundle.reader import bundle_schema, parse_bundle
from app.formats.bundle.writer import export_json
from app.formats.syntax.files import bundle_files
from app.formats.syntax.nodes import Source, plain
from app.formats.syntax.yaml_reader import read_yaml
from app.rubric.canonical import plain as flat
from app.rubric.ladder import Ladder
from tests.strategies import FRAMEWORKS, ladders

_SEED = Path(__file__).parents[3] / "seed"
_FILES = [file for path in (_SEED, FRAMEWORKS) for file in bundle_files(path)]
_VALIDATOR = Draft202012Validator(bundle_schema())


def test_the_schema_is_one_and_says_what_it_is() -> None:
    schema = bundle_schema()
    Draft202012Validator.check_schema(schema)
    assert {name: schema[name] for name in ("$schema", "$id", "title", "type")} == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "/v1/schemas/ladder.json",
        "title": "Career ladder bundle",
        "type": "object",
    }
    assert "required" not in schema


@pytest.mark.parametrize("file", _FILES, ids=lambda file: str(file.relative_to(file.parents[2])))
def test_every_seed_and_fixture_file_is_valid(file: Path) -> None:
    root, _ = read_yaml(Source(file.name, file.read_text(encoding="utf-8")))
    assert [error.message for error in _VALIDATOR.iter_errors(plain(root))] == []


@given(ladder=ladders())
def test_every_ladder_is_valid_nested_and_flat(ladder: Ladder) -> None:
    for document in (json.loads(export_json(ladder, None)), flat(ladder)):
        assert [error.message for error in _VALIDATOR.iter_errors(document)] == []


@pytest.mark.parametrize(
    "part",
    [
        {"levels": [{"slug": "l5", "title": "L5"}]},
        {"facets": [{"slug": "scale", "title": "Scale"}]},
        {"expectations": [{"competency": "design"}]},
        {"expectations": [{"level": "l5"}]},
        {"tracks": [{"slug": "ic", "title": "IC", "levels": [{"slug": "l5"}]}]},
        {"levels": [{"slug": "l5", "track": "ic", "title": "L5", "examples": [5]}]},
        {"levels": [{"slug": "L5", "track": "ic", "title": "L5"}]},
        {"expectations": [{"level": "l5", "competency": "a", "applicability": "must"}]},
        {"levls": []},
        {"levels": None},
        {"release": {"version": "1.0"}},
        {"release": {"note": "x"}},
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(part: dict[str, object]) -> None:
    document = {"slug": "acme", "title": "Acme", **part}
    with pytest.raises(InvalidLadder):
        parse_bundle(json.dumps(document).encode(), "x.json")
    assert not _VALIDATOR.is_valid(document)


def test_a_file_may_hold_any_part_of_a_ladder() -> None:
    assert _VALIDATOR.is_valid({})
    assert _VALIDATOR.is_valid({"$schema": "x", "release": {"published_at": "2026-03-31"}})
    assert _VALIDATOR.is_valid(
        {"levels": [{"slug": "l5", "track": "ic", "title": "L5", "examples": ["Text."]}]}
    )


def test_every_property_is_described() -> None:
    schema = bundle_schema()
    parts = schema["$defs"]
    assert isinstance(parts, dict)
    without = [
        f"{part}.{name}"
        for part, definition in [("", schema), *parts.items()]
        for name, said in definition["properties"].items()
        if "description" not in said and "$ref" not in said
    ]
    assert without == []
