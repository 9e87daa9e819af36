"""`ladder validate` and `ladder schema`: they need files and nothing else."""

from pathlib import Path
from typing import Final

import jsonschema
import pytest

from app.formats.bundle.reader import bundle_schema
from tests.cli.service import Service
from tests.cli.shell import SEED, SMALL, ladder

UNCHECKED: Final = "; history was not checked (use --against)"


def test_a_valid_ladder_passes(small: Path) -> None:
    ended = ladder("validate", small)
    assert (ended.code, ended.out, ended.err) == (0, "", f"{small}: 0 errors, 0 warnings{UNCHECKED}\n")


@pytest.mark.parametrize("name", ["netflix-engineering/1.0.0.yaml", "example-engineering/1.1.0"])
def test_the_seeds_pass(name: str) -> None:
    assert ladder("validate", SEED / name, "--json").json["items"] == []


def test_every_finding_is_a_line_with_its_place_severity_and_code(small: Path) -> None:
    small.write_text(
        SMALL.replace("craft\n    title", "kraft\n    title") + "scales: [{slug: s, title: S}]\n"
    )
    ended = ladder("validate", small)
    assert ended.code == 3
    assert [[*line.split(": ")[:2], line.rsplit(" ", 1)[1]] for line in ended.out.splitlines()] == [
        [f"{small}:15:10", "warning", "[scale-without-steps]"],
        [f"{small}:15:10", "warning", "[unused-scale]"],
        [f"{small}:10:25", "error", "[unknown-competency]"],
    ]
    assert ended.err == f"{small}: 1 error, 2 warnings{UNCHECKED}\n"


def test_warnings_alone_do_not_fail(small: Path) -> None:
    small.write_text("slug: bare\ntitle: Bare\n", encoding="utf-8")
    ended = ladder("validate", small)
    assert (ended.code, ended.err) == (0, f"{small}: 0 errors, 1 warning{UNCHECKED}\n")


def test_findings_as_json(small: Path) -> None:
    small.write_text("slug: bare\ntitle: Bare\nlevls: []\n", encoding="utf-8")
    ended = ladder("validate", small, "--json")
    (item,) = ended.json["items"]
    message = item.pop("message")
    assert (ended.code, ended.err, ended.json["ladder"], item) == (
        3,
        "",
        None,
        {"place": f"{small}:3:1", "severity": "error", "code": "invalid-ladder", "pointer": "/levls"},
    )
    assert message == "unknown property `levls`; did you mean `levels`?"


def test_json_names_the_ladder_and_the_pointer_of_a_broken_rule(small: Path) -> None:
    small.write_text(SMALL.replace("competency: craft", "competency: kraft"), encoding="utf-8")
    ended = ladder("validate", small, "--json")
    (item,) = ended.json["items"]
    assert (ended.code, ended.json["ladder"]) == (3, "small")
    assert (item["code"], item["pointer"]) == ("unknown-competency", "/expectations/0/competency")


@pytest.mark.parametrize(
    "content",
    [b"", b"slug: [\n", b"\xff\xfeslug", b"slug: a\nslug: b\n", b"a: &a [*a]\n", b"[" * 5000, b"\tslug: a\n"],
    ids=["empty", "unclosed", "encoding", "duplicate-key", "alias", "deep", "tab"],
)
def test_a_file_that_does_not_parse_is_named_with_the_place(small: Path, content: bytes) -> None:
    small.write_bytes(content)
    ended = ladder("validate", small)
    assert ended.code == 3
    assert ended.out.startswith(f"{small}:")
    assert "Traceback" not in ended.err


def test_a_missing_path_is_a_usage_error(tmp_path: Path) -> None:
    ended = ladder("validate", tmp_path / "nowhere")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("ladder: Invalid value for 'PATH': ")


def test_schema_is_the_one_that_bundles_are_written_by() -> None:
    ended = ladder("schema")
    assert (ended.code, ended.json, ended.err) == (0, bundle_schema(), "")
    jsonschema.Draft202012Validator.check_schema(ended.json)
    assert ended.out == ladder("schema").out


CONFLICT: Final = (
    "This competency was first published as 'craft', which `formerly` must say. Write `formerly: [craft]`."
)


def test_names_are_checked_against_a_database_a_server_or_an_exported_release(
    small: Path, service: Service, database: str, tmp_path: Path
) -> None:
    exported = tmp_path / "exported.yaml"
    assert ladder("publish", small).code == 0
    renamed = SMALL.replace("craft\n    title", "skill\n    title").replace(
        "competency: craft", "competency: skill"
    )
    first = renamed.replace("slug: skill\n", "slug: skill\n    formerly: [craft]\n")
    small.write_text(first, encoding="utf-8")
    assert ladder("publish", small).code == 0
    exported.write_text(first, encoding="utf-8")
    service.application.serving.freshness.refresh()
    small.write_text(renamed, encoding="utf-8")
    for source in (service.url, f"{service.url}/v1/ladders/small", database, exported):
        checked = ladder("validate", small, "--against", source, "--json")
        found = [(one["code"], one["message"]) for one in checked.json["items"]]
        assert (checked.code, found) == (3, [("missing-former-slugs", CONFLICT)]), source
        small.write_text(first, encoding="utf-8")
        ended = ladder("validate", small, "--against", source)
        assert (ended.code, ended.err) == (0, f"{small}: 0 errors, 0 warnings\n")
        small.write_text(renamed, encoding="utf-8")
    assert ladder("publish", small).code == 3


def test_a_source_of_history_that_does_not_exist_is_named(small: Path) -> None:
    ended = ladder("validate", small, "--against", "nowhere.db")
    assert ended.code != 0
    assert "'nowhere.db' does not exist. Use the URL of a server or database" in ended.err
