"""Reads of drafts: every read URL works with `@draft` for callers with permission, and drafts appear nowhere else."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from httpx2 import Response

from app.formats.sheets.xlsx_reader import read_xlsx
from app.rubric.entities import COLLECTIONS
from app.rubric.index import Index
from app.rubric.ladder import Ladder, Page
from app.store.audit import Actor
from app.store.engine import writing
from app.store.ladder_settings import LadderSettings, change_settings
from tests.api.drafting import MARK, marked, published, write_draft
from tests.api.serving import EXAMPLE, NOW, Api, problem, serve

SLUG: Final = "example-engineering"
DRAFT: Final = f"{EXAMPLE}@draft"
NEVER: Final = Ladder(
    slug="zzmark-only", title=f"{MARK} only", pages=(Page(slug="one", title=MARK, text=MARK),)
)
"""A ladder that was never published."""
_NOT_OF_CONTENT: Final = ("releases", "reviews", "settings", "diff")
"""Resources below a ladder that do not belong to one release."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def api(request: pytest.FixtureRequest) -> Iterator[Api]:
    """All seeds, a draft of one of them with a mark in every text, and a ladder that only has a draft."""
    databases = request.getfixturevalue(f"{request.param}_databases")
    with databases.fresh("seeded") as url, serve(url) as served:
        ladder = marked(published(served, SLUG))
        new = Page(slug="zzmark-page", title=MARK, text=MARK)
        write_draft(served, ladder.model_copy(update={"pages": (*ladder.pages, new)}))
        write_draft(served, NEVER)
        yield served


@pytest.fixture(scope="module")
def author(api: Api) -> dict[str, str]:
    """Headers of a caller who can read drafts."""
    return api.key("ann", "review")


def reads(api: Api) -> list[str]:
    """Return the path of every GET operation."""
    document = api.json("/openapi.json")
    return [path for path, operations in document["paths"].items() if "get" in operations]


def concrete(path: str, reference: str, index: Index) -> str:
    """Return the URL of an operation, with the first entity of each kind."""
    of_kind = {**{kind: kind for kind in COLLECTIONS.values()}, "example": "example"}

    def chosen(match: re.Match[str]) -> str:
        name = match[1]
        if name in {"ladder", "slug"}:
            return reference
        if name in of_kind:
            return index.of_kind(name)[0].address
        return {
            "version": "1.1.0",
            "profile": "15five-paths",
            "uuid": str(index.of_kind("page")[-1].uuid),
        }.get(name, "1")

    return re.sub(r"\{(\w+)\}", chosen, path) + required(path, index)


def required(path: str, index: Index) -> str:
    """Return the parameters that an operation requires, or that make it fast."""
    if "/compare" in path:
        return f"?to={index.of_kind('level')[1].address}"
    if path.endswith(".png"):
        return "?scale=1"  # the quickest to draw
    if "/exports/" in path:
        return f"?track={index.of_kind('track')[0].address}"
    return f"?q={MARK[:2]}*" if path.endswith("/search") else ""


def of_content(path: str) -> bool:
    """Return whether a path belongs to one release."""
    below = path.removeprefix("/v1/ladders/{ladder}")
    return below != path and not any(re.match(rf"/{word}\b", below) for word in _NOT_OF_CONTENT)


def the_draft(api: Api) -> Index:
    return Index.of(marked(published(api, SLUG)))


def formats_at(api: Api, url: str) -> Mapping[str, str]:
    """Return the formats that Accept can choose at a URL."""
    return api.application.serving.routes.find(url.partition("?")[0], "GET").formats


def words(answer: Response) -> str:
    """Return the text of a response, also that of a workbook."""
    if not answer.headers.get("content-disposition", "").endswith('.xlsx"'):
        return answer.text
    return str(read_xlsx(answer.content, "draft.xlsx"))


def test_every_read_works_on_a_draft_too(api: Api, author: dict[str, str]) -> None:
    index = the_draft(api)
    paths = [path for path in reads(api) if of_content(path)]
    assert len(paths) >= 23
    for path in paths:
        url = concrete(path, f"{SLUG}@draft", index)
        asked = {**author, "accept-encoding": "gzip, br, zstd"}
        answer = api.client.get(url, headers=asked)
        assert answer.status_code == 200, (url, answer.text)
        json = answer.headers["content-type"] == "application/json"
        body = answer.json() if json else {"ladder": SLUG, "release": "draft"}
        rows = body if isinstance(body, list) else [body]
        assert {(row["ladder"], row["release"]) for row in rows} == {(SLUG, "draft")}
        assert MARK in words(answer) or path.endswith(("/findings", ".png")), url
        assert answer.headers["cache-control"] == "no-store"
        assert "content-encoding" not in answer.headers
        assert answer.headers.get("vary") == ("accept" if formats_at(api, url) else None)
        if "next" not in rows[0].get("links", {}):  # a page changes with the draft
            again = api.client.get(url, headers={**asked, "if-none-match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b""), url
            assert again.headers["etag"] == answer.headers["etag"]
        head = api.client.head(url, headers=asked)
        same = {"etag", "content-length", "content-type", "cache-control"}
        assert {name: head.headers[name] for name in same} == {name: answer.headers[name] for name in same}


def test_links_in_a_draft_stay_in_the_draft(api: Api, author: dict[str, str]) -> None:
    body = api.client.get(f"{DRAFT}/levels?limit=1&sort=-slug", headers=author).json()
    links = {
        "self": f"{DRAFT}/levels?limit=1&sort=-slug",
        "current": f"{EXAMPLE}/levels?limit=1&sort=-slug",
        "pinned": f"{DRAFT}/levels?limit=1&sort=-slug",
        "release": f"{EXAMPLE}/releases",
        "next": body["links"]["next"],
    }
    assert body["links"] == links
    assert body["items"][0]["links"] == {"self": f"{DRAFT}/levels/{body['items'][0]['slug']}"}
    following = api.client.get(body["links"]["next"], headers=author)
    assert following.status_code == 200
    assert following.json()["items"][0]["slug"] < body["items"][0]["slug"]


@pytest.mark.parametrize("reference", [SLUG, "zzmark-only", "never-heard-of"])
def test_a_caller_who_may_not_read_drafts_learns_nothing(api: Api, reference: str) -> None:
    """Not even whether the ladder exists."""
    index = the_draft(api)
    others: tuple[tuple[dict[str, str], int, str], ...] = (
        (api.key("ben", "read"), 403, "Your key lacks the scope 'review'"),
        (api.key("cem", "write", ladders=("other",)), 403, f"Your key is not for the ladder {reference!r}"),
        ({}, 401, "This needs a key with the scope 'review'"),
    )
    for path in (path for path in reads(api) if of_content(path)):
        url = concrete(path, f"{reference}@draft", index)
        for headers, status, detail in others:
            answer = api.client.get(url, headers=headers)
            assert problem(answer)[0] == status, url
            assert problem(answer)[2].startswith(detail)


def test_a_draft_appears_nowhere_else(api: Api, author: dict[str, str]) -> None:
    index = the_draft(api)
    callers: tuple[dict[str, str], ...] = ({}, author, api.key("eve", "read"), api.key("adm", "admin"))
    answered = 0
    for path in reads(api):
        api.client.get(concrete(path, f"{SLUG}@draft", index), headers=author)  # to load it into memory
        references = [SLUG, f"{SLUG}@latest", f"{SLUG}@1.1.0", "zzmark-only"] if "{ladder}" in path else [""]
        for reference in references:
            url = concrete(path, reference, index)
            for headers in (*callers, *callers):
                answer = api.client.get(url, headers=headers)
                # Only the requested slug may be repeated.
                said = answer.text.replace(reference, "") if reference == "zzmark-only" else answer.text
                assert MARK not in said, (url, headers, answer.text[:300])
                answered += answer.status_code == 200
    assert answered > 300


def test_a_draft_in_a_parameter_needs_the_same_permission(api: Api, author: dict[str, str]) -> None:
    paths = [path for path, names in with_parameters(api).items() if {"from", "to"} <= names]
    assert paths
    for path in paths:
        index = the_draft(api)
        url, _, other = concrete(path, SLUG, index).partition("?")
        level = other.removeprefix("to=")
        names = (f"{SLUG}@1.0.0:{level}", f"{SLUG}@draft:{level}") if level else ("1.0.0", "draft")
        url += f"?from={names[0]}&to={names[1]}"
        known = api.client.get(url, headers=author)
        assert (known.status_code, MARK in known.text, known.headers["cache-control"]) == (
            200,
            True,
            "no-store",
        )
        assert problem(api.client.get(url))[0] == 401
        assert problem(api.client.get(url, headers=api.key("ben", "read")))[0] == 403
        assert MARK not in api.client.get(url.replace("draft", "latest")).text


def with_parameters(api: Api) -> dict[str, set[str]]:
    """Return the query parameters of each read."""
    paths = api.json("/openapi.json")["paths"]
    found = {path: paths[path]["get"].get("parameters", ()) for path in reads(api)}
    return {path: {one["name"] for one in said if one["in"] == "query"} for path, said in found.items()}


def test_an_entity_that_only_the_draft_has_is_not_found_in_releases(api: Api, author: dict[str, str]) -> None:
    page, uuid = f"{EXAMPLE}/pages/zzmark-page", str(the_new_page(api, author)["uuid"])
    assert problem(api.client.get(page))[0] == 404
    assert problem(api.client.get(page, headers=author))[0] == 404
    assert problem(api.client.get(f"/v1/entities/{uuid}", headers=author))[0] == 404
    assert problem(api.client.get("/v1/ladders/zzmark-only", headers=author))[:2] == (404, "not-found")
    assert problem(api.client.get("/v1/ladders/zzmark-only/releases", headers=author))[0] == 404
    assert problem(api.client.get(f"{EXAMPLE}/releases/draft", headers=author))[0] == 404
    assert problem(api.client.get(f"{EXAMPLE}/releases/draft/content", headers=author))[0] == 404
    listed = [item["slug"] for item in api.client.get("/v1/ladders", headers=author).json()["items"]]
    assert listed == ["example-engineering", "netflix-engineering"]


def the_new_page(api: Api, author: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
    return api.client.get(f"{DRAFT}/pages/zzmark-page", headers=author).json()


def test_a_ladder_that_was_never_published_can_be_read_as_a_draft(api: Api, author: dict[str, str]) -> None:
    body = api.client.get("/v1/ladders/zzmark-only@draft", headers=author).json()
    assert (body["title"], body["counts"]["page_count"], body["release"]) == (f"{MARK} only", 1, "draft")


def test_a_missing_ladder_has_no_draft(api: Api, author: dict[str, str]) -> None:
    answer = problem(api.client.get("/v1/ladders/never@draft/levels", headers=author))
    detail = "There is no draft of 'never'. POST /v1/ladders creates a ladder with an empty draft."
    assert answer == (404, "not-found", detail)


def test_the_draft_of_a_hidden_ladder_needs_a_scope_on_it(api: Api, author: dict[str, str]) -> None:
    with writing(api.application.serving.engine) as connection:
        internal = LadderSettings("internal")
        change_settings(connection, "netflix-engineering", internal, Actor("adm"), NOW)
    api.refresh()
    other = api.key("cem", "write", ladders=("other",))
    hidden, never = (
        api.client.get(f"/v1/ladders/{slug}@draft/levels", headers={**other, "x-request-id": "same"})
        for slug in ("netflix-engineering", "never-engineering-x")
    )
    assert hidden.status_code == never.status_code == 403
    assert hidden.text.replace("netflix-engineering", "") == never.text.replace("never-engineering-x", "")
    ours = api.key("dee", "write", ladders=("netflix-engineering",))
    for headers in (ours, author):
        assert api.client.get("/v1/ladders/netflix-engineering@draft", headers=headers).status_code == 200


@pytest.mark.parametrize("right", ["write", "review", "publish", "admin"])
def test_every_write_scope_can_read_drafts(api: Api, right: str) -> None:
    assert api.client.get(DRAFT, headers=api.key("gus", right)).status_code == 200


def test_a_tag_is_the_same_for_every_choice_of_fields(api: Api, author: dict[str, str]) -> None:
    def tag(query: str) -> str:
        tagged: str = api.client.get(f"{DRAFT}/levels/l5{query}", headers=author).headers["etag"]
        return tagged

    assert tag("") == tag("?fields=title") == tag("?expand=expectations")


def test_expanded_responses_are_not_revalidated_by_the_tag_of_the_entity(
    api: Api, author: dict[str, str]
) -> None:
    url = f"{DRAFT}/levels/l5?expand=expectations"
    known = {**author, "if-none-match": api.client.get(url, headers=author).headers["etag"]}
    assert api.client.get(url, headers=known).status_code == 200


def test_a_draft_is_served_in_json_only(api: Api, author: dict[str, str]) -> None:
    answer = api.client.get(DRAFT, headers={**author, "accept": "text/html"})
    assert problem(answer) == (406, "not-acceptable", "Only application/json can be given here.")


def test_a_304_of_a_negotiated_response_has_vary(api: Api, author: dict[str, str]) -> None:
    asked = {**author, "accept": "text/csv"}
    url = f"{DRAFT}/levels/l5/effective"
    whole = api.client.get(url, headers=asked)
    again = api.client.get(url, headers={**asked, "if-none-match": whole.headers["etag"]})
    assert (whole.status_code, again.status_code) == (200, 304)
    assert again.headers["vary"] == whole.headers["vary"] == "accept"
    other = {**author, "accept": "text/markdown", "if-none-match": whole.headers["etag"]}
    assert api.client.get(url, headers=other).status_code == 200
