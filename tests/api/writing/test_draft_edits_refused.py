"""Refused edits of a draft: each names the place and a fix, and changes nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.api.editing import (
    DRAFT,
    LADDER,
    MERGE,
    NEW,
    PATCH,
    RELEASED,
    THERE,
    DraftWriter,
    address,
    writing_to,
)
from tests.api.serving import Json, problem
from tests.databases import Databases, SqliteDatabases

L5 = "/levels/l5"
LEVEL = {"slug": "l5", "track": "ic", "title": "Senior"}


@pytest.fixture(scope="module")
def shared(sqlite_databases: SqliteDatabases) -> Iterator[DraftWriter]:
    """Somebody who may write, for all tests here: what is refused changes nothing."""
    with writing_to(sqlite_databases) as found:
        yield found


@pytest.fixture
def writer(shared: DraftWriter) -> Iterator[DraftWriter]:
    """The same; after each test the draft is as it was."""
    yield shared
    assert shared.ladder() == LADDER


@pytest.fixture
def each_pen(databases: Databases) -> Iterator[DraftWriter]:
    """Somebody who may write, on each engine."""
    with writing_to(databases) as found:
        yield found


def faults(answer: Any) -> list[tuple[str | None, str]]:  # noqa: ANN401 - the client's answer
    """Pointer and detail of each fault."""
    return [(fault.get("pointer"), fault["detail"]) for fault in answer.json()["errors"]]


def send(
    writer: DraftWriter, method: str, below: str, content: bytes | str, media_type: str | None, **more: str
) -> Any:  # noqa: ANN401 - the client's answer
    """Send a body as it is."""
    headers = writer.key | {"if-match": "*"} | more
    if media_type is not None:
        headers["content-type"] = media_type
    return writer.api.client.request(method, DRAFT + below, content=content, headers=headers)


# Bodies


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ("", "body.json:1:1: the file is empty; write the properties of a ladder, or delete the file"),
        (
            "{",
            "body.json:1:2: the file ends where the name of a property in double quotes is expected; add what",
        ),
        ('{"slug": "l5",}', "body.json:1:14: a comma before `}`; delete it"),
        ("[" * 40, "body.json:1:34: nested deeper than 32 levels; no ladder needs that: flatten it"),
        (b'{"slug": "\xff"}', "body.json:1:11: the file is not UTF-8 (byte 0xff); save it as UTF-8"),
    ],
)
def test_a_body_that_does_not_parse_is_refused(
    writer: DraftWriter, content: str | bytes, detail: str
) -> None:
    answer = send(writer, "PUT", L5, content, "application/json")
    assert problem(answer)[:2] == (400, "malformed-request")
    assert problem(answer)[2].startswith(detail)


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        ({**LEVEL, "titel": "x"}, "/titel", "unknown property `titel`; did you mean `title`?"),
        ({**LEVEL, "title": 5}, "/title", "`title` must be text, not `5`; put it in quotes"),
        ({**LEVEL, "title": ""}, "/title", "`title` is an empty text; write something"),
        ({**LEVEL, "title": None}, "/title", "`title` is empty; write its value, or delete it"),
        ({**LEVEL, "slug": "L5"}, "/slug", "`L5` is not a slug"),
        ({**LEVEL, "examples": {}}, "/examples", "`examples` must be a list"),
        ({**LEVEL, "examples": [{"txt": "x"}]}, "/examples/0", "`text` is missing"),
        ({**LEVEL, "rank": "5"}, "/rank", "`rank` must be a number"),
        ({**LEVEL, "rank": 1e300}, "/rank", "`rank` cannot be"),
        ({**LEVEL, "title": "a\0b"}, "/title", "`title` cannot be"),
        ({"slug": "l5", "title": "Senior"}, "", "`track` is missing"),
        ([LEVEL], "", "`level` must be a mapping, not a list"),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused(
    writer: DraftWriter, body: Json, pointer: str, words: str
) -> None:
    answer = writer.put(L5, body, if_match="*")
    assert problem(answer)[:2] == (422, "invalid-ladder")
    assert any(place == pointer and words in detail for place, detail in faults(answer)), faults(answer)


def test_all_errors_of_a_body_are_listed_at_once(writer: DraftWriter) -> None:
    answer = writer.put(L5, {"slug": "L 5", "track": 1, "titel": "Senior"}, if_match="*")
    assert [place for place, _ in faults(answer)] == ["", "/slug", "/track", "/titel"]


def test_a_duplicate_property_is_refused(writer: DraftWriter) -> None:
    answer = send(
        writer, "PUT", L5, '{"slug": "l5", "slug": "l6", "track": "ic", "title": "S"}', "application/json"
    )
    assert problem(answer)[:2] == (422, "invalid-ladder")
    assert "`slug` is written twice" in problem(answer)[2]
    patch = send(writer, "PATCH", L5, '{"title": "A", "title": "B"}', MERGE)
    assert problem(patch)[:2] == (422, "invalid")
    assert "`title` is written twice" in problem(patch)[2]


def test_a_write_of_the_ladder_cannot_have_lists(writer: DraftWriter) -> None:
    answer = writer.put("", {"slug": "acme", "title": "Acme", "levels": []}, if_match="*")
    assert faults(answer)[0][0] == "/levels"


def test_a_document_with_another_slug_must_keep_the_former_one(writer: DraftWriter) -> None:
    detail = "To rename the ladder, add its slug 'acme' to `formerly`. Otherwise, set `slug` to 'acme'."
    assert faults(writer.patch("/document", {"slug": "other"}, if_match="*")) == [("/slug", detail)]


@pytest.mark.parametrize(
    ("method", "below", "media_type", "listed"),
    [
        ("PUT", L5, "text/plain", None),
        ("PUT", L5, None, None),
        ("PUT", L5, MERGE, None),
        ("PUT", "", "application/yaml", None),
        ("PUT", L5, "application/json; charset=latin-1", None),
        ("PATCH", L5, "application/json", f"{MERGE}, {PATCH}"),
        ("PATCH", L5, None, f"{MERGE}, {PATCH}"),
        ("PATCH", "", "text/plain", f"{MERGE}, {PATCH}"),
        ("PATCH", "/document", "application/yaml", f"{MERGE}, {PATCH}"),
        ("PATCH", "/levels", MERGE, "application/json"),
    ],
)
def test_an_unsupported_media_type_is_refused(
    writer: DraftWriter, method: str, below: str, media_type: str | None, listed: str | None
) -> None:
    answer = send(writer, method, below, b"{}", media_type)
    assert problem(answer)[:2] == (415, "unsupported-media-type")
    assert answer.headers.get("accept-patch") == listed


# Patches


@pytest.mark.parametrize(
    ("patch", "media_type", "status", "pointer"),
    [
        ([], MERGE, 422, ""),
        ("x", MERGE, 422, ""),
        ({"title": None}, MERGE, 422, ""),
        ({"examples": [{"title": "x"}]}, MERGE, 422, "/examples/0"),
        ({"titel": "x"}, MERGE, 422, "/titel"),
        ({}, PATCH, 422, ""),
        ([{"op": "replace", "path": "/titel", "value": "x"}], PATCH, 422, "/0/path"),
        ([{"op": "remove", "path": "/title"}], PATCH, 422, ""),
        ([{"op": "add", "path": "/examples/0/text", "value": 5}], PATCH, 422, "/examples/0/text"),
        ([{"op": "frob", "path": "/title"}], PATCH, 422, "/0/op"),
        ([{"op": "test", "path": "/title", "value": "Junior"}], PATCH, 409, "/0"),
        ([{"op": "copy", "from": "", "path": f"/x{n}"} for n in range(40)], PATCH, 413, None),
        ([{"op": "test", "path": "/slug", "value": "l5"}] * 1001, PATCH, 422, "/1000"),
    ],
)
def test_a_patch_that_fails_is_refused(
    writer: DraftWriter, patch: Json, media_type: str, status: int, pointer: str | None
) -> None:
    answer = writer.patch(L5, patch, media_type, if_match="*")
    assert problem(answer)[0] == status
    places = [place for place, _ in faults(answer)]
    assert pointer in places if pointer is not None else len(places) == 1


def test_errors_of_a_patched_value_name_no_file(writer: DraftWriter) -> None:
    answer = writer.patch(L5, {"title": 5}, if_match="*")
    told = "`title` must be text, not `5`; put it in quotes"
    assert (problem(answer)[2], faults(answer)) == (
        f"The result of the patch is invalid: {told}",
        [("/title", told)],
    )


@pytest.mark.parametrize("media_type", [MERGE, PATCH])
@pytest.mark.parametrize("content", ["{", "nul", "[1,]", b"\xff"])
def test_a_patch_that_does_not_parse_is_refused(
    writer: DraftWriter, content: str | bytes, media_type: str
) -> None:
    assert problem(send(writer, "PATCH", L5, content, media_type))[:2] == (400, "malformed-request")


@pytest.mark.parametrize("below", [L5, "", "/document"])
def test_a_number_beyond_a_double_is_refused(writer: DraftWriter, below: str) -> None:
    answer = send(writer, "PATCH", below, '{"rank": 1e400}', MERGE)
    detail = "The patch contains a number that is too large. The limit is 2^53."
    assert problem(answer) == (422, "invalid", detail)


@pytest.mark.parametrize(("method", "media_type"), [("PUT", "application/json"), ("PATCH", MERGE)])
def test_a_body_over_the_limit_of_a_part_is_refused(
    writer: DraftWriter, method: str, media_type: str
) -> None:
    answer = send(writer, method, L5, "{" + " " * 2**21 + "}", media_type)
    assert problem(answer)[:2] == (413, "too-large")
    long = [{"op": "add", "path": "/summary", "value": "x" * 1_200_000}]
    twice = [*long, {"op": "copy", "from": "/summary", "path": "/scope"}]
    assert problem(writer.patch(L5, twice, PATCH, if_match="*"))[:2] == (413, "too-large")


# Preconditions


@pytest.mark.parametrize("collection", THERE)
def test_a_write_needs_the_current_tag(writer: DraftWriter, collection: str) -> None:
    below = f"/{collection}/{THERE[collection]}"
    tag, body = writer.tag(below), writer.get(below).json()
    for answer in (writer.put(below, body), writer.patch(below, {}), writer.delete(below)):
        assert problem(answer)[:2] == (428, "precondition-required")
        assert tag in problem(answer)[2]
    stale = {"if_match": '"0123"'}
    for answer in (
        writer.put(below, body, **stale),
        writer.patch(below, {}, **stale),
        writer.delete(below, **stale),
    ):
        assert problem(answer)[:2] == (412, "precondition-failed")
        assert answer.headers["etag"] == tag
    assert problem(writer.put(below, body, if_none_match="*"))[:2] == (412, "precondition-failed")
    assert problem(writer.put(below, body, if_match=f"W/{tag}"))[0] == 412


@pytest.mark.parametrize("collection", NEW)
def test_a_missing_entity_needs_if_none_match(writer: DraftWriter, collection: str) -> None:
    below = f"/{collection}/{address(collection)}"
    assert problem(writer.put(below, NEW[collection]))[:2] == (428, "precondition-required")
    assert problem(writer.put(below, NEW[collection], if_match="*"))[:2] == (412, "precondition-failed")
    for answer in (writer.patch(below, {}, if_match="*"), writer.delete(below, if_match="*")):
        assert problem(answer)[:2] == (404, "not-found")


@pytest.mark.parametrize("below", ["", "/document", "/levels"])
def test_ladder_document_and_order_need_preconditions_too(writer: DraftWriter, below: str) -> None:
    media_type, body = ("application/json", {"order": ["l5"]}) if below == "/levels" else (MERGE, {})
    tag = writer.tag(below)
    assert problem(writer.patch(below, body, media_type))[0] == 428
    stale = writer.patch(below, body, media_type, if_match='"0123"')
    assert (problem(stale)[0], stale.headers["etag"]) == (412, tag)
    if below == "":
        assert problem(writer.put("", {"slug": "acme", "title": "A"}))[0] == 428


def test_a_malformed_precondition_is_refused(writer: DraftWriter) -> None:
    assert problem(writer.put(L5, LEVEL, if_match="l5"))[:2] == (400, "malformed-request")


def test_one_of_many_writes_with_the_same_tag_succeeds(each_pen: DraftWriter) -> None:
    tag = each_pen.tag(L5)

    def write(number: int) -> int:
        answer = each_pen.patch(L5, {"title": f"Senior {number}"}, if_match=tag)
        return int(answer.status_code)

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(write, range(8)))
    assert sorted(statuses) == [200] + [412] * 7
    assert each_pen.ladder().levels[1].title == f"Senior {statuses.index(200)}"


# What fits no draft


@pytest.mark.parametrize(
    ("below", "body", "status", "pointer", "words"),
    [
        (L5, {"slug": "l4"}, 409, "/slug", "Another level has the slug 'l4'. Choose a different one."),
        (
            "/expectations/l5--quality",
            {"level": "l4"},
            422,
            "/level",
            "write it to its new address 'l4--quality'",
        ),
        (
            "/examples/outage",
            {"of": "level:l9"},
            422,
            "/of",
            "There is no entity 'level:l9' that could own the example. Name an existing one.",
        ),
    ],
)
def test_an_impossible_change_is_refused(
    writer: DraftWriter, below: str, body: Json, status: int, pointer: str, words: str
) -> None:
    answer = writer.patch(below, body, if_match="*")
    assert problem(answer)[0] == status
    ((place, detail),) = faults(answer)
    assert (place, words in detail) == (pointer, True)


def test_a_new_entity_has_the_slug_of_its_url(writer: DraftWriter) -> None:
    answer = writer.put("/levels/l7", NEW["levels"], if_none_match="*")
    detail = "There is no level 'l7' to rename. Write the slug in the URL."
    assert (problem(answer)[:2], faults(answer)) == ((422, "invalid"), [("/slug", detail)])
    example = writer.put("/examples/rescue", {"slug": "rescue", "text": "Rescued."}, if_none_match="*")
    assert faults(example)[0][0] == "/of"


def test_an_unknown_entity_is_refused_with_similar_names(writer: DraftWriter) -> None:
    assert problem(writer.patch("/levels/l55", {}, if_match="*")) == (
        404,
        "not-found",
        "The draft has no level 'l55'. Did you mean 'l5'?",
    )


def test_a_renamed_entity_is_refused_with_its_new_slug(each_pen: DraftWriter) -> None:
    each_pen.patch(L5, {"slug": "senior"}, if_match="*")
    answer = each_pen.delete(L5, if_match="*")
    assert problem(answer) == (404, "not-found", "The level 'l5' has the slug 'senior' in the draft.")


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({"order": ["l5", "l55"]}, [("/order/1", "There is no level 'l55'; did you mean 'l5'?")]),
        ({"order": ["l5", "l5"]}, [("/order/1", "'l5' is named twice; name it once.")]),
    ],
)
def test_an_order_names_each_sibling_once(writer: DraftWriter, order: Json, expected: Json) -> None:
    answer = writer.patch("/levels", order, "application/json", if_match="*")
    assert (problem(answer)[:2], faults(answer)) == ((422, "invalid"), expected)


@pytest.mark.parametrize("body", [{}, {"order": "l5"}, {"order": [1]}, {"order": [], "by": "rank"}, []])
def test_an_order_is_a_list_of_addresses(writer: DraftWriter, body: Json) -> None:
    answer = writer.patch("/levels", body, "application/json", if_match="*")
    assert problem(answer)[:2] == (422, "invalid-ladder")


# Queries


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("reson=x", "reson"),
        ("reason=", "reason"),
        ("reason=%00", "reason"),
        ("successor=level:l4", "successor"),
        ("reason=x&successor=l4", "successor"),
        ("successors=level:l4", "successors"),
        ("reason=x&successors=level:l4,l5", "successors"),
        ("reason=x&successor=level:l4&successors=level:l4", "successors"),
        ("cascade=perhaps", "cascade"),
        ("reason=a&reason=b", "reason"),
    ],
)
def test_an_invalid_parameter_of_a_removal_is_refused(
    writer: DraftWriter, query: str, parameter: str
) -> None:
    answer = writer.delete(f"{L5}?{query}", if_match="*")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    assert [fault["parameter"] for fault in answer.json()["errors"]] == [parameter]


@pytest.mark.parametrize("below", [L5, "", "/document"])
def test_a_write_takes_no_parameters(writer: DraftWriter, below: str) -> None:
    answer = writer.patch(f"{below}?fields=title", {}, if_match="*")
    assert problem(answer)[:2] == (422, "invalid-parameter")


# Where, and who


@pytest.mark.parametrize("reference", ["acme", "acme@1.0.0", "acme@latest", "nowhere"])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("collection", THERE)
def test_only_a_draft_can_be_written(
    writer: DraftWriter, reference: str, method: str, collection: str
) -> None:
    below = f"/{collection}/{THERE[collection]}"
    answer = writer.api.client.request(method, f"/v1/ladders/{reference}{below}", json={}, headers=writer.key)
    there = f"/v1/ladders/{reference.partition('@')[0]}@draft{below}"
    detail = f"This resource does not support {method}. Releases never change. Write to the draft: {there}."
    assert problem(answer) == (405, "method-not-allowed", detail)
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_options_of_a_draft_lists_its_methods(writer: DraftWriter) -> None:
    allowed = {
        L5: "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
        "/levels": "GET, HEAD, OPTIONS, PATCH",
        "": "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
        "/document": "GET, HEAD, OPTIONS, PATCH, PUT",
    }
    for below, methods in allowed.items():
        assert writer.api.client.options(DRAFT + below).headers["allow"] == methods
        assert writer.api.client.options(RELEASED + below).headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("below", [L5, "/levels/l9", "/tips/ask"])
def test_rights_are_checked_before_the_body(writer: DraftWriter, method: str, below: str) -> None:
    request = writer.api.client.request
    assert problem(request(method, DRAFT + below, content=b"{"))[:2] == (401, "unauthenticated")
    for key in (
        writer.api.key("rea", "read"),
        writer.api.key("rob", "review", "publish"),
        writer.api.key("other", "write", ladders=("elsewhere",)),
    ):
        assert problem(request(method, DRAFT + below, content=b"{", headers=key))[:2] == (403, "forbidden")


def test_an_unknown_ladder_has_no_draft(writer: DraftWriter) -> None:
    url = "/v1/ladders/nowhere@draft/levels/l5"
    headers = writer.key | {"if-none-match": "*"}
    assert problem(writer.api.client.put(url, json=LEVEL, headers=headers))[:2] == (404, "not-found")
