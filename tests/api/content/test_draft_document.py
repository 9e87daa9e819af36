"""The whole draft over HTTP: replaced, created and discarded, with preconditions and concurrent writes."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, Final

import pytest
from sqlalchemy import text

from app.formats.bundle.writer import export_yaml
from app.rubric.canonical import canonical, content_sha256
from app.rubric.ladder import Ladder
from app.store.drafts import Draft, get_draft
from app.store.engine import reading
from tests.api.drafting import published
from tests.api.serving import EXAMPLE, NOW, Api, problem, serve
from tests.store.samples import full, small

SLUG: Final = "example-engineering"
DRAFT: Final = f"{EXAMPLE}@draft"
DOCUMENT: Final = f"{DRAFT}/document"
YAML: Final = {"content-type": "application/yaml"}
ABSENT: Final = {"if-none-match": "*"}
Headers = dict[str, str]
Json = Any


@pytest.fixture
def api(seeded_url: str) -> Iterator[Api]:
    with serve(seeded_url) as served:
        yield served


@pytest.fixture
def ann(api: Api) -> Headers:
    return api.key("ann", "write")


def tag_of(ladder: Ladder, base: str | None = "1.1.0") -> str:
    """Return the entity tag of a draft that builds on a release."""
    return f'"{content_sha256(canonical(ladder))[:32]}{f".{base}" if base else ""}"'


def body_of(ladder: Ladder) -> Json:
    return json.loads(canonical(ladder))


def stored(api: Api, slug: str = SLUG) -> Draft:
    with reading(api.application.serving.engine) as connection:
        return get_draft(connection, slug, NOW)


def base_of(api: Api) -> str:
    base = stored(api).base
    assert base is not None
    return str(base.version)


def audited(api: Api) -> list[tuple[Any, ...]]:
    said = "SELECT who, action, ladder, target, before_sha256, after_sha256 FROM audit ORDER BY id"
    with reading(api.application.serving.engine) as connection:
        return [tuple(row) for row in connection.execute(text(said))]


def begin(api: Api, headers: Headers, slug: str = "acme") -> Json:
    answer = api.client.post("/v1/ladders", json={"slug": slug, "title": "Acme"}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer


# Replacing


def test_writing_back_a_read_document_changes_nothing(api: Api, ann: Headers) -> None:
    read = api.client.get(DOCUMENT, headers=ann)
    back = api.client.put(DOCUMENT, json=read.json(), headers={**ann, "if-match": read.headers["etag"]})
    assert (back.status_code, back.json()) == (200, read.json())
    assert back.headers["etag"] == read.headers["etag"]
    assert stored(api).number == 0
    assert audited(api) == []


def test_put_replaces_the_whole_draft(api: Api, ann: Headers) -> None:
    before = published(api, SLUG)
    after = before.model_copy(update={"title": "Another title"})
    answer = api.client.put(DOCUMENT, json=body_of(after), headers={**ann, "if-match": tag_of(before)})
    assert (answer.status_code, answer.headers["etag"]) == (200, tag_of(after))
    assert answer.headers["cache-control"] == "no-store"
    read = api.client.get(DOCUMENT, headers=ann)
    assert (read.content, read.headers["etag"]) == (answer.content, tag_of(after))
    draft = stored(api)
    assert (draft.ladder, draft.number, draft.authors) == (after, 1, frozenset({"ann"}))
    assert base_of(api) == "1.1.0"
    hashes = (content_sha256(canonical(before)), content_sha256(canonical(after)))
    assert audited(api) == [("ann", "draft.write", SLUG, None, *hashes)]


def test_a_release_does_not_change_with_its_draft(api: Api, ann: Headers) -> None:
    before = api.client.get(f"{EXAMPLE}/document").content
    changed = published(api, SLUG).model_copy(update={"title": "Another title"})
    api.client.put(DOCUMENT, json=body_of(changed), headers={**ann, "if-match": "*"})
    assert api.client.get(f"{EXAMPLE}/document").content == before


def test_everything_in_a_ladder_is_returned(api: Api, ann: Headers) -> None:
    target = "/v1/ladders/full@draft/document"
    answer = api.client.put(target, json=body_of(full()), headers={**ann, **ABSENT})
    assert answer.status_code == 201
    again = api.client.put(target, json=answer.json(), headers={**ann, "if-match": tag_of(full(), None)})
    assert (again.status_code, again.headers["etag"]) == (200, tag_of(full(), None))
    assert stored(api, "full").ladder == full()


def test_yaml_is_parsed_like_ladder_files(api: Api, ann: Headers) -> None:
    changed = published(api, SLUG).model_copy(update={"title": "From a file"})
    answer = api.client.put(
        DOCUMENT, content=export_yaml(changed, None), headers={**ann, **YAML, "if-match": "*"}
    )
    assert (answer.status_code, answer.headers["etag"]) == (200, tag_of(changed))


def test_a_large_document_is_parsed_in_another_process(api: Api, ann: Headers) -> None:
    tips = [{"slug": f"t{number}", "title": "Tip", "text": "Take your time. " * 20} for number in range(1000)]
    body = {**body_of(small("large")), "tips": tips}
    assert len(json.dumps(body)) > 256 * 1024
    answer = api.client.put("/v1/ladders/large@draft/document", json=body, headers={**ann, **ABSENT})
    assert (answer.status_code, len(answer.json()["tips"])) == (201, 1000)


def test_read_only_fields_are_ignored_at_any_depth(api: Api, ann: Headers) -> None:
    wrong = {"uuid": "no uuid", "links": 1, "ladder": "other", "release": {}, "included": [], "address": "a"}
    body: Json = body_of(full())
    for collection in ("tracks", "levels", "competencies", "facets", "scales", "faqs", "tips", "pages"):
        body[collection] = [{**entity, **wrong, "effective_rank": "no"} for entity in body[collection]]
    body["expectations"] = [{**asked, **wrong, "slug": "made"} for asked in body["expectations"]]
    example = body["expectations"][0]["examples"][0]
    example |= {**wrong, "of": "level:l1", "level": "l1", "competency": "craft", "facet": "code"}
    target = "/v1/ladders/full@draft/document"
    answer = api.client.put(target, json={**body, **wrong}, headers={**ann, **ABSENT})
    assert (answer.status_code, answer.headers["etag"]) == (201, tag_of(full(), None))


def test_a_document_that_breaks_rules_is_stored_with_findings(api: Api, ann: Headers) -> None:
    body = {**body_of(small("acme")), "tracks": []}
    answer = api.client.put("/v1/ladders/acme@draft/document", json=body, headers={**ann, **ABSENT})
    assert answer.status_code == 201
    found = api.client.get("/v1/ladders/acme@draft/findings", headers=ann)
    assert found.headers["cache-control"] == "no-store"
    home = "/v1/ladders/acme@draft"
    said = found.json()
    messages = [item.pop("message") for item in said["items"]]
    assert [message.partition(";")[0] for message in messages] == [
        "ladder 'acme' is empty",
        "level 'l1' names track 'engineer', which does not exist",
    ]
    assert said == {
        "ladder": "acme",
        "release": "draft",
        "counts": {"error_count": 1, "warning_count": 1},
        "items": [
            {
                "code": "empty-ladder",
                "severity": "warning",
                "pointer": "",
                "target": "ladder:acme",
                "links": {"self": home},
            },
            {
                "code": "unknown-track",
                "severity": "error",
                "pointer": "/levels/0/track",
                "target": "level:l1",
                "links": {"self": f"{home}/levels/l1"},
            },
        ],
        "links": {
            "self": f"{home}/findings",
            "current": "/v1/ladders/acme/findings",
            "pinned": f"{home}/findings",
            "release": "/v1/ladders/acme/releases",
        },
    }


def test_findings_have_pages(api: Api, ann: Headers) -> None:
    body = {**body_of(small("acme")), "tracks": []}
    api.client.put("/v1/ladders/acme@draft/document", json=body, headers={**ann, **ABSENT})
    first = api.client.get("/v1/ladders/acme@draft/findings?limit=1", headers=ann).json()
    second = api.client.get(first["links"]["next"], headers=ann).json()
    codes = [item["code"] for item in (*first["items"], *second["items"])]
    assert (codes, "next" in second["links"]) == (["empty-ladder", "unknown-track"], False)
    wrong = api.client.get("/v1/ladders/acme@draft/findings?cursor=x", headers=ann)
    assert problem(wrong)[:2] == (422, "invalid-parameter")


def test_findings_of_a_release_are_not_immutable(api: Api) -> None:
    answer = api.client.get(f"{EXAMPLE}@1.0.0/findings")
    assert answer.json()["counts"] == {"error_count": 0, "warning_count": 0}
    assert answer.headers["cache-control"].startswith("max-age=10,")


def test_a_document_with_another_slug_must_have_the_present_one_among_its_former_slugs(
    api: Api, ann: Headers
) -> None:
    answer = api.client.put(DOCUMENT, json=body_of(small("other")), headers={**ann, "if-match": "*"})
    assert problem(answer)[:2] == (422, "invalid")
    detail = f"To rename the ladder, add its slug '{SLUG}' to `formerly`. Otherwise, set `slug` to '{SLUG}'."
    assert answer.json()["errors"] == [{"detail": detail, "pointer": "/slug"}]


def test_a_replaced_draft_builds_on_the_newest_release(api: Api, ann: Headers) -> None:
    first = published(api, SLUG).model_copy(update={"title": "First"})
    api.client.put(DOCUMENT, json=body_of(first), headers={**ann, "if-match": "*"})
    api.publish(published(api, SLUG).model_copy(update={"title": "Meanwhile"}), "1.2.0", NOW)
    assert base_of(api) == "1.1.0"
    assert api.client.get(DRAFT, headers=ann).json()["title"] == "First"
    second = first.model_copy(update={"title": "Second"})
    api.client.put(DOCUMENT, json=body_of(second), headers={**ann, "if-match": tag_of(first)})
    draft = stored(api)
    assert (base_of(api), draft.ladder.title, draft.number) == ("1.2.0", "Second", 2)


# Preconditions


@pytest.mark.parametrize(
    ("condition", "status", "code"),
    [
        ({}, 428, "precondition-required"),
        ({"if-match": '"0123"'}, 412, "precondition-failed"),
        ({"if-match": '"0123", "4567"'}, 412, "precondition-failed"),
        ({"if-match": "W/{tag}"}, 412, "precondition-failed"),
        ({"if-match": ""}, 400, "malformed-request"),
        ({"if-match": "no quotes"}, 400, "malformed-request"),
        ({"if-match": '"a""b"'}, 400, "malformed-request"),
        ({"if-match": '"a"' + " " * 3000}, 412, "precondition-failed"),
        ({"if-match": ",".join(['"a"'] * 1000)}, 400, "malformed-request"),
        ({"if-none-match": "*"}, 412, "precondition-failed"),
        ({"if-none-match": '"0123"'}, 428, "precondition-required"),
        ({"if-match": "{tag}", "if-none-match": "*"}, 412, "precondition-failed"),
    ],
)
def test_a_write_without_the_current_tag_is_rejected(
    api: Api, ann: Headers, condition: Headers, status: int, code: str
) -> None:
    tag = tag_of(published(api, SLUG))
    sent = {name: value.replace("{tag}", tag) for name, value in condition.items()}
    for answer in (
        api.client.put(DOCUMENT, json=body_of(small(SLUG)), headers={**ann, **sent}),
        api.client.delete(DRAFT, headers={**ann, **sent}),
    ):
        assert problem(answer)[:2] == (status, code)
        if status == 412:
            assert answer.headers["etag"] == tag
            assert tag in answer.json()["detail"]
    assert stored(api).number == 0


@pytest.mark.parametrize("condition", ["*", "{tag}", '"0123", {tag}', 'W/"0123" , {tag},', " {tag} "])
def test_a_write_with_the_current_tag_succeeds(api: Api, ann: Headers, condition: str) -> None:
    sent = {**ann, "if-match": condition.replace("{tag}", tag_of(published(api, SLUG)))}
    assert api.client.put(DOCUMENT, json=body_of(small(SLUG)), headers=sent).status_code == 200
    assert stored(api).ladder == small(SLUG)


@pytest.mark.parametrize(
    ("condition", "status"), [({}, 428), ({"if-match": "*"}, 412), ({"if-none-match": '"a"'}, 428)]
)
def test_a_draft_is_created_only_with_if_none_match(
    api: Api, ann: Headers, condition: Headers, status: int
) -> None:
    target = "/v1/ladders/acme@draft/document"
    answer = api.client.put(target, json=body_of(small("acme")), headers={**ann, **condition})
    assert problem(answer)[0] == status
    assert "etag" not in answer.headers
    assert api.client.get(target, headers=ann).status_code == 404


def test_of_concurrent_writes_one_succeeds_and_the_others_get_412(api: Api) -> None:
    keys = {name: api.key(name, "write") for name in ("ann", "ben", "cem")}
    tag = tag_of(published(api, SLUG))
    start = Barrier(3)

    def put(name: str) -> tuple[int, str]:
        start.wait(10)
        changed = body_of(published(api, SLUG).model_copy(update={"title": name}))
        return api.client.put(
            DOCUMENT, json=changed, headers={**keys[name], "if-match": tag}
        ).status_code, name

    with ThreadPoolExecutor(3) as threads:
        done = sorted(threads.map(put, keys))
    assert [status for status, _ in done] == [200, 412, 412]
    assert (stored(api).ladder.title, stored(api).authors) == (done[0][1], frozenset({done[0][1]}))


# Permissions and URLs


def test_only_a_key_with_write_on_the_ladder_can_write_its_draft(api: Api) -> None:
    refused = [
        ({}, 401),
        (api.key("ben", "read"), 403),
        (api.key("ben", "review"), 403),
        (api.key("ben", "publish"), 403),
        (api.key("ben", "write", ladders=("other",)), 403),
    ]
    for headers, status in refused:
        put = api.client.put(DOCUMENT, json=body_of(small(SLUG)), headers={**headers, "if-match": "*"})
        gone = api.client.delete(DRAFT, headers={**headers, "if-match": "*"})
        assert (problem(put)[0], problem(gone)[0]) == (status, status)
    assert stored(api).number == 0
    for headers in (api.key("ann", "write", ladders=(SLUG,)), api.key("adm", "admin")):
        put = api.client.put(DOCUMENT, json=body_of(small(SLUG)), headers={**headers, "if-match": "*"})
        assert put.status_code == 200


@pytest.mark.parametrize("reference", [SLUG, f"{SLUG}@1.0.0", f"{SLUG}@latest", "never@1.0.0", "never"])
def test_a_write_to_a_release_is_rejected_with_the_url_of_the_draft(
    api: Api, ann: Headers, reference: str
) -> None:
    slug = reference.partition("@")[0]
    put = api.client.put(f"/v1/ladders/{reference}/document", json={}, headers=ann)
    detail = "This resource does not support PUT. Releases never change. Write to the draft: "
    assert problem(put) == (405, "method-not-allowed", f"{detail}/v1/ladders/{slug}@draft/document.")
    assert put.headers["allow"] == "GET, HEAD, OPTIONS"
    gone = api.client.delete(f"/v1/ladders/{reference}", headers=ann)
    assert problem(gone)[:2] == (405, "method-not-allowed")
    assert gone.headers["allow"] == "GET, HEAD, OPTIONS"


def test_options_on_a_draft_lists_its_methods(api: Api) -> None:
    allowed = api.client.options(DOCUMENT).headers["allow"].split(", ")
    assert {"GET", "HEAD", "OPTIONS", "PUT"} <= set(allowed)
    assert "DELETE" in api.client.options(DRAFT).headers["allow"]
    assert problem(api.client.request("TRACE", DOCUMENT))[2] == (
        "This resource does not support TRACE. The Allow header lists the supported methods."
    )


# Creating and discarding


def test_a_new_ladder_is_an_empty_draft(api: Api, ann: Headers) -> None:
    new = {"slug": "acme", "title": "Acme", "summary": "All of it.", "language": "de", "cumulative": "yes"}
    answer = api.client.post("/v1/ladders", json=new, headers=ann)
    made = Ladder(slug="acme", title="Acme", summary="All of it.", language="de", cumulative="yes")
    assert (answer.status_code, answer.headers["location"]) == (201, "/v1/ladders/acme@draft")
    read = api.client.get("/v1/ladders/acme@draft", headers=ann)
    assert (answer.json(), answer.headers["etag"]) == (read.json(), read.headers["etag"])
    assert answer.headers["etag"] == tag_of(made, None)
    assert stored(api, "acme").ladder == made
    assert audited(api) == [("ann", "ladder.create", "acme", None, None, content_sha256(canonical(made)))]


@pytest.mark.parametrize("slug", ["example-engineering", "acme"])
def test_an_existing_slug_cannot_be_created_again(api: Api, ann: Headers, slug: str) -> None:
    begin(api, ann)
    answer = api.client.post("/v1/ladders", json={"slug": slug, "title": "Acme"}, headers=ann)
    detail = f"The slug {slug!r} already belongs or belonged to a ladder. Choose one that was never used."
    assert problem(answer) == (409, "conflict", detail)


def test_a_key_bound_to_ladders_can_create_only_those(api: Api) -> None:
    headers = api.key("ann", "write", ladders=("acme",))
    assert begin(api, headers).status_code == 201
    other = api.client.post("/v1/ladders", json={"slug": "other", "title": "Other"}, headers=headers)
    assert problem(other)[:2] == (403, "forbidden")
    assert problem(api.client.post("/v1/ladders", json={}))[0] == 401
    assert problem(api.client.post("/v1/ladders", json={}, headers=api.key("b", "review")))[0] == 403


def test_errors_of_a_new_ladder_have_pointers(api: Api, ann: Headers) -> None:
    answer = api.client.post("/v1/ladders", json={"slug": "A b", "titel": "Acme"}, headers=ann)
    assert problem(answer)[:2] == (422, "invalid-ladder")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["", "/slug", "/titel"]


def test_after_discarding_the_draft_reads_as_the_release(api: Api, ann: Headers) -> None:
    before = api.client.get(DOCUMENT, headers=ann)
    changed = api.client.put(DOCUMENT, json=body_of(small(SLUG)), headers={**ann, "if-match": "*"})
    tag = changed.headers["etag"]
    assert api.client.get(DRAFT, headers=ann).headers["etag"] == tag
    gone = api.client.delete(DRAFT, headers={**ann, "if-match": tag})
    assert (gone.status_code, gone.content) == (204, b"")
    after = api.client.get(DOCUMENT, headers=ann)
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
    assert audited(api)[-1][:4] == ("ann", "draft.discard", SLUG, None)
    again = api.client.delete(DRAFT, headers={**ann, "if-match": after.headers["etag"]})
    detail = f"The draft of '{SLUG}' has no changes to discard."
    assert problem(again) == (409, "conflict", detail)


def test_discarding_the_draft_of_an_unpublished_ladder_removes_the_ladder(api: Api, ann: Headers) -> None:
    tag = begin(api, ann).headers["etag"]
    assert api.client.delete("/v1/ladders/acme@draft", headers={**ann, "if-match": tag}).status_code == 204
    assert problem(api.client.get("/v1/ladders/acme@draft", headers=ann))[0] == 404
    assert begin(api, ann).status_code == 201
