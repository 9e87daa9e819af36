"""`ladder pull`, `ladder push` and `ladder publish --server`, against a service on both engines."""

from pathlib import Path

import pytest

from app.formats.bundle.reader import read_bundle
from app.rubric.canonical import canonical, content_sha256
from tests.cli.service import Service
from tests.cli.shell import SMALL, edit, ladder

DRAFT = "/v1/ladders/small@draft"


def digest(path: Path) -> str:
    return content_sha256(canonical(read_bundle(path).ladder))


def key_of(monkeypatch: pytest.MonkeyPatch, service: Service, owner: str, *scopes: str) -> str:
    """Work with a key of somebody else from now on."""
    key = service.key(owner, *scopes)
    monkeypatch.setenv("LADDER_KEY", key)
    return key


def test_a_push_begins_a_ladder_then_updates_its_draft_and_says_when_nothing_is_new(
    service: Service, small: Path
) -> None:
    key = service.key("cy", "write")
    first = ladder("push", small)
    assert (first.code, first.out, first.err) == (0, "Began small@draft.\n", f"Content {digest(small)}\n")
    assert service.get(f"{DRAFT}/document", key).json()["competencies"][0]["title"] == "Craft"

    edit(small, "Writes code that lasts.")
    second = ladder("push", small, "--json")
    assert second.json == {"outcome": "updated", "ladder": "small", "content_sha256": digest(small)}
    read = service.get(f"{DRAFT}/expectations/l1--craft", key).json()
    assert read["summary"] == "Writes code that lasts."

    third = ladder("push", small)
    assert (third.code, third.out) == (0, "Nothing new in small@draft.\n")


def test_a_draft_with_findings_is_pushed_and_they_are_printed(service: Service, small: Path) -> None:
    small.write_text(SMALL.replace("competency: craft", "competency: draft"), "utf-8")
    ended = ladder("push", small)
    assert (ended.code, ended.out) == (0, "Began small@draft.\n")
    assert f"{small}:10:25: error: " in ended.err
    found = service.get(f"{DRAFT}/findings", service.key("cy", "write")).json()
    assert "error" in [item["severity"] for item in found["items"]]


def test_files_that_hold_no_ladder_are_not_pushed(service: Service, small: Path) -> None:
    small.write_text("slug: small\n", "utf-8")
    ended = ladder("push", small)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.endswith(f"ladder: {small} was not pushed: 1 error, 0 warnings.\n")
    assert service.get(f"{DRAFT}/document", service.key("cy", "write")).status_code == 404


def test_a_push_does_not_replace_a_changed_draft(service: Service, small: Path) -> None:
    ladder("push", small)
    seen = digest(small)
    other = edit(small.with_name("other.yaml"), "By somebody else.")
    assert ladder("push", other, "--expect", seen).code == 0
    edit(small, "Mine.")
    ended = ladder("push", small, "--expect", seen)
    assert (ended.code, ended.out) == (5, "")
    assert ended.err == (
        f"ladder: small@draft has changed. Its content hash is now {digest(other)}. Pull it, then push again.\n"
    )
    key = service.key("cy", "write")
    assert service.get(f"{DRAFT}/expectations/l1--craft", key).json()["summary"] == "By somebody else."


@pytest.mark.usefixtures("service")
def test_a_push_that_expects_a_missing_draft_is_refused(small: Path) -> None:
    ended = ladder("push", small, "--expect", "0" * 64)
    assert (ended.code, ended.err) == (
        5,
        "ladder: 'small' has no draft on the server.\n",
    )


@pytest.mark.usefixtures("service")
def test_a_pull_writes_a_file_named_after_the_ladder_or_as_asked(small: Path, tmp_path: Path) -> None:
    ladder("push", small)
    small.unlink()
    ended = ladder("pull", "small")
    assert (ended.code, ended.out) == (0, "Wrote small@draft to small.yaml.\n")
    assert ended.err == f"Content {digest(small)}\n"
    other = ladder("pull", "small", "--output", "small.json", "--json")
    assert other.json == {
        "from": "small@draft",
        "path": "small.json",
        "changed": True,
        "content_sha256": digest(small),
    }
    assert digest(tmp_path / "small.json") == digest(small)
    (tmp_path / "folder").mkdir()
    assert ladder("pull", "small", "-o", "folder").code == 0
    assert digest(tmp_path / "folder/small.yaml") == digest(small)


@pytest.mark.usefixtures("service")
def test_a_pull_into_files_keeps_what_the_author_wrote(small: Path) -> None:
    ladder("push", edit(small.with_name("other.yaml"), "Writes code that lasts."))
    small.write_text(
        "# Mine\n" + SMALL.replace("craft\n    title", "craft   # all of it\n    title"), "utf-8"
    )
    before = small.read_text("utf-8")
    ended = ladder("pull", "small", "-o", small)
    assert (ended.code, ended.out) == (0, f"Wrote small@draft to {small}.\n")
    assert small.read_text("utf-8") == before.replace("that works.", "that lasts.")
    again = ladder("pull", "small", "-o", small)
    assert (again.code, again.out) == (0, f"Nothing new: small@draft is {small}.\n")


@pytest.mark.usefixtures("service")
def test_an_unknown_ladder_exits_with_7_and_writes_nothing(small: Path) -> None:
    ladder("push", small)
    ended = ladder("pull", "smal", "-o", "x.yaml")
    assert (ended.code, ended.out) == (7, "")
    assert not Path("x.yaml").exists()


@pytest.mark.usefixtures("service")
def test_a_file_with_another_extension_is_refused(small: Path) -> None:
    ladder("push", small)
    ended = ladder("pull", "small", "-o", "small.txt")
    assert (ended.code, ended.err) == (
        3,
        "ladder: small.txt has an unknown extension. Use one of .yaml, .yml, .json.\n",
    )


def test_a_publish_by_a_server_makes_the_release_of_the_files(
    service: Service, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_of(monkeypatch, service, "ada", "write", "publish")
    first = ladder("publish", small, "--server", service.url)
    assert (first.code, first.out) == (0, "Published small@1.0.0, in force from 2026-11-22T12:00:00Z.\n")
    again = ladder("publish", small, "--server", service.url)
    assert (again.code, again.out) == (4, "")
    assert again.err == "Nothing to publish: small@1.0.0 already has this content.\n"

    edit(small, "Writes code that lasts.")
    low = ladder("publish", small, "--server", service.url, "--bump", "patch")
    assert (low.code, low.out) == (8, "")
    assert low.err.startswith(
        "ladder: 1.0.1 is lower than the changes since 1.0.0 require: the minimum is 2.0.0"
    )
    assert low.err.endswith("The files are now in small@draft. Nothing was published.\n")

    lower = ladder("publish", small, "--server", service.url, "--bump", "patch", "--because", "A slip.")
    assert (lower.code, lower.out.splitlines()[1]) == (
        0,
        "The minimum is 2.0.0. Reason for the lower number: A slip.",
    )

    edit(small, "Writes code that others can change.")
    arguments = ("--effective-from", "2027-01-01", "--notes", "Lasts.", "--json")
    second = ladder("publish", small, "--server", service.url, *arguments)
    assert second.json == {
        "outcome": "published",
        "ladder": "small",
        "release": "2.0.0",
        "corrects": None,
        "minimum_version": None,
        "because": None,
        "notes": "Lasts.",
        "published_at": "2026-11-22T12:00:00Z",
        "effective_from": "2027-01-01T00:00:00Z",
        "content_sha256": digest(small),
        "missing_in": [],
    }
    assert service.get(f"{DRAFT}/document", service.key("cy", "write")).json()["release"] == "draft"


def test_a_publish_of_an_approved_draft_leaves_it_as_it_was_approved(
    service: Service, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LADDER_DATABASE_URL", service.application.serving.settings.database_url)
    ladder("publish", small, "--server", service.url)
    assert ladder("settings", "small", "--require-review", "yes").code == 0
    edit(small, "Writes code that lasts.")
    ladder("push", small)
    refused = ladder("publish", small, "--server", service.url)
    assert (refused.code, refused.err.split(". ")[0]) == (
        5,
        "ladder: 'small' needs an approved review before it can be published",
    )

    for path, body, owner, scopes in (
        ("reviews", {"title": "Lasts"}, "ada", ("write",)),
        ("reviews/1/decisions", {"decision": "approve", "content_sha256": digest(small)}, "bob", ("review",)),
    ):
        answer = service.post(f"/v1/ladders/small/{path}", body, service.key(owner, *scopes))
        assert answer.status_code == 201, answer.text
    key_of(monkeypatch, service, "cy", "publish")
    done = ladder("publish", small, "--server", service.url)
    assert (done.code, done.out) == (0, "Published small@2.0.0, in force from 2026-11-22T12:00:00Z.\n")


def test_options_that_a_server_lacks_are_refused(service: Service, small: Path) -> None:
    dry = ladder("publish", small, "--server", service.url, "--dry-run")
    assert (dry.code, "`ladder diff` shows the changes" in dry.err) == (2, True)
    over = ladder("publish", small, "--server", service.url, "--override-review", "Now.")
    assert (over.code, "not possible on a server" in over.err) == (2, True)
    assert service.get("/v1/ladders").json()["items"] == []


def test_files_with_errors_are_not_published(service: Service, small: Path) -> None:
    small.write_text(SMALL.replace("competency: craft", "competency: draft"), "utf-8")
    assert ladder("publish", small, "--server", service.url).code == 3
    assert service.get(f"{DRAFT}/document", service.key("cy", "write")).status_code == 404
