"""Edits of single entities of a draft: every kind, every method, and the result after publishing."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from app.rubric.canonical import canonical, content_sha256
from app.rubric.ladder import Level, Removal
from app.rubric.parts import Example
from app.rubric.related import KIND_OF
from app.store.engine import reading
from tests.api.editing import (
    DRAFT,
    LADDER,
    NEW,
    PATCH,
    RELEASED,
    TEXT,
    THERE,
    DraftWriter,
    address,
    writing_to,
)
from tests.api.serving import Json, problem
from tests.databases import Databases


@pytest.fixture
def writer(databases: Databases) -> Iterator[DraftWriter]:
    """Somebody who may write the draft of a small ladder, on each engine."""
    with writing_to(databases) as found:
        yield found


def written(value: Json) -> Json:
    """JSON without empty lists, as an author writes it."""
    if isinstance(value, dict):
        return {name: written(inner) for name, inner in value.items() if inner != []}
    return [written(inner) for inner in value] if isinstance(value, list) else value


# Of every kind


@pytest.mark.parametrize("collection", THERE)
def test_an_entity_can_be_written_as_it_was_read(writer: DraftWriter, collection: str) -> None:
    below = f"/{collection}/{THERE[collection]}"
    read = writer.get(below)
    answer = writer.put(below, read.json(), if_match=read.headers["etag"])
    assert (answer.status_code, answer.json(), answer.headers["etag"]) == (
        200,
        read.json(),
        read.headers["etag"],
    )
    assert answer.headers["cache-control"] == "no-store"
    assert writer.ladder() == LADDER


@pytest.mark.parametrize("collection", NEW)
def test_a_missing_entity_is_created(writer: DraftWriter, collection: str) -> None:
    below = f"/{collection}/{address(collection)}"
    answer = writer.put(below, NEW[collection], if_none_match="*")
    assert (answer.status_code, answer.headers["location"]) == (201, DRAFT + below)
    read = writer.get(below)
    assert (read.status_code, read.json(), read.headers["etag"]) == (
        200,
        answer.json(),
        answer.headers["etag"],
    )
    kept = written({name: read.json()[name] for name in NEW[collection]})
    assert kept == NEW[collection]
    assert writer.api.client.get(RELEASED + below).status_code == 404


def changed(read: Any) -> Json:  # noqa: ANN401 - of either HTTP library
    """Return the body of an entity without `changed_in`, as it is once the draft changes it."""
    return {name: value for name, value in read.json().items() if name != "changed_in"}


@pytest.mark.parametrize("collection", THERE)
def test_an_entity_is_replaced(writer: DraftWriter, collection: str) -> None:
    below, name = f"/{collection}/{THERE[collection]}", TEXT.get(collection, "title")
    read = writer.get(below)
    answer = writer.put(below, read.json() | {name: "Quite another"}, if_match=read.headers["etag"])
    assert (answer.status_code, answer.json()) == (200, changed(read) | {name: "Quite another"})
    again = writer.get(below)
    assert (again.json(), again.headers["etag"]) == (answer.json(), answer.headers["etag"])
    assert answer.headers["etag"] != read.headers["etag"]


@pytest.mark.parametrize("collection", THERE)
def test_an_entity_accepts_both_kinds_of_patch(writer: DraftWriter, collection: str) -> None:
    below, name = f"/{collection}/{THERE[collection]}", TEXT.get(collection, "title")
    read = writer.get(below)
    merged = writer.patch(below, {name: "Once"}, if_match=read.headers["etag"])
    assert (merged.status_code, merged.json()) == (200, changed(read) | {name: "Once"})
    operations = [
        {"op": "test", "path": f"/{name}", "value": "Once"},
        {"op": "replace", "path": f"/{name}", "value": "Twice"},
    ]
    patched = writer.patch(below, operations, PATCH, if_match=merged.headers["etag"])
    assert (patched.status_code, patched.json()) == (200, changed(read) | {name: "Twice"})
    assert writer.tag(below) == patched.headers["etag"]


@pytest.mark.parametrize("collection", THERE)
def test_an_entity_is_removed(writer: DraftWriter, collection: str) -> None:
    below = f"/{collection}/{THERE[collection]}"
    answer = writer.delete(f"{below}?reason=Merged.&successor=level:l4", if_match=writer.tag(below))
    assert (answer.status_code, answer.content) == (204, b"")
    detail = f"The {KIND_OF[collection]} {THERE[collection]!r} was removed: Merged. Read level:l4 instead."
    assert problem(writer.get(below)) == (410, "gone", detail)
    assert writer.api.client.get(RELEASED + below).status_code == 200


def test_an_entity_that_was_split_is_removed_with_its_successors(writer: DraftWriter) -> None:
    query = "?reason=Split.&successors=level:l4,competency:quality"
    answer = writer.delete(f"/levels/l5{query}", if_match=writer.tag("/levels/l5"))
    assert answer.status_code == 204, answer.text
    removals = writer.get("/document").json()["removals"]
    assert next(one for one in removals if one["slug"] == "l5") == {
        "kind": "level",
        "slug": "l5",
        "reason": "Split.",
        "successors": ["level:l4", "competency:quality"],
    }
    gone = writer.get("/levels/l5")
    assert [one["target"] for one in gone.json()["successors"]] == ["level:l4", "competency:quality"]


@pytest.mark.parametrize("collection", NEW)
def test_an_unpublished_entity_is_removed_without_a_record(writer: DraftWriter, collection: str) -> None:
    below = f"/{collection}/{address(collection)}"
    made = writer.put(below, NEW[collection], if_none_match="*")
    assert writer.delete(f"{below}?reason=Never+mind.", if_match=made.headers["etag"]).status_code == 204
    assert writer.ladder() == LADDER
    assert problem(writer.get(below))[0] == 404


@pytest.mark.parametrize("collection", NEW)
def test_a_list_is_reordered(writer: DraftWriter, collection: str) -> None:
    writer.put(f"/{collection}/{address(collection)}", NEW[collection], if_none_match="*")
    items = writer.get(f"/{collection}").json()["items"]
    slugs = [item["slug"] for item in items if "slug" in item and item.get("of") != "level:l5"]
    order = {"order": slugs[::-1]}
    answer = writer.patch(f"/{collection}", order, "application/json", if_match=writer.tag(f"/{collection}"))
    assert (answer.status_code, answer.content) == (204, b"")
    after = writer.get(f"/{collection}")
    assert after.headers["etag"] == answer.headers["etag"]
    assert [item["slug"] for item in after.json()["items"] if item.get("slug") in slugs] == slugs[::-1]


# The ladder, and the document


def test_the_fields_of_the_ladder_are_written(writer: DraftWriter) -> None:
    read = writer.get("")
    answer = writer.put("", read.json() | {"title": "Acme Ltd"}, if_match=read.headers["etag"])
    assert (answer.status_code, answer.json()["title"], answer.headers["etag"]) == (
        200,
        "Acme Ltd",
        writer.tag(""),
    )
    patched = writer.patch("", {"cumulative": "yes", "summary": "All."}, if_match=answer.headers["etag"])
    assert (patched.status_code, patched.json()["cumulative"]) == (200, "yes")
    update = {"title": "Acme Ltd", "cumulative": "yes", "summary": "All."}
    assert writer.ladder() == LADDER.model_copy(update=update)


def test_a_document_is_patched(writer: DraftWriter) -> None:
    removal = {"kind": "level", "slug": "l3", "reason": "Merged."}
    operations = [
        {"op": "move", "from": "/levels/1", "path": "/levels/0"},
        {"op": "add", "path": "/removals/-", "value": removal},
    ]
    tag = writer.tag("/document")
    answer = writer.patch("/document", operations, PATCH, if_match=tag)
    assert (answer.status_code, answer.headers["etag"]) == (200, writer.tag("/document"))
    assert [level["slug"] for level in answer.json()["levels"]] == ["l5", "l4"]
    levels = LADDER.levels
    update = {"levels": (levels[1], levels[0]), "removals": (Removal(**removal),)}
    assert writer.ladder() == LADDER.model_copy(update=update)
    merged = writer.patch("/document", {"removals": None}, if_match=answer.headers["etag"])
    assert (merged.status_code, writer.ladder().removals) == (200, ())


# What follows


def test_content_that_breaks_a_rule_is_stored_and_reported(writer: DraftWriter) -> None:
    answer = writer.patch("/levels/l5", {"track": "nowhere"}, if_match=writer.tag("/levels/l5"))
    assert (answer.status_code, answer.json()["track"]) == (200, "nowhere")
    found = writer.get("/findings").json()["items"]
    assert ("/levels/1/track", "unknown-track") in [(one["pointer"], one["code"]) for one in found]


def test_a_rename_returns_the_new_url(writer: DraftWriter) -> None:
    answer = writer.patch("/levels/l5", {"slug": "senior"}, if_match=writer.tag("/levels/l5"))
    assert (answer.status_code, answer.headers["content-location"]) == (200, f"{DRAFT}/levels/senior")
    assert answer.json()["links"]["self"] == f"{DRAFT}/levels/senior"
    assert answer.json()["formerly"] == ["l5"]
    ladder = writer.ladder()
    assert ladder.expectations[1].level == "senior"
    assert ladder.faqs[0].about == ("level:senior",)
    moved = writer.get("/levels/l5")
    assert (problem(moved)[0], moved.headers["location"]) == (307, f"{DRAFT}/levels/senior")


def test_a_removal_with_cascade_removes_the_parts(writer: DraftWriter) -> None:
    answer = writer.delete("/levels/l5?cascade=true&reason=Merged.", if_match=writer.tag("/levels/l5"))
    assert answer.status_code == 204
    ladder = writer.ladder()
    assert [asked.level for asked in ladder.expectations] == ["l4"]
    assert ladder.removals == (
        Removal(kind="level", slug="l5", reason="Merged."),
        Removal(kind="example", slug="outage", reason="Merged."),
        Removal(kind="expectation", slug="l5--quality", reason="Merged."),
    )


def test_an_example_moves_to_its_new_owner(writer: DraftWriter) -> None:
    tag = writer.tag("/examples/outage")
    answer = writer.patch("/examples/outage", {"of": "facet:testing"}, if_match=tag)
    assert (answer.status_code, answer.json()["of"], answer.json()["facet"]) == (
        200,
        "facet:testing",
        "testing",
    )
    ladder = writer.ladder()
    assert ladder.facets[0].examples == (Example(slug="outage", text="Led the way out of an outage."),)
    assert ladder.levels[1].examples == (Example(text="Calm."),)


def test_an_example_without_a_slug_is_written_by_position(writer: DraftWriter) -> None:
    below = "/examples/level--l5--example-2"
    answer = writer.patch(below, {"text": "Stays calm."}, if_match=writer.tag(below))
    assert (answer.status_code, answer.json()["address"]) == (200, "level--l5--example-2")
    named = writer.patch(below, {"slug": "calm"}, if_match=answer.headers["etag"])
    assert (named.status_code, named.headers["content-location"]) == (200, f"{DRAFT}/examples/calm")
    assert writer.ladder().levels[1].examples[1] == Example(slug="calm", text="Stays calm.")
    assert writer.delete("/examples/calm", if_match=named.headers["etag"]).status_code == 204


def test_authors_of_different_levels_do_not_block_each_other(writer: DraftWriter) -> None:
    other = DraftWriter(writer.api, writer.api.key("ben", "write"))
    first, second = writer.tag("/levels/l4"), other.tag("/levels/l5")
    assert writer.patch("/levels/l4", {"title": "Builder"}, if_match=first).status_code == 200
    assert other.patch("/levels/l5", {"title": "Master builder"}, if_match=second).status_code == 200
    assert [level.title for level in writer.ladder().levels] == ["Builder", "Master builder"]


def test_every_write_is_logged_with_its_target(writer: DraftWriter) -> None:
    before = content_sha256(canonical(LADDER))
    level = Level(slug="l4", track="ic", title="Builder")
    writer.put(
        "/levels/l4", level.model_dump(mode="json", exclude_none=True), if_match=writer.tag("/levels/l4")
    )
    middle = content_sha256(canonical(writer.ladder()))
    writer.delete("/tips/ask", if_match="*")
    writer.put("/levels/l4", writer.get("/levels/l4").json(), if_match="*")
    after = content_sha256(canonical(writer.ladder()))
    wanted = "SELECT who, action, ladder, target, before_sha256, after_sha256 FROM audit ORDER BY id"
    with reading(writer.api.application.serving.engine) as connection:
        rows = [tuple(row) for row in connection.execute(text(wanted))]
    assert [row for row in rows if row[1] == "draft.write"] == [
        ("ann", "draft.write", "acme", "level:l4", before, middle),
        ("ann", "draft.write", "acme", "tip:ask", middle, after),
    ]


# Once it is published


def test_removed_and_renamed_entities_are_found_after_publishing(writer: DraftWriter) -> None:
    uuids = {name: writer.get(f"/{name}/{slug}").json()["uuid"] for name, slug in THERE.items()}
    writer.patch("/levels/l5", {"slug": "senior"}, if_match="*")
    writer.patch("/facets/testing", {"slug": "tests"}, if_match="*")
    writer.delete("/tips/ask?reason=Everybody+does.&successor=level:senior", if_match="*")
    writer.delete("/pages/overview", if_match="*")
    writer.publish("2.0.0")
    client = writer.api.client

    renamed = client.get(f"{RELEASED}/levels/l5?fields=title")
    assert problem(renamed) == (307, "renamed", "Its slug is now 'senior'.")
    assert renamed.headers["location"] == f"{RELEASED}/levels/senior?fields=title"
    assert client.get(f"{RELEASED}@1.0.0/levels/l5").json()["title"] == "Senior engineer"
    made = client.get(f"{RELEASED}/expectations/l5--quality")
    assert made.headers["location"] == f"{RELEASED}/expectations/senior--quality"
    gone = client.get(f"{RELEASED}/tips/ask")
    detail = "The tip 'ask' was removed: Everybody does. Read level:senior instead."
    assert problem(gone) == (410, "gone", detail)
    plain = client.get(f"{RELEASED}/pages/overview")
    assert problem(plain) == (410, "gone", "The page 'overview' of acme was removed. No reason was given.")

    assert client.get(f"/v1/entities/{uuids['levels']}").headers["location"] == f"{RELEASED}/levels/senior"
    assert client.get(f"/v1/entities/{uuids['facets']}").headers["location"] == f"{RELEASED}/facets/tests"
    assert problem(client.get(f"/v1/entities/{uuids['tips']}"))[0] == 410
    assert problem(client.get(f"/v1/entities/{uuids['pages']}"))[0] == 410


def published(writer: DraftWriter, version: str) -> str:
    """Publish the draft over HTTP, and return the number of the release."""
    answer = writer.api.client.post(
        f"{RELEASED}/releases",
        json={"content_sha256": writer.get("").json()["content_sha256"], "version": version},
        headers=writer.api.key(f"publisher of {version}", "publish"),
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["version"])


def test_an_entity_that_was_removed_in_a_release_can_be_put_back_and_published(writer: DraftWriter) -> None:
    places = {name: f"/{name}/{address(name)}" for name in NEW}
    for name, below in places.items():
        assert writer.put(below, NEW[name], if_none_match="*").status_code == 201, name
    published(writer, "2.0.0")
    uuids = {name: writer.get(below).json()["uuid"] for name, below in places.items()}
    for name, below in reversed(places.items()):
        answer = writer.delete(f"{below}?reason=Not+needed.", if_match="*")
        assert answer.status_code == 204, (name, answer.text)
    published(writer, "3.0.0")
    assert {writer.get(below).status_code for below in places.values()} == {410}
    assert len(writer.get("/document").json()["removals"]) == len(places) + 1, "the step of the scale as well"

    for name, below in places.items():
        answer = writer.put(below, NEW[name], if_none_match="*")
        assert (answer.status_code, answer.json()["uuid"]) == (201, uuids[name]), name
    assert "removals" not in writer.get("/document").json()
    assert [one for one in writer.get("/findings").json()["items"] if one["severity"] == "error"] == []
    assert published(writer, "4.0.0") == "4.0.0"
    for name, below in places.items():
        assert writer.api.json(f"{RELEASED}@4.0.0{below}")["uuid"] == uuids[name]
        found = writer.api.client.get(f"/v1/entities/{uuids[name]}", follow_redirects=False)
        assert found.headers["location"] == f"{RELEASED}{below}"
