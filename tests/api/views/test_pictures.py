"""Pictures over HTTP: all headers, caching like other reads, and every error."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Event
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from app.pictures.palette import PALETTES
from app.rubric.releases import Event as ReleaseEvent
from app.serving.workers import drawing_workers
from tests.api.drafting import published, write_draft
from tests.api.serving import (
    COMMON_HEADERS,
    EXAMPLE,
    NOW,
    PINNED,
    UNPINNED,
    Api,
    problem,
    serve,
)
from tests.databases import SqliteDatabases
from tests.pictures.drawn import Drawn
from tests.pictures.shapes import grid

RADAR: Final = f"{EXAMPLE}/levels/l5/radar"
MATRIX: Final = f"{EXAMPLE}/matrix"
MAP: Final = f"{EXAMPLE}/map"
TIMELINE: Final = f"{EXAMPLE}/releases/timeline"
OF_CONTENT: Final = (RADAR, MATRIX, MAP)
ALL: Final = (*OF_CONTENT, TIMELINE)
IMAGE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def pinned(path: str) -> str:
    return path.replace("example-engineering", "example-engineering@1.1.0")


@pytest.mark.parametrize("path", ALL)
def test_an_svg_has_exactly_these_headers(client: TestClient, path: str) -> None:
    answer = client.get(f"{path}.svg")
    headers = dict(answer.headers)
    assert headers.pop("etag").startswith('"')
    assert headers.pop("x-request-id")
    assert headers == {
        **COMMON_HEADERS,
        "content-type": "image/svg+xml",
        "content-length": str(len(answer.content)),
        "content-security-policy": IMAGE_POLICY,
        "cache-control": UNPINNED,
        "vary": "accept-encoding",
    }
    Drawn.of(answer.text).check()


@pytest.mark.parametrize("path", ALL)
def test_a_png_has_exactly_these_headers(client: TestClient, path: str) -> None:
    answer = client.get(f"{path}.png", headers={"accept-encoding": "br, gzip"})
    headers = dict(answer.headers)
    assert headers.pop("etag").startswith('"')
    assert headers.pop("x-request-id")
    assert headers == {
        **COMMON_HEADERS,
        "content-type": "image/png",
        "content-length": str(len(answer.content)),
        "cache-control": UNPINNED,
    }
    assert answer.content.startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("coding", ["br", "gzip", "zstd"])
def test_an_svg_is_compressed(client: TestClient, coding: str) -> None:
    answer = client.get(f"{MATRIX}.svg", headers={"accept-encoding": coding})
    assert answer.headers["content-encoding"] == coding
    plain = client.get(f"{MATRIX}.svg")
    assert int(answer.headers["content-length"]) < len(plain.content) / 4
    assert answer.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize("path", OF_CONTENT)
@pytest.mark.parametrize("extension", ["svg", "png"])
def test_a_pinned_picture_is_immutable_and_links_to_its_other_versions(
    client: TestClient, path: str, extension: str
) -> None:
    url = f"{pinned(path)}.{extension}"
    answer = client.get(f"{url}?theme=dark")
    assert answer.headers["cache-control"] == PINNED
    assert answer.headers["link"] == (
        f'<{url}?theme=dark>; rel="canonical", <{path}.{extension}?theme=dark>; rel="latest-version", '
        f'<{EXAMPLE}/releases>; rel="version-history", '
        f'<{url.replace("1.1.0", "1.0.0")}?theme=dark>; rel="predecessor-version"'
    )


@pytest.mark.parametrize("path", [f"{path}.{extension}" for path in ALL for extension in ("svg", "png")])
def test_an_unchanged_picture_is_a_304(client: TestClient, path: str) -> None:
    tag = client.get(path).headers["etag"]
    answer = client.get(path, headers={"if-none-match": tag})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    head = client.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)


@pytest.mark.parametrize("accept", ["application/json", "image/webp", "text/html;q=0.1"])
def test_the_url_chooses_the_format_and_accept_is_ignored(client: TestClient, accept: str) -> None:
    for extension, media_type in (("svg", "image/svg+xml"), ("png", "image/png")):
        answer = client.get(f"{RADAR}.{extension}", headers={"accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        (
            f"{RADAR}.svg",
            ("", "?with=l6", "?theme=dark", "?theme=light", "?measure=counts", "?measure=points"),
        ),
        (f"{MATRIX}.svg", ("", "?track=management", "?category=Craft", "?theme=dark")),
        (f"{MAP}.svg", ("", "?track=management", "?theme=dark")),
        (f"{TIMELINE}.svg", ("", "?theme=light", "?theme=dark")),
        (f"{RADAR}.png", ("", "?scale=1", "?scale=3", "?theme=dark")),
    ],
)
def test_parameters_change_the_picture(client: TestClient, path: str, queries: tuple[str, ...]) -> None:
    assert len({client.get(f"{path}{query}").content for query in queries}) == len(queries)


def test_a_default_can_be_written_out(client: TestClient) -> None:
    assert client.get(f"{RADAR}.png").content == client.get(f"{RADAR}.png?scale=2&theme=light").content


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        (f"{RADAR}.svg?with=l66", "This release has no level 'l66'. Did you mean 'l6'?"),
        (f"{RADAR}.svg?scale=1", "This parameter is unknown. Known: measure, theme, with."),
        (f"{RADAR}.png?theme=auto", "Use 'light' or 'dark'."),
        (f"{RADAR}.png?scale=9", "Use '1', '2' or '3'."),
        (f"{RADAR}.svg?measure=hours", "Use 'steps', 'points' or 'counts'."),
        (
            f"{MATRIX}.svg?track=managment",
            "This release has no track 'managment'. Did you mean 'management'?",
        ),
        (f"{MATRIX}.svg?category=Crafts", "This release has no category 'Crafts'. Did you mean 'Craft'?"),
        (f"{MATRIX}.svg?category=", "Use 1 character or more."),
        (f"{MAP}.svg?track=none", "This release has no track 'none'."),
        (f"{TIMELINE}.svg?track=management", "This parameter is unknown. Known: theme."),
    ],
)
def test_an_invalid_parameter_is_rejected_with_a_fix(client: TestClient, path: str, detail: str) -> None:
    answer = client.get(path)
    assert problem(answer)[:2] == (422, "invalid-parameter")
    assert [fault["detail"] for fault in answer.json()["errors"]] == [detail]


@pytest.mark.parametrize("extension", ["svg", "png"])
def test_a_missing_level_has_no_picture(client: TestClient, extension: str) -> None:
    answer = client.get(f"{EXAMPLE}@1.1.0/levels/l55/radar.{extension}")
    assert problem(answer) == (
        404,
        "not-found",
        "example-engineering@1.1.0 has no level 'l55'. Did you mean 'l5'?",
    )


@pytest.mark.parametrize("extension", ["svg", "png"])
def test_a_timeline_belongs_to_the_ladder_and_not_to_a_release(client: TestClient, extension: str) -> None:
    assert problem(client.get(f"{EXAMPLE}@1.0.0/releases/timeline.{extension}")) == (
        404,
        "not-found",
        "The list of releases belongs to the ladder, not to a release. Use /v1/ladders/example-engineering/releases.",
    )
    assert problem(client.get(f"/v1/ladders/none/releases/timeline.{extension}"))[:2] == (404, "not-found")


def test_a_timeline_changes_with_the_status_of_a_release(sized: Api) -> None:
    path = "/v1/ladders/grid/releases/timeline.svg"
    before = sized.client.get(path)
    assert "2.0.0 in force, from 2026-11-22; 1.0.0 replaced" in Drawn.of(before.text).check().told
    sized.say("grid", "2.0.0", ReleaseEvent("withdrawn", NOW, "Wrong."))
    after = sized.client.get(path, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert "2.0.0 withdrawn, never in force; 1.0.0 in force" in Drawn.of(after.text).told


@pytest.fixture
def sized(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    """A ladder that is too large for one picture. Its later release renames one level and removes another."""
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        wide = grid(301, 2, tracks=2, steps=0)
        api.publish(wide, "1.0.0", NOW - timedelta(days=2))
        first, second, *others = wide.levels
        renamed = first.model_copy(update={"slug": "lowest", "formerly": ("l0",)})
        cells = tuple(
            cell.model_copy(update={"level": "lowest"}) if cell.level == "l0" else cell
            for cell in wide.expectations
            if cell.level != second.slug
        )
        after: dict[str, Any] = {
            "levels": (renamed, *others),
            "expectations": cells,
            "removals": ({"kind": "level", "slug": second.slug, "reason": "Nobody was there."},),
        }
        api.publish(type(wide).model_validate({**wide.model_dump(), **_plain(after)}), "2.0.0", NOW)
        yield api


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [one if isinstance(one, dict) else one.model_dump() for one in listed]
        for name, listed in values.items()
    }


def test_a_heat_map_that_is_too_large_is_rejected_with_a_fix(sized: Api) -> None:
    answer = sized.client.get("/v1/ladders/grid@1.0.0/matrix.png")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    assert answer.json()["errors"] == [
        {"detail": "A picture can show 300 levels, not 301. Choose one track.", "parameter": "track"}
    ]
    assert sized.client.get("/v1/ladders/grid@1.0.0/matrix.png?track=t0").status_code == 200


def test_a_map_that_is_too_large_is_rejected_with_a_fix(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(grid(401, 1), "1.0.0", NOW)
        for query, cure in (("", "Choose one track."), ("?track=t0", "Read the list of levels instead.")):
            answer = api.client.get(f"/v1/ladders/grid/map.svg{query}")
            assert problem(answer)[:2] == (422, "invalid-parameter")
            assert answer.json()["errors"] == [
                {"detail": f"A picture can show 400 levels, not 401. {cure}", "parameter": "track"}
            ]


def test_a_renamed_level_redirects_to_its_picture_and_a_removed_one_is_gone(sized: Api) -> None:
    answer = sized.client.get("/v1/ladders/grid@2.0.0/levels/l0/radar.svg?theme=dark")
    assert problem(answer)[:2] == (307, "renamed")
    assert answer.headers["location"] == "/v1/ladders/grid@2.0.0/levels/lowest/radar.svg?theme=dark"
    gone = sized.client.get("/v1/ladders/grid/levels/l1/radar.png")
    assert problem(gone) == (410, "gone", "The level 'l1' was removed: Nobody was there.")


@pytest.fixture
def drafted(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    """A ladder with a draft."""
    with sqlite_databases.fresh("seeded") as url, serve(url) as api:
        write_draft(api, published(api, "example-engineering"))
        yield api


def test_a_picture_of_a_draft_needs_permission_and_is_never_cached(drafted: Api) -> None:
    author = drafted.key("ann", "review")
    for extension in ("svg", "png"):
        path = f"{EXAMPLE}@draft/levels/l5/radar.{extension}"
        assert problem(drafted.client.get(path))[:2] == (401, "unauthenticated")
        answer = drafted.client.get(path, headers={**author, "accept-encoding": "br"})
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert "content-encoding" not in answer.headers
        again = drafted.client.get(path, headers={**author, "if-none-match": answer.headers["etag"]})
        assert again.status_code == 304


def test_a_busy_server_answers_503_with_retry_after_for_a_png(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url) as api:
        drawing, go_on, portal = drawing_workers(patience=0.05), Event(), api.client.portal
        object.__setattr__(api.application.serving, "drawing", drawing)
        assert portal is not None
        others = [portal.start_task_soon(drawing.run, go_on.wait) for _ in range(2)]
        answer = api.client.get(f"{RADAR}.png")
        assert problem(answer) == (503, "unavailable", "Other pictures are being drawn. Try again.")
        assert answer.headers["retry-after"] == "5"
        assert api.client.get(f"{RADAR}.svg").status_code == 200
        go_on.set()
        assert [other.result() for other in others] == [True, True]
        assert api.client.get(f"{RADAR}.png").status_code == 200


def test_a_dark_picture_is_dark(client: TestClient) -> None:
    dark, light = (client.get(f"{RADAR}.svg?theme={theme}").text for theme in ("dark", "light"))
    assert PALETTES["dark"]["paper"] in dark
    assert PALETTES["light"]["paper"] in light
    assert "<style>" not in dark + light
