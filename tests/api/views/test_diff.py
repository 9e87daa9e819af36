"""Diffs over HTTP: two releases, pinned or not, and the draft."""

import re
from collections import Counter
from datetime import timedelta
from typing import Final

import pytest
from starlette.testclient import TestClient

from app.rubric.ladder import Ladder
from app.rubric.releases import Event
from tests.api.drafting import write_draft
from tests.api.serving import EXAMPLE, NETFLIX, NOW, PINNED, UNPINNED, Api, Json, problem
from tests.rubric.drafts import draft

DIFF: Final = f"{EXAMPLE}/diff"
BOTH: Final = "from=1.0.0&to=1.1.0"
ACME: Final = "/v1/ladders/acme/diff"
HARDER: Final = {"/expectations/0/step": "expert"}
DAY: Final = timedelta(days=1)

_FIRST: Final = {
    "release": "1.0.0",
    "content_sha256": "87f5d6c70f8188d7f9be39bc411b45847d25fbca38450843488a274964f80543",
    "links": {"self": f"{EXAMPLE}@1.0.0", "release": f"{EXAMPLE}/releases/1.0.0"},
}
_SECOND: Final = {
    "release": "1.1.0",
    "content_sha256": "327739fc243006c01ccbc5b2e6bf062380e9909e327bb32b535bf8eca6170cfc",
    "links": {"self": f"{EXAMPLE}@1.1.0", "release": f"{EXAMPLE}/releases/1.1.0"},
}
_COUNTS: Final = {
    "total_count": 14,
    "by_kind": {
        "ladder": 1,
        "competency": 1,
        "expectation": 1,
        "example": 3,
        "faq": 5,
        "tip": 2,
        "page": 1,
    },
    "by_action": {"added": 6, "removed": 1, "renamed": 1, "moved": 0, "changed": 6},
    "by_impact": {"asks-more": 0, "asks-other": 0, "asks-less": 1, "clarifies": 11, "editorial": 2},
}
_PARAMETERS: Final = [
    *("action", "competency", "cursor", "fields", "from", "impact", "kind", "level", "limit", "to", "track"),
]
_L4: Final = "example:l4-unreliable-import"
_QUESTION_HOUR: Final = "example:promoting-a-culture-of-collaboration-and-learning-question-hour"
_M1: Final = "m1--system-design-mastery--performance-optimization"


@pytest.fixture
def api(empty_api: Api) -> Api:
    """Acme 1.0.0, and 1.1.0, which asks more and comes into force tomorrow."""
    empty_api.publish(draft(), "1.0.0", NOW - DAY)
    empty_api.publish(draft(HARDER), "1.1.0", NOW, NOW + DAY)
    return empty_api


def targets(body: Json) -> list[str]:
    return [item["target"] for item in body["items"]]


# Two releases


def test_a_diff_has_both_sides_the_minimum_bump_and_each_change(each_client: TestClient) -> None:
    assert each_client.get(f"{DIFF}?{BOTH}&impact=asks-less").json() == {
        "ladder": "example-engineering",
        "from": _FIRST,
        "to": _SECOND,
        "least_bump": "minor",
        "counts": _COUNTS,
        "levels": [{"level": "m1", "impact": "asks-less"}],
        "tracks": ["individual-contributor", "management"],
        "items": [
            {
                "target": f"expectation:{_M1}",
                "kind": "expectation",
                "actions": ["changed"],
                "impact": "asks-less",
                "rule": "demands-less",
                "bump": "minor",
                "title": "Puts speed on the team's agenda as soon as users notice a slowdown.",
                "uuid": "7f2e6aba-5417-5d5d-9e52-d3462735fd18",
                "fields": [
                    {
                        "pointer": "/applicability",
                        "before": "required",
                        "after": "optional",
                        "rule": "demands-less",
                        "impact": "asks-less",
                    }
                ],
                "levels": ["m1", "m2"],
                "tracks": ["management"],
                "links": {
                    "before": f"{EXAMPLE}@1.0.0/expectations/{_M1}",
                    "after": f"{EXAMPLE}@1.1.0/expectations/{_M1}",
                },
            }
        ],
        "links": {
            "self": f"{DIFF}?from=1.0.0&impact=asks-less&to=1.1.0",
            "pinned": f"{DIFF}?from=1.0.0&impact=asks-less&to=1.1.0",
            "markdown": f"{DIFF}.md?{BOTH}",
        },
    }


def test_a_change_links_to_the_entity_on_the_sides_that_have_it(each_client: TestClient) -> None:
    (added, renamed) = each_client.get(f"{DIFF}?{BOTH}&kind=tip").json()["items"]
    assert renamed == {
        "target": "tip:write-a-line-a-week",
        "kind": "tip",
        "actions": ["renamed"],
        "impact": "editorial",
        "rule": "renamed",
        "bump": "patch",
        "title": "Write down one line a week",
        "was": "tip:keep-a-work-log",
        "uuid": renamed["uuid"],
        "fields": [
            {
                "pointer": "/slug",
                "before": "keep-a-work-log",
                "after": "write-a-line-a-week",
                "rule": "renamed",
                "impact": "editorial",
            },
            {
                "pointer": "/formerly/0",
                "after": "keep-a-work-log",
                "rule": "renamed",
                "impact": "editorial",
            },
        ],
        "links": {
            "before": f"{EXAMPLE}@1.0.0/tips/keep-a-work-log",
            "after": f"{EXAMPLE}@1.1.0/tips/write-a-line-a-week",
        },
    }
    assert (added["actions"], added["links"]) == (
        ["added"],
        {"after": f"{EXAMPLE}@1.1.0/tips/read-the-level-first"},
    )
    (removed,) = each_client.get(f"{DIFF}?{BOTH}&action=removed").json()["items"]
    assert removed["links"] == {"before": f"{EXAMPLE}@1.0.0/faqs/degree-required"}
    assert removed["reason"] == "Its answer is now part of the one on years of experience."
    assert removed["successor"] == "faq:years-of-experience"


def test_a_diff_without_changes_has_no_bump(client: TestClient) -> None:
    body = client.get(f"{DIFF}?from=1.1.0&to=1.1.0").json()
    assert "least_bump" not in body
    assert (body["counts"]["total_count"], body["items"], body["levels"], body["tracks"]) == (0, [], [], [])


def test_a_reversed_diff_swaps_removed_and_added(client: TestClient) -> None:
    body = client.get(f"{DIFF}?from=1.1.0&to=1.0.0&limit=1").json()
    assert (body["from"], body["to"], body["least_bump"]) == (_SECOND, _FIRST, "major")
    assert body["counts"]["by_action"] == {"added": 1, "removed": 6, "renamed": 1, "moved": 0, "changed": 6}


def test_the_defaults_are_the_newest_release_and_its_predecessor(api: Api) -> None:
    for query in ("", "?to=latest", "?to=1.1.0", "?from=1.0.0", "?from=1.0.0&to=1.1.0"):
        body = api.json(ACME + query)
        assert (body["from"]["release"], body["to"]["release"]) == ("1.0.0", "1.1.0"), query
        assert body["links"]["pinned"] == f"{ACME}?{BOTH}"


def test_a_diff_is_immutable_only_if_both_releases_are_pinned(api: Api) -> None:
    kept = {query: api.client.get(ACME + query).headers["cache-control"] for query in _ASKED}
    assert kept == _ASKED


_ASKED: Final = {
    "": UNPINNED,
    "?to=latest": UNPINNED,
    "?from=1.0.0": UNPINNED,
    "?from=latest&to=1.0.0": UNPINNED,
    "?to=1.1.0": PINNED,
    "?from=1.0.0&to=1.1.0": PINNED,
}


def test_latest_is_the_newest_release_that_is_not_withdrawn(api: Api) -> None:
    assert api.json(ACME)["to"]["release"] == "1.1.0"
    api.say("acme", "1.1.0", Event("withdrawn", NOW, "It was wrong."))
    assert problem(api.client.get(ACME)) == (
        404,
        "not-found",
        "There is no release before acme@1.0.0. Set `from` to the release to compare with.",
    )
    assert api.json(f"{ACME}?from=1.1.0")["to"]["release"] == "1.0.0"
    assert api.json(f"{ACME}?{BOTH}")["to"]["release"] == "1.1.0"


def test_a_pinned_response_links_to_its_other_versions(client: TestClient) -> None:
    links = client.get(f"{DIFF}?{BOTH}&limit=1&kind=tip").links
    following = links.pop("next")["url"]
    assert {name: link["url"] for name, link in links.items()} == {
        "canonical": f"{DIFF}?from=1.0.0&kind=tip&limit=1&to=1.1.0",
        "latest-version": f"{DIFF}?kind=tip&limit=1",
        "version-history": f"{EXAMPLE}/releases",
    }
    assert targets(client.get(following).json()) == ["tip:write-a-line-a-week"]


# Pages, filters, fields


def test_the_pages_cover_all_changes(client: TestClient) -> None:
    whole = client.get(f"{DIFF}?limit=500").json()
    seen, path = [], f"{DIFF}?limit=7"
    while path:
        body = client.get(path).json()
        assert body["counts"] == whole["counts"]
        seen += body["items"]
        path = body["links"].get("next")
    assert seen == whole["items"]
    assert len(seen) == 14


def test_a_cursor_of_another_diff_is_rejected(client: TestClient) -> None:
    following = client.get(f"{DIFF}?{BOTH}&limit=1").json()["links"]["next"]
    for query in (following.replace("1.0.0", "1.1.0"), f"{following}&kind=tip"):
        assert problem(client.get(query))[:2] == (422, "invalid-parameter")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=page", ["page:calibration"]),
        ("action=renamed", ["tip:write-a-line-a-week"]),
        ("impact=editorial", ["ladder:example-engineering", "tip:write-a-line-a-week"]),
        ("impact=asks-more", []),
        ("kind=faq&action=removed", ["faq:degree-required"]),
        ("level=m1&kind=expectation", [f"expectation:{_M1}"]),
        ("level=l4&kind=example&action=added", [_L4, _QUESTION_HOUR]),
        ("track=management&kind=page", ["page:calibration"]),
        ("competency=system-design-mastery", [f"expectation:{_M1}"]),
        ("competency=system-design-mastery&level=l3", []),
    ],
)
def test_filters_select_changes(client: TestClient, query: str, found: list[str]) -> None:
    assert targets(client.get(f"{DIFF}?{query}").json()) == found


@pytest.mark.parametrize(
    "query",
    [
        "level=m1",
        "track=management",
        "competency=system-design-mastery",
        "level=l4&track=individual-contributor",
    ],
)
def test_markdown_takes_the_filters_by_level_track_and_competency(
    each_client: TestClient, query: str
) -> None:
    body = each_client.get(f"{DIFF}?{BOTH}&{query}").json()
    answer = each_client.get(body["links"]["markdown"])
    assert answer.status_code == 200
    shown = re.findall(r"^- [\w ]+: `(\w+:[^`]+)`", answer.text, re.MULTILINE)
    assert Counter(shown) == Counter(targets(body))
    assert f"{len(shown)} change" in answer.text
    filters = ", ".join("{} `{}`".format(*pair.split("=")) for pair in query.split("&"))
    assert f"\n\nOnly changes of {filters}.\n\n" in answer.text
    assert "\n- Minimum step: minor\n" in answer.text
    assert answer.links["canonical"]["url"] == body["links"]["markdown"]


@pytest.mark.parametrize("level", ["l4", "e4"])
@pytest.mark.parametrize("track", ["ic", "engineer"])
@pytest.mark.parametrize("competency", ["quality", "care"])
def test_filters_combine_and_take_former_slugs(
    empty_api: Api, level: str, track: str, competency: str
) -> None:
    """The level, the track and the competency were renamed; their slugs before and after mean the same."""
    empty_api.publish(draft(), "1.0.0", NOW - DAY)
    after = draft(
        {
            "/tracks/0": {"slug": "engineer", "formerly": ["ic"], "title": "Engineer"},
            "/levels/0": {"slug": "e4", "formerly": ["l4"], "track": "engineer", "title": "Engineer"},
            "/levels/1/track": "engineer",
            "/competencies/0/slug": "care",
            "/competencies/0/formerly": ["quality"],
            "/facets/0/competency": "care",
            "/expectations": [
                {"level": "e4", "competency": "care", "step": "expert"},
                {"level": "l5", "competency": "care", "step": "novice"},
            ],
        }
    )
    empty_api.publish(after, "2.0.0", NOW)
    query = f"level={level}&track={track}&competency={competency}&kind=expectation"
    for sides in ("from=1.0.0&to=2.0.0", "from=2.0.0&to=1.0.0"):
        (item,) = empty_api.json(f"{ACME}?{sides}&{query}")["items"]
        assert item["target"] in {"expectation:e4--care", "expectation:l4--quality"}
    query = f"level={level}&track={track}&competency={competency}"
    text = empty_api.client.get(f"{ACME}.md?from=1.0.0&to=2.0.0&{query}").text
    assert "`expectation:e4--care`" in text
    page = empty_api.client.get(f"/ladders/acme/diff?from=1.0.0&to=2.0.0&{query}")
    assert page.status_code == 200
    assert "Nothing changed here." not in page.text


def test_fields_returns_fewer_fields_of_changes(client: TestClient) -> None:
    (item,) = client.get(f"{DIFF}?kind=page&fields=title,tracks").json()["items"]
    assert set(item) == {
        *("target", "kind", "actions", "impact", "rule", "bump"),
        *("title", "tracks", "links"),
    }


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        (
            "frm=1.0.0",
            "frm",
            f"This parameter is unknown. Did you mean from? Known: {', '.join(_PARAMETERS)}.",
        ),
        ("level=l55", "level", "Neither release has a level 'l55'. Did you mean 'l5'?"),
        ("track=zzz", "track", "Neither release has a track 'zzz'."),
        ("competency=zzz", "competency", "Neither release has a competency 'zzz'."),
        ("fields=titel", "fields", None),
        ("kind=levels", "kind", None),
        ("impact=more", "impact", None),
        ("from=1.0", "from", None),
        ("to=in-force", "to", None),
        ("to=01.0.0", "to", None),
    ],
)
def test_an_error_names_the_invalid_parameter(
    client: TestClient, query: str, parameter: str, detail: str | None
) -> None:
    answer = client.get(f"{DIFF}?{query}")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    (fault,) = answer.json()["errors"]
    assert fault["parameter"] == parameter
    assert detail in {None, fault["detail"]}


@pytest.mark.parametrize("extension", ["", ".md"])
def test_a_missing_ladder_or_release_is_named_in_the_error(each_client: TestClient, extension: str) -> None:
    def refused(ladder: str, query: str = "") -> tuple[int, str, str]:
        return problem(each_client.get(f"/v1/ladders/{ladder}/diff{extension}{query}"))

    assert refused("netflix-enginering") == (
        404,
        "not-found",
        "There is no ladder 'netflix-enginering'. Did you mean 'netflix-engineering'?",
    )
    assert refused("netflix-engineering") == (
        404,
        "not-found",
        "There is no release before netflix-engineering@1.0.0. Set `from` to the release to compare with.",
    )
    said = (
        "'netflix-engineering' has no release '9.0.0'; releases have numbers, "
        "and netflix-engineering@latest is the newest. Newest releases: 1.0.0."
    )
    assert refused("netflix-engineering", "?from=9.0.0") == (404, "not-found", said)
    said = f"This resource belongs to the ladder, not to a release. Use {NETFLIX}/diff{extension}."
    assert refused("netflix-engineering@1.0.0") == (404, "not-found", said)


# Markdown


def test_the_md_url_ignores_accept(client: TestClient) -> None:
    for accept in ("*/*", "text/markdown", "application/json", "text/html;q=0.5"):
        answer = client.get(f"{DIFF}.md?{BOTH}", headers={"accept": accept})
        assert answer.status_code == 200, accept
        assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
        assert answer.headers["cache-control"] == PINNED
        lines = answer.text.splitlines()
        assert lines[:3] == [
            "# example-engineering: 1.0.0 to 1.1.0",
            "",
            "14 changes: 1 asks less, 11 add or clarify, 2 are editorial.",
        ]
        assert "  - `applicability`: ~~required~~ **optional**" in lines
    assert problem(client.get(f"{DIFF}.md?limit=3"))[:2] == (422, "invalid-parameter")


def test_an_unsupported_accept_is_not_acceptable(client: TestClient) -> None:
    assert problem(client.get(DIFF, headers={"accept": "text/csv"}))[:2] == (406, "not-acceptable")


# The draft


def test_a_draft_is_compared_with_its_base_release(api: Api) -> None:
    write_draft(api, draft({**HARDER, "/levels/0/title": "Developer"}))
    headers = api.key("ann", "write")
    answer = api.client.get(f"{ACME}?to=draft", headers=headers)
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body["from"]["release"] == "1.1.0"
    assert body["to"] == {
        "release": "draft",
        "content_sha256": body["to"]["content_sha256"],
        "links": {"self": "/v1/ladders/acme@draft", "release": "/v1/ladders/acme/releases"},
    }
    assert targets(body) == ["level:l4"]
    assert body["items"][0]["links"] == {
        "before": "/v1/ladders/acme@1.1.0/levels/l4",
        "after": "/v1/ladders/acme@draft/levels/l4",
    }
    assert body["links"] == {
        "self": f"{ACME}?to=draft",
        "pinned": f"{ACME}?from=1.1.0&to=draft",
        "markdown": f"{ACME}.md?from=1.1.0&to=draft",
    }
    words = api.client.get(body["links"]["markdown"], headers=headers)
    assert words.headers["cache-control"] == "no-store"
    assert words.text.startswith("# acme: 1.1.0 to draft\n\n1 change: 1 adds or clarifies.\n")
    against_the_first = api.client.get(f"{ACME}?from=1.0.0&to=draft", headers=headers).json()
    assert targets(against_the_first) == ["level:l4", "expectation:l4--quality"]


def test_an_unedited_draft_has_no_changes(api: Api) -> None:
    body = api.client.get(f"{ACME}?to=draft", headers=api.key("ann", "review")).json()
    assert (body["from"]["content_sha256"], body["items"]) == (body["to"]["content_sha256"], [])


def test_a_diff_of_the_draft_is_never_cached(api: Api) -> None:
    headers = api.key("ann", "write")
    for title in ("One", "Two"):
        write_draft(api, draft({**HARDER, "/title": title}))
        (change,) = api.client.get(f"{ACME}?to=draft", headers=headers).json()["items"]
        assert change["fields"][0]["after"] == title


def test_a_cursor_of_an_earlier_draft_state_is_rejected(api: Api) -> None:
    headers = api.key("ann", "write")
    write_draft(api, draft({"/levels/0/title": "A", "/levels/1/title": "B"}))
    path = api.client.get(f"{ACME}?limit=1&to=draft", headers=headers).json()["links"]["next"]
    assert targets(api.client.get(path, headers=headers).json()) == ["level:l5"]
    write_draft(api, draft({"/levels/0/title": "C", "/levels/1/title": "B"}))
    assert problem(api.client.get(path, headers=headers))[:2] == (422, "invalid-parameter")


@pytest.mark.parametrize("query", ["to=draft", "from=draft", "from=draft&to=1.0.0"])
@pytest.mark.parametrize("extension", ["", ".md"])
def test_a_draft_needs_permission(api: Api, query: str, extension: str) -> None:
    write_draft(api, draft({"/title": "Secret"}))
    path = f"{ACME}{extension}?{query}"
    elsewhere = "/v1/ladders/nowhere/diff?to=draft"
    assert problem(api.client.get(path))[:2] == (401, "unauthenticated")
    assert problem(api.client.get(elsewhere))[:2] == (401, "unauthenticated")
    for headers in (api.key("bob", "read"), api.key("eve", "admin", ladders=("other",))):
        assert problem(api.client.get(path, headers=headers))[:2] == (403, "forbidden")
    for right in ("write", "review", "publish", "admin"):
        assert api.client.get(path, headers=api.key("ann", right)).status_code == 200


def test_the_draft_is_compared_only_if_it_is_named(api: Api) -> None:
    write_draft(api, draft({"/title": "Secret"}))
    headers = api.key("ann", "admin")
    for path in (ACME, f"{ACME}?{BOTH}", f"{ACME}.md"):
        assert "Secret" not in api.client.get(path, headers=headers).text


def test_a_ladder_without_releases_has_no_diff(api: Api) -> None:
    write_draft(api, Ladder.model_validate({"slug": "fresh", "title": "Fresh"}))
    headers = api.key("ann", "write")
    path = "/v1/ladders/fresh/diff?to=draft"
    assert problem(api.client.get(path, headers=headers)) == (
        404,
        "not-found",
        "There is no release before fresh@draft. Set `from` to the release to compare with.",
    )
