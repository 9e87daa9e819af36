"""Hidden ladders look as if they did not exist: two keys for two internal ladders, each without the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from app.rubric.ladder import Ladder
from app.rubric.parts import Example
from tests.api.serving import COLLECTIONS, NETFLIX, Api, Clock, serve
from tests.databases import Databases
from tests.serving.hiding import hide, show
from tests.store.samples import day, full, release

Json = Any
MINE, THEIRS, NEVER = "secret-mine", "secret-elsewhere", "secret-neverwas"
"""Slugs of the same length, for the one of them that never was must be answered as the hidden one, byte for byte."""
ID: Final = {"x-request-id": "the-same"}


@dataclass(frozen=True)
class Two:
    """An application with two internal ladders, and a key for each."""

    api: Api
    mine: dict[str, str]
    theirs: dict[str, str]

    def told(self, path: str, headers: dict[str, str], method: str = "GET") -> tuple[int, Json, bytes]:
        """Status, headers and body, the request's id being the same."""
        answer = self.api.client.request(method, path, headers={**headers, **ID})
        return answer.status_code, sorted(answer.headers.multi_items()), answer.content


def ladder(slug: str) -> Ladder:
    """A ladder with something in every collection, whose every text holds its own name."""
    content = (
        full().model_dump_json().replace("Full", f"Ladder {slug}").replace("Everything", f"All of {slug}")
    )
    made = Ladder.model_validate_json(content.replace('"full"', f'"{slug}"'))
    example = Example(slug=f"{slug}-example", title=slug, text=f"Only in {slug}.")
    level = made.levels[0].model_copy(
        update={"examples": (example,), "slug": f"{slug}-level", "formerly": ()}
    )
    expectations = tuple(
        one.model_copy(update={"level": level.slug}) if one.level == "l1" else one
        for one in made.expectations
    )
    threshold = made.tracks[1].thresholds[0].model_copy(update={"level": level.slug})
    track = made.tracks[1].model_copy(update={"thresholds": (threshold,)})
    faq = made.faqs[0].model_copy(update={"about": (f"level:{level.slug}",)})
    removal = made.removals[0].model_copy(update={"successor": f"level:{level.slug}"})
    return made.model_copy(
        update={
            "tracks": (made.tracks[0], track),
            "levels": (level, made.levels[1]),
            "expectations": expectations,
            "faqs": (faq,),
            "removals": (removal,),
            "translations": (),
        }
    )


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def two(request: pytest.FixtureRequest) -> Iterator[Two]:
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    with databases.fresh("seeded") as url, serve(url, Clock()) as api:
        engine = api.application.serving.engine
        for slug in (MINE, THEIRS):
            release(engine, ladder(slug), "1.0.0")
            release(
                engine,
                ladder(slug).model_copy(update={"summary": f"Second of {slug}"}),
                "1.0.1",
                published=day(5),
            )
        hide(engine, MINE, THEIRS)
        yield Two(api, api.key("ada", "read", ladders=(MINE,)), api.key("grace", "read", ladders=(THEIRS,)))


def urls_of(two: Two, slug: str, headers: dict[str, str]) -> list[str]:
    """Every URL that a ladder has, for whoever may read it."""
    pinned = f"/v1/ladders/{slug}@1.0.0"
    found = [pinned, f"{pinned}/document"]
    for collection in COLLECTIONS:
        found.append(f"{pinned}/{collection}")
        answer = two.api.client.get(f"{pinned}/{collection}?limit=500", headers=headers)
        found += [item["links"]["self"] for item in answer.json()["items"]]
    found += [url.replace("@1.0.0", "") for url in found]
    home = f"/v1/ladders/{slug}"
    found += [
        f"{home}@latest",
        f"{home}@9.9.9",
        f"{home}/levels/none",
        f"{home}/levels?limit=1",
        f"{home}@nothing",
        f"{home}@draft",
        f"{home}@draft/levels",
    ]
    found += [
        f"{home}/releases",
        f"{home}/releases/1.0.0",
        f"{home}/releases/1.0.0/content",
        f"{home}/releases/7.7.7",
    ]
    found += [f"{home}/diff?from=1.0.0&to=1.0.1", f"{home}/diff.md?from=1.0.0&to=1.0.1"]
    found += [f"{home}/findings", f"{home}/nowhere", f"{home}/releases?as_of=2026-11-01"]
    found += [f"{home}/settings", f"{home}/reviews", f"{home}/reviews/1"]
    return found


def uuids_of(two: Two, slug: str, headers: dict[str, str]) -> list[str]:
    body = two.api.client.get(f"/v1/ladders/{slug}/document", headers=headers).json()
    found: list[str] = []

    def walk(part: Json) -> None:
        if isinstance(part, dict):
            found.extend(value for key, value in part.items() if key == "uuid")
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(body)
    return sorted(set(found))


def test_a_hidden_ladder_looks_like_one_that_never_existed(two: Two) -> None:
    """Status, headers and body, to strangers and to whoever may see another: before and after its own reader read."""
    urls = urls_of(two, THEIRS, two.theirs)
    assert len(urls) > 40
    for others in ({}, two.mine):
        for url in urls:
            cold = two.told(url, others)
            two.told(url, two.theirs)
            two.told(url, two.theirs)
            hot = two.told(url, others)
            never = two.told(url.replace(THEIRS, NEVER), others)
            status, headers, body = never
            assert cold == hot, url
            expected = (status, headers, body.replace(NEVER.encode(), THEIRS.encode()))
            assert _same_length(cold) == _same_length(expected), url
            assert status in (401, 403, 404, 405, 422), url
            if status == 404 and "/nowhere" not in url:
                said = dict(headers)
                assert (said["cache-control"], said["vary"]) == ("no-store", "authorization"), url


def _same_length(told: tuple[int, Json, bytes]) -> tuple[int, Json, bytes]:
    """Without the length, which follows from the slug that was asked for."""
    status, headers, body = told
    return status, [pair for pair in headers if pair[0] != "content-length"], body


def test_lists_across_ladders_omit_hidden_ones(two: Two) -> None:
    """Every read that is not of one ladder, near names, redirects and cursors, for each key and for strangers."""
    paths = [
        "/v1",
        "/v1/ladders",
        "/v1/ladders?limit=1",
        "/v1/ladders/secret-els",
        "/v1/ladders/secret",
        f"{NETFLIX}/levels/secret-elsewhere",
        "/.well-known/api-catalog",
        "/openapi.json",
        "/readyz",
        "/",
        "/v1/ladders?fields=summary&limit=500",
    ]
    for headers, hidden in (({}, (MINE, THEIRS)), (two.mine, (THEIRS,)), (two.theirs, (MINE,))):
        for path in paths * 2:
            answer = two.api.client.get(path, headers=headers)
            said = answer.text + str(answer.headers)
            for slug in hidden:
                own = f"'{slug}'" if slug in path else None
                assert slug not in (said.replace(own, "") if own else said), (path, slug)
    _walk_the_list(two)


def _walk_the_list(two: Two) -> None:
    for headers, expected in (
        ({}, []),
        (two.mine, [MINE]),
        (two.theirs, [THEIRS]),
        (two.api.key("root", "admin"), sorted([MINE, THEIRS])),
    ):
        path: str | None = "/v1/ladders?limit=1"
        slugs = []
        while path is not None:
            body = two.api.client.get(path, headers=headers).json()
            slugs += [item["slug"] for item in body["items"]]
            path = body["links"].get("next")
        assert slugs == sorted(["example-engineering", "netflix-engineering", *expected])


def test_an_entity_of_a_hidden_ladder_is_not_found(two: Two) -> None:
    never = "00000000-0000-5000-8000-000000000000"
    uuids = uuids_of(two, THEIRS, two.theirs)
    assert len(uuids) > 10
    for uuid in uuids:
        assert two.told(f"/v1/entities/{uuid}", two.theirs)[0] in (307, 410)
        for others in ({}, two.mine):
            status, headers, body = two.told(f"/v1/entities/{never}", others)
            assert two.told(f"/v1/entities/{uuid}", others) == (
                status,
                headers,
                body.replace(never.encode(), uuid.encode()),
            )
            assert (status, dict(headers)["vary"]) == (404, "authorization")


def test_responses_that_need_a_credential_are_private(two: Two) -> None:
    for path in (
        f"/v1/ladders/{MINE}",
        f"/v1/ladders/{MINE}@1.0.0/levels",
        f"/v1/ladders/{MINE}/releases",
        "/v1/ladders",
    ):
        for _ in range(2):
            answer = two.api.client.get(path, headers=two.mine)
            assert answer.status_code == 200
            assert answer.headers["cache-control"].startswith("private, max-age=")
            assert "authorization" in answer.headers["vary"].split(", ")


def test_a_credential_changes_nothing_for_a_public_ladder(two: Two) -> None:
    paths = [
        NETFLIX,
        f"{NETFLIX}@1.0.0/levels/l5",
        f"{NETFLIX}/releases",
        f"{NETFLIX}/levels/l55",
        f"{NETFLIX}/document",
    ]
    paths += [f"{NETFLIX}/{collection}" for collection in COLLECTIONS]
    for path in paths * 2:
        plain = two.told(path, {})
        assert two.told(path, two.mine) == plain
        assert two.told(path, two.theirs) == plain
        said = dict(plain[1])
        assert "authorization" not in said.get("vary", "")
        assert "private" not in said["cache-control"]


def test_public_lists_vary_by_authorization(two: Two) -> None:
    for _ in range(2):
        answer = two.api.client.get("/v1/ladders")
        assert (
            answer.headers["cache-control"] == "max-age=10, stale-while-revalidate=30, stale-if-error=86400"
        )
        assert "authorization" in answer.headers["vary"].split(", ")


def test_cached_responses_of_a_hidden_ladder_are_not_served(two: Two) -> None:
    """Pinned and hot under its public name; and what was private is public again, once the ladder is."""
    slug = "once-open"
    serving = two.api.application.serving
    release(serving.engine, ladder(slug), "1.0.0")
    two.api.refresh()
    paths = [
        f"/v1/ladders/{slug}@1.0.0/levels",
        f"/v1/ladders/{slug}",
        f"/v1/ladders/{slug}/releases/1.0.0/content",
    ]
    before = {path: two.told(path, {}) for path in paths * 3}
    assert {told[0] for told in before.values()} == {200}
    hide(serving.engine, slug)
    two.api.refresh()
    assert {two.told(path, headers)[0] for path in paths for headers in ({}, two.mine)} == {404}
    reader = two.api.key("once", "read", ladders=(slug,))
    for path in paths * 2:
        status, headers, body = two.told(path, reader)
        assert (status, body) == (200, before[path][2])
        assert dict(headers)["cache-control"].startswith("private, ")
    show(serving.engine, slug)
    two.api.refresh()
    assert {path: two.told(path, {}) for path in paths} == before
    assert {path: two.told(path, reader) for path in paths} == before


def test_a_key_for_other_ladders_cannot_read_protected_ones(databases: Databases) -> None:
    with databases.fresh("seeded") as url, serve(url, Clock(), read_access="key") as api:
        bound = api.key("ada", "read", ladders=("netflix-engineering",))
        for _ in range(2):
            listed = api.client.get("/v1/ladders", headers=bound)
            assert [item["slug"] for item in listed.json()["items"]] == ["netflix-engineering"]
            assert listed.headers["cache-control"].startswith("private, ")
            assert api.client.get("/v1/ladders/example-engineering", headers=bound).status_code == 404
            read = api.client.get(f"{NETFLIX}@1.0.0/levels/l5", headers=bound)
            assert (read.status_code, read.headers["cache-control"]) == (
                200,
                "private, max-age=31536000, immutable",
            )
            assert api.client.get(f"{NETFLIX}@1.0.0/levels/l5").status_code == 401
            assert api.client.get("/docs").headers["cache-control"] == "max-age=300, stale-if-error=86400"
