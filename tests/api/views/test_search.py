"""Search over HTTP: results, permissions, and hints without results."""

from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from app.rubric.ladder import Ladder
from tests.api.drafting import MARK, marked, published, write_draft
from tests.api.serving import COMMON_HEADERS, NETFLIX, NOW, UNPINNED, Api, problem, serve
from tests.databases import SqliteDatabases
from tests.serving.hiding import hide
from tests.store.samples import day, full, small


def plain(text: str) -> dict[str, object]:
    return {"text": text, "highlight": False}


def match(text: str) -> dict[str, object]:
    return {"text": text, "highlight": True}


FACET = {
    "kind": "facet",
    "address": "scalability-expertise",
    "title": "Scalability Expertise",
    "competency": "system-design-mastery",
    "facet": "scalability-expertise",
    "title_segments": [match("Scalability"), plain(" Expertise")],
    "snippet": [plain("Designing systems that handle growing load without slowing down.")],
    "matched": ["title"],
    "links": {"self": "/v1/ladders/netflix-engineering@1.0.0/facets/scalability-expertise"},
}


def test_a_release_is_searched(each_client: TestClient) -> None:
    answer = each_client.get(f"{NETFLIX}/search?q=scalability&kind=facet")
    assert answer.json() == {
        "terms": ["scalability"],
        "ladder": "netflix-engineering",
        "release": "1.0.0",
        "items": [FACET],
        "links": {
            "self": f"{NETFLIX}/search?kind=facet&q=scalability",
            "current": f"{NETFLIX}/search?kind=facet&q=scalability",
            "pinned": f"{NETFLIX}@1.0.0/search?kind=facet&q=scalability",
            "release": f"{NETFLIX}/releases/1.0.0",
        },
    }
    assert dict(answer.headers) == {
        **COMMON_HEADERS,
        "content-type": "application/json",
        "content-length": str(len(answer.content)),
        "cache-control": UNPINNED,
        "etag": answer.headers["etag"],
        "x-request-id": answer.headers["x-request-id"],
    }


def test_all_ladders_are_searched(each_client: TestClient) -> None:
    answer = each_client.get("/v1/search?q=scalability&kind=facet&ladder=netflix-engineering")
    item = {**FACET, "ladder": "netflix-engineering", "release": "1.0.0"}
    assert answer.json() == {
        "terms": ["scalability"],
        "items": [item],
        "links": {"self": "/v1/search?kind=facet&ladder=netflix-engineering&q=scalability"},
    }
    both = each_client.get("/v1/search?q=scalability&kind=facet").json()["items"]
    assert [one["ladder"] for one in both] == ["example-engineering", "netflix-engineering"]
    assert (answer.headers["cache-control"], answer.headers["vary"]) == (
        UNPINNED,
        "authorization",
    )


def test_a_result_links_to_the_statement_of_its_snippet(client: TestClient) -> None:
    (item,) = client.get(f"{NETFLIX}/search?q=%22code+review%22&kind=expectation&fields=snippet").json()[
        "items"
    ]
    assert set(item) == {"kind", "address", "title", "snippet", "links"}
    assert match("code review") in item["snippet"] or match("code reviews") in item["snippet"]
    place, _, fragment = item["links"].get("place", item["links"]["self"]).partition("#")
    assert place == item["links"]["self"]
    expectation = client.get(place).json()
    assert not fragment or fragment.rpartition("-")[2].isdigit()
    assert expectation["slug"] == item["address"]


@pytest.mark.parametrize("home", [NETFLIX, f"{NETFLIX}@1.0.0", f"{NETFLIX}@latest", ""])
def test_the_pages_have_every_result_once_in_order(client: TestClient, home: str) -> None:
    path = f"{home or '/v1'}/search?q=design"
    whole = client.get(f"{path}&limit=500").json()["items"]
    paged: list[object] = []
    following: str | None = f"{path}&limit=20"
    while following:
        answer = client.get(following)
        body = answer.json()
        paged += body["items"]
        following = body["links"].get("next")
        assert (f'<{following}>; rel="next"' in answer.headers.get("link", "")) is (following is not None)
        assert following is None or not home or following.startswith(f"{NETFLIX}@1.0.0/")
    assert len(whole) > 20
    assert paged == whole


def test_a_pinned_search_is_not_immutable(client: TestClient) -> None:
    answer = client.get(f"{NETFLIX}@1.0.0/search?q=design")
    assert answer.headers["cache-control"] == UNPINNED
    assert 'rel="latest-version"' in answer.headers["link"]
    again = client.get(f"{NETFLIX}@1.0.0/search?q=design", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "asked",
    [
        *(
            "",
            " ",
            '"',
            "-x",
            "title:",
            "title:design",
            "*",
            "**",
            "a*b",
            "NEAR(a b)",
            "a AND (b OR",
            "c'; --",
            "%",
        ),
        *(
            "\0",
            "C++",
            "C#",
            "^a",
            "{names}:a",
            "\u05e9\u05dc\u05d5\u05dd",
            "\u202eabc",
            "\U0001f680",
            "\u8a2d\u8a08",
            "the",
        ),
        *("\\", "'a':*", "a & !b", "a <-> b", "x" * 7_000, "a " * 3_000, "\ufffd", "\u0301", "$1", ":q", "?"),
    ],
)
def test_any_search_text_is_safe(each_client: TestClient, asked: str) -> None:
    for path in ("/v1/search", f"{NETFLIX}/search"):
        answer = each_client.get(path, params={"q": asked})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert body["items"] or body["hint"]


@pytest.mark.parametrize("home", ["/v1", NETFLIX])
@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("scalabilty", "Scalability"),
        ("mentoring knowlege", "mentoring Knowledge"),
        ("zyzzyva", None),
        ('"scalabilty"', None),
    ],
)
def test_a_search_without_results_suggests_a_similar_word(
    each_client: TestClient, home: str, asked: str, meant: str | None
) -> None:
    body = each_client.get(f"{home}/search", params={"q": asked}).json()
    assert (body["items"], body.get("did_you_mean")) == ([], meant)
    if meant is not None:
        assert each_client.get(f"{home}/search", params={"q": meant}).json()["items"]


def test_a_url_that_is_too_long_or_not_utf8_is_rejected(client: TestClient) -> None:
    long, half = client.get(f"/v1/search?q={'x' * 10_000}"), client.get("/v1/search?q=%ED%A0%80")
    assert problem(long) == (414, "uri-too-long", "The URL is longer than 8192 bytes.")
    assert problem(half) == (400, "malformed-request", "The query string is not percent-encoded UTF-8.")


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("?!", 'Nothing to look for: write a word, a "phrase", or the beginning of a word as scal*.'),
        ("the", 'Words as common as these are not looked for, unless they stand in quotes: "the".'),
        ("zyzzyva", "No results. Use fewer words, or end a word with *, such as scal*."),
    ],
)
def test_a_search_without_results_has_a_hint(client: TestClient, asked: str, hint: str) -> None:
    body = client.get("/v1/search", params={"q": asked}).json()
    assert (body["items"], body["hint"]) == ([], hint)


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        ("", "q", "This is missing."),
        ("q=a&limit=501", "limit", "Use 500 or less."),
        ("q=a&cursor=x", "cursor", "This is not a cursor. Use the `next` link of a page."),
        ("q=a&sort=title", "sort", None),
        ("q=a&kind=statement", "kind", None),
        ("q=a&fields=kindd", "fields", None),
        ("q=a&ladder=netflix-enginering", "ladder", None),
    ],
)
def test_an_invalid_parameter_is_named(
    client: TestClient, query: str, parameter: str, detail: str | None
) -> None:
    answer = client.get(f"/v1/search?{query}")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    (fault,) = answer.json()["errors"]
    assert fault["parameter"] == parameter
    assert detail is None or fault["detail"] == detail


def test_an_unknown_level_is_rejected_in_one_ladder_and_matches_nothing_in_all(client: TestClient) -> None:
    answer = client.get(f"{NETFLIX}/search?q=design&level=l55")
    (fault,) = answer.json()["errors"]
    assert fault == {
        "parameter": "level",
        "detail": "This release has no level 'l55'. Did you mean 'l5'?",
    }
    assert client.get("/v1/search?q=design&level=l55").json()["items"] == []


def test_a_cursor_of_another_search_is_rejected(client: TestClient) -> None:
    following = client.get("/v1/search?q=design&limit=1").json()["links"]["next"]
    assert problem(client.get(following.replace("q=design", "q=system")))[0] == 422
    assert client.get(following).status_code == 200
    assert problem(client.get(following.replace("/v1/search", f"{NETFLIX}/search")))[0] == 422


def test_a_search_of_all_ladders_finds_only_releases_in_force(empty_api: Api) -> None:
    ladder = small("acme", "Acme quince")
    empty_api.publish(ladder, "1.0.0", day(1))
    empty_api.publish(
        ladder.model_copy(update={"title": "Acme medlar"}), "1.1.0", day(2), effective=NOW.replace(year=2999)
    )
    found = {asked: empty_api.json(f"/v1/search?q={asked}")["items"] for asked in ("quince", "medlar")}
    assert [(len(items), [one["release"] for one in items]) for items in found.values()] == [
        (1, ["1.0.0"]),
        (0, []),
    ]
    counts = [
        len(empty_api.json(f"/v1/ladders/{reference}/search?q=medlar")["items"])
        for reference in ("acme", "acme@1.0.0", "acme@latest", "acme@1.1.0")
    ]
    assert counts == [0, 0, 1, 1]


def test_searching_a_draft_needs_permission(empty_api: Api) -> None:
    empty_api.publish(full(), "1.0.0", day(1))
    draft = marked(published(empty_api, "full"))
    write_draft(empty_api, draft)
    key = empty_api.key("ann", "write")
    assert empty_api.json(f"/v1/search?q={MARK}")["items"] == []
    assert empty_api.json(f"/v1/ladders/full/search?q={MARK}")["items"] == []
    assert problem(empty_api.client.get(f"/v1/ladders/full@draft/search?q={MARK}"))[0] == 401
    answer = empty_api.client.get(f"/v1/ladders/full@draft/search?q={MARK}&limit=3", headers=key)
    body = answer.json()
    assert (answer.headers["cache-control"], body["release"], len(body["items"])) == ("no-store", "draft", 3)
    assert all(one["links"]["self"].startswith("/v1/ladders/full@draft") for one in body["items"])
    rest = empty_api.client.get(body["links"]["next"], headers=key).json()["items"]
    assert not {one["address"] for one in rest} & {one["address"] for one in body["items"]}


def test_a_hidden_ladder_is_not_found_and_leaves_no_trace(empty_api: Api) -> None:
    empty_api.publish(small("open", "Quince"), "1.0.0", day(1))
    before = empty_api.json("/v1/search?q=quince")
    empty_api.publish(small("secret", "Quince quince"), "1.0.0", day(1))
    hide(empty_api.application.serving.engine, "secret")
    empty_api.refresh()
    key = empty_api.key("ann", "read", ladders=("secret",))
    seen = empty_api.client.get("/v1/search?q=quince", headers=key)
    assert [one["ladder"] for one in seen.json()["items"]] == ["open", "secret"]
    assert seen.headers["cache-control"] == f"private, {UNPINNED}"
    assert empty_api.json("/v1/search?q=quince") == before
    never = problem(empty_api.client.get("/v1/search?q=quince&ladder=never"))
    hidden = problem(empty_api.client.get("/v1/search?q=quince&ladder=secret"))
    assert never == hidden
    assert problem(empty_api.client.get("/v1/ladders/secret/search?q=quince"))[0] == 404


def test_without_the_database_cached_searches_work_and_others_are_503(
    sqlite_databases: SqliteDatabases,
) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url) as api:
        kept = api.json("/v1/search?q=design")
        file = Path(url.removeprefix("sqlite:///"))
        file.rename(file.with_suffix(".moved"))
        api.refresh()
        assert api.json("/v1/search?q=design") == kept
        for path in ("/v1/search?q=system", f"{NETFLIX}/search?q=system"):
            answer = api.client.get(path)
            assert problem(answer)[:2] == (503, "unavailable")
            assert answer.headers["retry-after"] == "1"


def test_snippets_never_contain_markup(empty_api: Api) -> None:
    ladder: Ladder = full().model_copy(
        update={"summary": "Quince <script>alert(1)</script> <img src=x onerror=y>"}
    )
    empty_api.publish(ladder, "1.0.0", day(1))
    (item,) = empty_api.json(f"/v1/search?q={quote('quince')}")["items"]
    assert item["snippet"] == [match("Quince"), plain("  alert(1)")]
