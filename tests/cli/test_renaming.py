"""Renaming a ladder in files: with `ladder publish`, here and on a server."""

from pathlib import Path
from typing import Final

import pytest

from tests.cli.service import Service
from tests.cli.shell import SMALL, ladder

RENAMED: Final = SMALL.replace("slug: small\n", "slug: planned\nformerly: [small]\n", 1).replace(
    "title: Small", "title: Planned", 1
)
LOST: Final = RENAMED.replace("formerly: [small]\n", "", 1)


def rename(path: Path) -> None:
    path.write_text(RENAMED, "utf-8")


def test_publishing_files_with_another_slug_renames_the_ladder(database: str, small: Path) -> None:
    assert database
    assert ladder("publish", small).code == 0
    rename(small)
    ended = ladder("publish", small, "--dry-run")
    assert (ended.code, ended.out.partition(",")[0]) == (0, "Would publish planned@1.1.0")
    assert ladder("publish", small).code == 0
    assert [(one["ladder"], one["in_force"]) for one in ladder("list", "--json").json["items"]] == [
        ("planned", "1.1.0")
    ]
    for name, slug in (("small@1.0.0", "small"), ("planned@1.0.0", "small"), ("small", "planned")):
        assert ladder("export", name).out.partition("\nslug: ")[2].startswith(f"{slug}\n")
    shown = ladder("diff", "small@1.0.0", "planned", "--format", "json").json
    assert "ladder:planned" in str(shown)
    assert ladder("deprecate", "planned@1.0.0", "--reason", "New name.").code == 0
    assert ladder("settings", "small", "--visibility", "internal").code == 0
    assert ladder("settings", "planned", "--json").json["visibility"] == "internal"
    log = [ladder("audit", "--ladder", slug, "--json").json["items"] for slug in ("small", "planned")]
    assert log[0] == log[1]
    assert len(log[0]) == 4


def test_a_renaming_is_checked_against_the_database(database: str, small: Path, tmp_path: Path) -> None:
    assert ladder("publish", small).code == 0
    rename(small)
    assert ladder("validate", small, "--against", database).code == 0
    other = tmp_path / "other.yaml"
    other.write_text(SMALL.replace("slug: small\n", "slug: planned\n", 1), "utf-8")
    assert ladder("publish", other).code == 0
    taken = ladder("validate", small, "--against", database)
    assert taken.code == 3
    assert "[taken-slug]" in taken.out
    refused = ladder("publish", small)
    assert refused.code == 3
    assert "If this is that ladder, choose a `slug` that was never used." in refused.err
    small.write_text(RENAMED.replace("slug: planned", "slug: free", 1), "utf-8")
    assert ladder("validate", small, "--against", database).code == 0
    assert ladder("publish", small).code == 0


def test_a_server_knows_the_ladder_of_files_by_its_former_slug(
    service: Service, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LADDER_KEY", service.key("cy", "admin"))
    assert ladder("publish", small, "--server", service.url).code == 0
    rename(small)
    assert ladder("validate", small, "--against", service.url).code == 0
    pushed = ladder("push", small, "--server", service.url)
    assert (pushed.code, pushed.out) == (0, "Updated small@draft.\n")
    published = ladder("publish", small, "--server", service.url, "--json").json
    assert (published["outcome"], published["ladder"], published["release"]) == (
        "published",
        "planned",
        "1.1.0",
    )
    again = ladder("publish", small, "--server", service.url)
    assert (again.code, again.err) == (4, "Nothing to publish: planned@1.1.0 already has this content.\n")
    out = small.with_name("pulled.yaml")
    assert ladder("pull", "small", "--server", service.url, "-o", out).code == 0
    assert out.read_text("utf-8").startswith("slug: planned\n")
    assert ladder("validate", small, "--against", service.url).code == 0
    assert ladder("diff", "small@1.0.0", "planned@1.1.0", "--server", service.url).code == 0


def test_a_ladder_that_forgets_its_former_slug_is_another_ladder(database: str, small: Path) -> None:
    assert database
    assert ladder("publish", small).code == 0
    small.write_text(LOST, "utf-8")
    assert ladder("publish", small).code == 0
    assert [one["ladder"] for one in ladder("list", "--json").json["items"]] == ["planned", "small"]
