"""Comparisons of two levels over HTTP: in one ladder, two releases, two ladders, and a draft."""

import gc
from datetime import timedelta
from typing import Any, Final
from weakref import ref

import pytest
from starlette.testclient import TestClient

from app.api.views import compare
from app.rubric.ladder import Ladder
from app.serving.releases import drafts
from tests.api.drafting import write_draft
from tests.api.serving import EXAMPLE, NOW, PINNED, UNPINNED, Api, Json, problem, table
from tests.rubric.drafts import draft
from tests.serving.hiding import hide

COMPARE: Final = f"{EXAMPLE}/compare"
ACME: Final = "/v1/ladders/acme/compare"
DAY: Final = timedelta(days=1)
FIRST: Final = {
    "/expectations/0/summary": "Writes small parts that work.",
    "/expectations/0/statements": [{"text": "Tests own code."}, {"text": "Asks early."}],
    "/expectations/1/summary": "Writes large parts that work.",
    "/expectations/1/statements": [{"text": "Tests own code."}, {"text": "=Plans", "kind": "growth"}],
    "/expectations/-": {"level": "l5", "competency": "quality", "facet": "testing", "step": "novice"},
}


@pytest.fixture
def api(empty_api: Api) -> Api:
    """Acme 1.0.0, and 1.1.0, which is in force and renames the levels and the competency."""
    empty_api.publish(draft(FIRST), "1.0.0", NOW - DAY)
    renamed = {
        **FIRST,
        "/levels/0": {"slug": "one", "track": "ic", "title": "Engineer", "formerly": ["l4"]},
        "/expectations/0/level": "one",
        "/expectations/0/summary": "Writes little parts that work.",
    }
    empty_api.publish(draft(renamed), "1.1.0", NOW - DAY)
    return empty_api


def told(body: Json) -> list[tuple[str, str]]:
    """Return each cell's slug and change. A dropped cell has its former slug."""
    sides = [(item["change"], item.get("after") or item["before"]) for item in body["items"]]
    return [(side.get("facet", side["competency"]), change) for change, side in sides]


def effective_of(body: Json, item: Json, side: str) -> str:
    """Return the URL of one level's effective expectations in a place, as the docs say."""
    level = body["from" if side == "before" else "to"]
    return f"{level['links']['effective']}?competency={item[side]['competency']}"


def test_a_comparison_has_both_levels_and_the_changes_of_each_cell(api: Api) -> None:
    body = api.json("/v1/ladders/acme@1.0.0/compare?from=l4&to=l5")
    home = "/v1/ladders/acme@1.0.0"
    place = {
        "competency": "quality",
        "competency_title": "Quality",
        "state": "own",
        "applicability": "required",
    }

    def level(slug: str, title: str, rank: int) -> Json:
        here = f"{home}/levels/{slug}"
        links = {"self": here, "effective": f"{here}/effective", "ladder": home}
        links |= {"release": "/v1/ladders/acme/releases/1.0.0"}
        about = {"ladder": "acme", "release": "1.0.0", "level": slug, "title": title, "track": "ic"}
        return {**about, "effective_rank": rank, "links": links}

    links = {"effective": f"{home}/levels/l5/effective?competency=quality"}

    def said(text: str, slug: str, **more: str) -> Json:
        return {"text": text, "counts_as": "asked", "of": f"expectation:{slug}--quality", **more}

    facet = {**place, "facet": "testing", "facet_title": "Testing", "step": "novice", "step_title": "Novice"}
    absent = {name: facet[name] for name in ("competency", "competency_title", "facet", "facet_title")}
    assert body == {
        "ladder": "acme",
        "release": "1.0.0",
        "from": level("l4", "Engineer", 1),
        "to": level("l5", "Senior engineer", 2),
        "counts": {
            "new_count": 1,
            "raised_count": 1,
            "changed_count": 0,
            "same_count": 0,
            "lowered_count": 0,
            "dropped_count": 0,
        },
        "items": [
            {
                "change": "raised",
                "matched_by": "identity",
                "before": {**place, "step": "novice", "step_title": "Novice"},
                "after": {**place, "step": "expert", "step_title": "Expert"},
                "step_change": "raised",
                "texts": [
                    {
                        "part": "summary",
                        "change": "changed",
                        "before": said("Writes small parts that work.", "l4"),
                        "after": said("Writes large parts that work.", "l5"),
                        "words": [
                            {"op": "equal", "text": "Writes "},
                            {"op": "delete", "text": "small"},
                            {"op": "insert", "text": "large"},
                            {"op": "equal", "text": " parts that work."},
                        ],
                    },
                    {
                        "part": "statement",
                        "change": "same",
                        "before": said("Tests own code.", "l4"),
                        "after": said("Tests own code.", "l5"),
                    },
                    {
                        "part": "statement",
                        "change": "new",
                        "after": said("=Plans", "l5", kind="growth", counts_as="ahead"),
                    },
                    {
                        "part": "statement",
                        "change": "dropped",
                        "before": said("Asks early.", "l4"),
                    },
                ],
                "links": links,
            },
            {
                "change": "new",
                "matched_by": "identity",
                "before": {**absent, "state": "absent"},
                "after": facet,
                "step_change": "new",
                "links": links,
            },
        ],
        "links": {
            "self": f"{home}/compare?from=l4&to=l5",
            "current": f"{ACME}?from=l4&to=l5",
            "pinned": f"{home}/compare?from=l4&to=l5",
            "markdown": f"{home}/compare.md?from=l4&to=l5",
            "csv": f"{home}/compare.csv?from=l4&to=l5",
            "radar": f"{home}/levels/l4/radar.svg?with=l5",
        },
    }


# Levels in parameters


def levels(body: Json) -> list[str]:
    return [f"{side['ladder']}@{side['release']}:{side['level']}" for side in (body["from"], body["to"])]


@pytest.mark.parametrize(
    ("query", "before", "after"),
    [
        ("from=l4&to=l5", "1.1.0:l4", "1.1.0:l5"),
        ("to=l5", "1.1.0:l4", "1.1.0:l5"),
        ("to=m1", "1.1.0:l4", "1.1.0:m1"),
        ("to=example-engineering@1.0.0:m1", "1.0.0:l4", "1.0.0:m1"),
        ("from=individual-contributor/5&to=management/5.0", "1.1.0:l5", "1.1.0:m1"),
        ("from=example-engineering@1.0.0:l5&to=l5", "1.0.0:l5", "1.1.0:l5"),
        ("from=l3&to=example-engineering@1.0.0:management/7", "1.1.0:l3", "1.0.0:m3"),
        ("from=example-engineering@latest:l3&to=example-engineering:l3", "1.1.0:l3", "1.1.0:l3"),
    ],
)
def test_a_level_is_named_by_slug_or_by_track_and_rank(
    client: TestClient, query: str, before: str, after: str
) -> None:
    body = client.get(f"{COMPARE}?{query}").json()
    assert levels(body) == [f"example-engineering@{before}", f"example-engineering@{after}"]
    again = client.get(body["links"]["pinned"])
    assert again.headers["cache-control"] == PINNED
    assert (levels(again.json()), again.json()["items"]) == (levels(body), body["items"])


def test_a_comparison_of_two_ladders_says_how_competencies_were_matched(client: TestClient) -> None:
    body = client.get(f"{COMPARE}?from=netflix-engineering:l5&to=l5&limit=500").json()
    assert levels(body) == ["netflix-engineering@1.0.0:l5", "example-engineering@1.1.0:l5"]
    assert {item["matched_by"] for item in body["items"]} <= {"alignment", "slug", "title"}
    assert body["counts"]["changed_count"] + body["counts"]["raised_count"] > 20


def test_a_place_links_to_the_level_whose_ladder_has_it(empty_api: Api) -> None:
    other = {
        "/slug": "zenith",
        "/competencies/1": {"slug": "planning", "title": "Planning"},
        "/facets/1/competency": "planning",
        "/expectations/1": {"level": "l5", "competency": "planning", "summary": "Plans."},
    }
    mine = {"/expectations/-": {"level": "l5", "competency": "delivery", "summary": "Delivers."}}
    empty_api.publish(draft(mine), "1.0.0", NOW - DAY)
    empty_api.publish(draft(other), "1.0.0", NOW - DAY)
    body = empty_api.json("/v1/ladders/zenith@1.0.0/compare?from=acme@1.0.0:l5&to=l5")
    home = "/v1/ladders/{}@1.0.0/levels/l5/effective?competency={}"
    assert {
        (item.get("before", item.get("after"))["competency"], *item["links"].values())
        for item in body["items"]
    } == {
        ("quality", home.format("zenith", "quality")),
        ("planning", home.format("zenith", "planning")),
        ("delivery", home.format("acme", "delivery")),
    }


def test_a_renamed_level_matches_itself_in_another_release(api: Api) -> None:
    body = api.json(f"{ACME}?from=acme@1.0.0:l4&to=one")
    assert told(body) == [("quality", "changed")]
    (summary, *statements) = body["items"][0]["texts"]
    assert [edit["text"] for edit in summary["words"]] == ["Writes ", "small", "little", " parts that work."]
    assert {text["change"] for text in statements} == {"same"}


# Errors


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        ("from=l4", "to", None),
        ("from=l4&to=l55", "to", "example-engineering@1.1.0 has no level 'l55'. Did you mean 'l5'?"),
        (
            "from=example-engineering@1.0.0:l44&to=l5",
            "from",
            "example-engineering@1.0.0 has no level 'l44'. Did you mean 'l4'?",
        ),
        (
            "from=managment/5&to=l5",
            "from",
            "example-engineering@1.1.0 has no track 'managment' with levels. Did you mean 'management'?",
        ),
        (
            "from=management/8&to=l5",
            "from",
            "The track 'management' has no level with rank 8. Its ranks: 5, 6, 7.",
        ),
        ("to=l3", "from", "'l3' is the lowest level of its track. Set `from` to the level to compare with."),
        ("from=l4&to=L5", "to", None),
        ("from=l4&to=a:b:l5", "to", None),
        ("from=l4&to=l5&change=more", "change", None),
        (
            "from=l4&to=l5&competency=mentorship",
            "competency",
            "Neither ladder has a competency 'mentorship'. Did you mean 'mentorship-role'?",
        ),
        ("from=l4&to=l5&fields=text", "fields", None),
        ("frm=l4&to=l5", "frm", None),
    ],
)
def test_an_error_names_the_invalid_parameter(
    client: TestClient, query: str, parameter: str, detail: str | None
) -> None:
    answer = client.get(f"{COMPARE}?{query}")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    (fault,) = answer.json()["errors"]
    assert fault["parameter"] == parameter
    assert detail in {None, fault["detail"]}


def test_a_former_slug_means_the_level_that_had_it(api: Api) -> None:
    assert (
        api.json(f"{ACME}?from=l4&to=l5")["from"]["level"]
        == api.json(f"{ACME}?from=one&to=l5")["from"]["level"]
        == "one"
    )


@pytest.mark.parametrize("extension", ["", ".md", ".csv"])
def test_a_missing_ladder_or_release_is_named_in_the_error(client: TestClient, extension: str) -> None:
    answer = client.get(f"/v1/ladders/nowhere/compare{extension}?from=l4&to=l5")
    assert problem(answer) == (404, "not-found", "There is no ladder 'nowhere'.")
    answer = client.get(f"{COMPARE}{extension}?from=netflix-enginering:l5&to=l5")
    said = "There is no ladder 'netflix-enginering'. Did you mean 'netflix-engineering'?"
    assert problem(answer) == (404, "not-found", said)
    assert answer.json()["errors"] == [{"parameter": "from", "detail": said}]
    answer = client.get(f"{COMPARE}{extension}?from=l4&to=example-engineering@9.0.0:l5")
    assert problem(answer)[:2] == (404, "not-found")
    assert answer.json()["errors"][0]["parameter"] == "to"


# Pages, filters, fields


def test_the_pages_cover_all_cells(client: TestClient) -> None:
    whole = client.get(f"{COMPARE}?from=l4&to=m1&limit=500").json()
    seen: list[Json] = []
    path: str | None = f"{COMPARE}?from=l4&to=m1&limit=7"
    while path is not None:
        answer = client.get(path)
        body = answer.json()
        assert body["counts"] == whole["counts"]
        seen += body["items"]
        path = body["links"].get("next")
        assert answer.links.get("next", {}).get("url") == path
    assert seen == whole["items"]
    assert len(seen) == sum(whole["counts"].values()) == 31


def test_a_cursor_of_another_comparison_is_rejected(client: TestClient) -> None:
    following = client.get(f"{COMPARE}?from=l4&to=l5&limit=1").json()["links"]["next"]
    for path in (following.replace("to=l5", "to=l6"), f"{following}&change=raised"):
        assert problem(client.get(path))[:2] == (422, "invalid-parameter")


def test_filters_select_cells(client: TestClient) -> None:
    whole = client.get(f"{COMPARE}?from=l5&to=m1&limit=500").json()
    for name, number in whole["counts"].items():
        change = name.removesuffix("_count")
        items = client.get(f"{COMPARE}?from=l5&to=m1&limit=500&change={change}").json()["items"]
        assert len(items) == number
        assert items == [item for item in whole["items"] if item["change"] == change]
    found = client.get(f"{COMPARE}?from=l5&to=m1&competency=mentorship-role").json()["items"]
    assert {item["after"]["competency"] for item in found} == {"mentorship-role"}


def test_fields_returns_fewer_fields(client: TestClient) -> None:
    (item,) = client.get(f"{COMPARE}?from=l4&to=l5&limit=1&fields=step_change,after").json()["items"]
    assert set(item) == {"change", "step_change", "after", "links"}


def test_all_links_can_be_read(client: TestClient) -> None:
    body = client.get(f"{COMPARE}?from=l4&to=m1&limit=3").json()
    links = [body["links"], body["from"]["links"], body["to"]["links"]]
    for item in body["items"]:
        links.append(item["links"])
        links += [{side: effective_of(body, item, side)} for side in ("before", "after") if side in item]
        for text in item["texts"]:
            kind, _, address = text.get("after", text.get("before"))["of"].partition(":")
            if kind == "expectation":
                links.append({"of": f"{EXAMPLE}@1.1.0/expectations/{address}"})
    for path in {path for some in links for path in some.values()}:
        assert client.get(path).status_code == 200, path


# Caching


_KEPT: Final = {
    ("", "from=l4&to=l5"): UNPINNED,
    ("@1.1.0", "from=l4&to=l5"): PINNED,
    ("@1.1.0", "to=l5"): PINNED,
    ("@1.1.0", "from=example-engineering@1.0.0:l4&to=l5"): PINNED,
    ("@1.1.0", "from=example-engineering:l4&to=l5"): UNPINNED,
    ("@1.1.0", "from=example-engineering@latest:l4&to=l5"): UNPINNED,
    ("", "from=example-engineering@1.0.0:l4&to=example-engineering@1.1.0:l5"): UNPINNED,
    ("@1.1.0", "from=netflix-engineering:l5&to=l5"): UNPINNED,
    ("@1.1.0", "from=netflix-engineering@1.0.0:l5&to=l5"): PINNED,
}


def test_a_comparison_is_immutable_only_if_both_releases_are_pinned(client: TestClient) -> None:
    for extension in ("", ".md", ".csv"):
        asked = {key: f"{EXAMPLE}{key[0]}/compare{extension}?{key[1]}" for key in _KEPT}
        kept = {key: client.get(path).headers["cache-control"] for key, path in asked.items()}
        assert kept == _KEPT


def test_a_pinned_response_links_to_its_other_versions(client: TestClient) -> None:
    answer = client.get(f"{EXAMPLE}@1.1.0/compare.md?to=l5")
    assert {name: link["url"] for name, link in answer.links.items()} == {
        "canonical": f"{EXAMPLE}@1.1.0/compare.md?from=l4&to=l5",
        "latest-version": f"{EXAMPLE}/compare.md?to=l5",
        "version-history": f"{EXAMPLE}/releases",
    }


def test_a_new_release_of_either_ladder_changes_the_comparison(empty_api: Api) -> None:
    other = {**FIRST, "/slug": "zenith", "/title": "Zenith"}
    empty_api.publish(draft(FIRST), "1.0.0", NOW - DAY)
    empty_api.publish(draft(other), "1.0.0", NOW - DAY)
    path = f"{ACME}?from=zenith:l4&to=acme@1.0.0:l4"
    assert told(empty_api.json(path)) == [("quality", "same")]
    empty_api.publish(draft({**other, "/expectations/0/step": "expert"}), "2.0.0", NOW - DAY)
    body = empty_api.json(path)
    assert (told(body), body["from"]["release"]) == ([("quality", "lowered")], "2.0.0")


# Drafts and hidden ladders


@pytest.mark.parametrize(
    "path",
    [
        "/v1/ladders/acme@draft/compare{}?from=one&to=l5",
        "/v1/ladders/acme/compare{}?from=acme@draft:one&to=l5",
        "/v1/ladders/acme/compare{}?to=acme@draft:l5",
    ],
)
def test_a_draft_needs_permission_and_is_never_cached(api: Api, path: str) -> None:
    headers = api.key("ann", "write")
    for extension in ("", ".md", ".csv"):
        url = path.format(extension)
        assert problem(api.client.get(url))[:2] == (401, "unauthenticated")
        for other in (api.key("bob", "read"), api.key("eve", "admin", ladders=("other",))):
            assert problem(api.client.get(url, headers=other))[:2] == (403, "forbidden")
        for summary in ("Plans a thing.", "Plans another."):
            write_draft(api, draft({**_RENAMED, "/expectations/1/summary": summary}))
            answer = api.client.get(url, headers=headers)
            assert answer.headers["cache-control"] == "no-store"
            assert (summary in answer.text) == ("@draft/" in path or "to=acme@draft" in path)


_RENAMED: Final[dict[str, Any]] = {
    **FIRST,
    "/levels/0": {"slug": "one", "track": "ic", "title": "Engineer"},
    "/expectations/0/level": "one",
}


def test_old_states_of_a_draft_are_freed(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "memory_of", lambda _: 1 << 40)  # only the state that was read last has room
    headers, serving = api.key("ann", "write"), api.application.serving
    states = []
    for number in range(10):
        write_draft(api, draft({**_RENAMED, "/expectations/1/summary": f"Plans {number}."}))
        for path in ("acme@draft/compare?from=one&to=l5", "acme/compare?from=one&to=acme@draft:l5"):
            assert api.client.get(f"/v1/ladders/{path}", headers=headers).status_code == 200
        states.append(ref(serving.drafts.get(serving.freshness.catalog, "acme").index))
    gc.collect()
    assert [state() is not None for state in states] == [False] * 9 + [True]


def test_links_name_the_draft(api: Api) -> None:
    write_draft(api, draft(_RENAMED))
    headers = api.key("ann", "write")
    body = api.client.get(f"{ACME}?from=one&to=acme@draft:one", headers=headers).json()
    assert levels(body) == ["acme@1.1.0:one", "acme@draft:one"]
    assert body["links"]["pinned"] == "/v1/ladders/acme@1.1.0/compare?from=one&to=acme%40draft%3Aone"
    assert body["to"]["links"]["release"] == "/v1/ladders/acme/releases"


def test_a_hidden_ladder_gets_the_error_of_a_missing_one(api: Api) -> None:
    api.publish(draft({**FIRST, "/slug": "quiet"}), "1.0.0", NOW - DAY)
    api.publish(draft({**FIRST, "/slug": "plain"}), "1.0.0", NOW - DAY)
    hide(api.application.serving.engine, "quiet")
    api.refresh()
    for query in ("from={}:l4&to=l5", "from={}@1.0.0:l4&to=l5", "from=one&to={}@9.0.0:l5"):
        hidden, never = (api.client.get(f"{ACME}?{query.format(slug)}") for slug in ("quiet", "quies"))
        assert problem(hidden)[2].replace("quiet", "quies") == problem(never)[2]
        assert "quiet" not in problem(never)[2]
        assert hidden.headers["vary"] == never.headers["vary"] == "authorization"
    reader = api.key("ann", "read", ladders=("quiet", "acme"))
    answer = api.client.get(f"{ACME}?from=quiet@1.0.0:l4&to=acme@1.1.0:l5", headers=reader)
    assert answer.status_code == 200
    assert answer.headers["cache-control"].startswith("private")


# Other formats


def test_markdown_lists_dropped_and_new_texts(api: Api) -> None:
    answer = api.client.get("/v1/ladders/acme@1.0.0/compare.md?from=l4&to=l5")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.text == (
        "# Engineer to Senior engineer\n\n`acme@1.0.0:l4` to `acme@1.0.0:l5`\n\n"
        "1 new, 1 raised.\n\n"
        "## Quality (raised)\n\n"
        "- Step: ~~Novice~~ **Expert**\n"
        "- Writes ~~small~~ **large** parts that work.\n"
        "- *Growth (beyond this level):* **\\=Plans**\n"
        "- ~~Asks early.~~\n"
        "- 1 text the same\n\n"
        "### Testing (new)\n\n"
        "- Step: **Novice**\n"
    )
    same = api.client.get("/v1/ladders/acme@1.0.0/compare.md?from=l5&to=l5").text
    assert same.endswith("2 the same.\n\n## The same\n\n- Quality\n- Quality: Testing\n")


def test_csv_has_a_row_per_text_and_no_formulas(api: Api) -> None:
    answer = api.client.get("/v1/ladders/acme@1.0.0/compare.csv?from=l4&to=l5")
    header, *rows = table(answer)
    assert header == [
        *("competency_before", "facet_before", "competency_after", "facet_after", "title"),
        *("matched_by", "match", "change", "step_change", "step_before", "step_after"),
        *("applicability_before", "applicability_after"),
        *(
            "part",
            "text_change",
            "kind",
            "counts_as",
            "from_before",
            "from_after",
            "text_before",
            "text_after",
        ),
    ]
    quality = [
        "quality",
        "",
        "quality",
        "",
        "Quality",
        "identity",
        "",
        "raised",
        "raised",
        "Novice",
        "Expert",
    ]
    quality += ["required", "required"]
    testing = [
        "quality",
        "testing",
        "quality",
        "testing",
        "Testing",
        "identity",
        "",
        "new",
        "new",
        "",
        "Novice",
    ]
    before, after = "expectation:l4--quality", "expectation:l5--quality"
    assert rows == [
        [
            *(*quality, "summary", "changed", "", "asked", before, after),
            *("Writes small parts that work.", "Writes large parts that work."),
        ],
        [*quality, "statement", "same", "", "asked", before, after, "Tests own code.", "Tests own code."],
        [*quality, "statement", "new", "growth", "ahead", "", after, "", "'=Plans"],
        [*quality, "statement", "dropped", "", "asked", before, "", "Asks early.", ""],
        [*testing, "", "required", *[""] * 8],
    ]


def test_accept_chooses_the_format(client: TestClient) -> None:
    path = f"{COMPARE}?from=l4&to=l5"
    for accept, given in (
        ("text/csv", "text/csv"),
        ("text/markdown", "text/markdown"),
        ("*/*", "application/json"),
    ):
        answer = client.get(path, headers={"accept": accept})
        assert answer.headers["content-type"].startswith(given)
        assert answer.headers["vary"] == "accept, accept-encoding"
    assert problem(client.get(path, headers={"accept": "image/png"}))[:2] == (406, "not-acceptable")


def test_both_engines_give_the_same_comparison(each_client: TestClient) -> None:
    body = each_client.get(f"{COMPARE}?from=individual-contributor/6&to=management/6&limit=500").json()
    assert body["counts"] == {
        "new_count": 0,
        "raised_count": 2,
        "changed_count": 15,
        "same_count": 0,
        "lowered_count": 12,
        "dropped_count": 2,
    }


def test_a_ladder_without_texts_can_be_compared(empty_api: Api) -> None:
    empty = {"slug": "bare", "title": "Bare", "tracks": [{"slug": "t", "title": "T"}]}
    bare = empty | {
        "levels": [{"slug": "a", "track": "t", "title": "A"}, {"slug": "b", "track": "t", "title": "B"}]
    }
    empty_api.publish(Ladder.model_validate(bare), "1.0.0", NOW - DAY)
    assert empty_api.json("/v1/ladders/bare/compare?from=a&to=b")["items"] == []
    text = empty_api.client.get("/v1/ladders/bare/compare.md?from=a&to=b").text
    assert text.endswith("Neither level asks anything.\n")


@pytest.mark.parametrize("extension", [".csv", ".md"])
def test_a_comparison_that_is_too_large_for_one_response_is_rejected(
    api: Api, monkeypatch: pytest.MonkeyPatch, extension: str
) -> None:
    path = f"/v1/ladders/acme@1.0.0/compare{extension}?from=l4&to=l5"
    monkeypatch.setattr(compare, "_MOST_WHOLE", 5)  # there are two summaries and four statements
    answer = api.client.get(path)
    assert problem(answer)[:2] == (422, "invalid-parameter")
    assert answer.json()["errors"] == [
        {
            "parameter": "to",
            "detail": "These levels have 6 texts together. The maximum is 5. Request JSON, which has pages and can "
            "be filtered by competency (competency) or change (change).",
        }
    ]
    monkeypatch.setattr(compare, "_MOST_WHOLE", 6)
    assert api.client.get(path).status_code == 200
