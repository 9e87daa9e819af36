"""The switch from a page of one release to the same page of another."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from app.rubric.ladder import Competency, Ladder, Level, Removal, Track
from tests.api.serving import NOW, Api, serve
from tests.databases import Databases, SqliteDatabases

HTML: Final = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
HOME: Final = "/ladders/one"


def level(slug: str, *formerly: str) -> Level:
    return Level(slug=slug, track="ic", title=slug.upper(), formerly=formerly)


@pytest.fixture
def api(databases: Databases) -> Iterator[Api]:
    """A ladder whose second release renamed one level and removed another, on each engine."""
    first = Ladder(
        slug="one",
        title="One",
        tracks=(Track(slug="ic", title="Ladder"),),
        levels=(level("a"), level("b"), level("c")),
        competencies=(Competency(slug="craft", title="Craft"),),
    )
    gone = Removal(kind="level", slug="b", reason="Nobody was there.")
    second = first.model_copy(update={"levels": (level("aa", "a"), level("c")), "removals": (gone,)})
    with databases.fresh("migrated") as url, serve(url) as served:
        served.publish(first, "1.0.0", NOW - timedelta(days=1))
        served.publish(second, "2.0.0", NOW)
        yield served


def leads(client: TestClient, page: str, ladder: str = HOME) -> str:
    """Return the path that a page leads to, below its ladder."""
    answer = client.get(f"{ladder}/same?{urlencode({'page': page})}", headers=HTML)
    assert answer.status_code == 307, (page, answer.text)
    found: str = answer.headers["location"]
    assert client.get(found, headers=HTML).status_code == 200, found
    return found.removeprefix(ladder)


def test_a_page_leads_to_the_nearest_page_of_another_release(api: Api) -> None:
    pages = {
        "/levels/a": "/levels/aa",
        "/levels/b": "",
        "/levels/c?competency=craft": "/levels/c?competency=craft",
        "/levels/b?competency=craft": "",
        "/levels/c?competency=no&q=x&track=ic": "/levels/c",
        "/competencies/craft?column=24&competency=craft": "/competencies/craft",
        "/matrix?track=ic&rows=competencies&row=32&kind=level": "/matrix?rows=competencies&track=ic",
        "/matrix?track=gone": "/matrix",
        "/print?part=texts&q=x": "/print?part=texts",
        "/search?q=a&kind=level&cursor=x&track=ic": "/search?kind=level&q=a",
        "/faqs?q=x&track=ic": "/faqs",
        "/levels/x/y": "",
        "/releases": "",
        "": "",
    }
    assert {page: leads(api.client, page) for page in pages} == pages


def test_a_comparison_keeps_both_levels_or_neither(api: Api) -> None:
    pages = {
        "/compare?from=aa&to=c": "/compare?from=aa&to=c",
        "/compare?to=c": "/compare?to=c",
        "/compare?from=b&to=c": "/compare",
        "/compare?from=aa&to=b": "/compare",
        "/compare?from=one@1.0.0:b&to=c": "/compare?from=one%401.0.0%3Ab&to=c",
        "/compare?from=c&to=one@1.0.0:b&row=32": "/compare?from=c&to=one%401.0.0%3Ab",
        "/compare?from=a&to=one@1.0.0:b": "/compare",
        "/compare?from=a&to=c&q=x": "/compare",
    }
    assert {page: leads(api.client, page) for page in pages} == pages


@pytest.mark.parametrize("address", ["\0", "c\0", "c\n", "C", "ä", "c--d", "%00", "'", ""])
def test_an_invalid_slug_leads_to_the_ladder_without_a_query(api: Api, address: str) -> None:
    for collection in ("levels", "competencies", "pages"):
        assert leads(api.client, f"/{collection}/{address}") == ""


def test_a_search_of_the_greatest_length_is_kept(api: Api) -> None:
    assert leads(api.client, f"/search?q={'x' * 2000}") == f"/search?q={'x' * 2000}"


def test_a_lost_database_is_not_reported_as_a_missing_page(
    sqlite_databases: SqliteDatabases,
) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url) as api:
        home = "/ladders/example-engineering"
        assert leads(api.client, "/levels/never", home) == ""
        file = Path(url.removeprefix("sqlite:///"))
        file.rename(file.with_suffix(".away"))
        api.refresh()
        assert api.client.get(f"{home}/same?page=/levels/l5", headers=HTML).status_code == 307
        assert api.client.get(f"{home}/same?page=/levels/never", headers=HTML).status_code == 503
