"""A new view is one file in `rubric/views` and one in `api/views`: everything else follows from what it declares."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.main import create_api, create_app
from app.settings import Settings
from tests.api.client import Client
from tests.api.serving import EXAMPLE, PINNED, Api, Clock, problem, table
from tests.api.views import toy_words
from tests.databases import SqliteDatabases

LEVEL = f"{EXAMPLE}@1.0.0/levels/l3"
WORDS = f"{LEVEL}/words"
PATH = "/v1/ladders/{ladder}/levels/{level}/words"


@pytest.fixture(scope="module")
def document() -> Any:  # noqa: ANN401 - a JSON document
    return create_api(Settings(), toy_words.router).openapi()


@pytest.fixture(scope="module")
def api(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    yield from served(sqlite_databases)


def served(databases: SqliteDatabases, **settings: Any) -> Iterator[Api]:  # noqa: ANN401 - any setting
    with databases.fresh("seeded") as url:
        chosen = Settings(database_url=url, log_level="error", revision_interval=60.0, **settings)
        application = create_app(chosen, Clock(), toy_words.router)
        with Client(application, headers={"accept-encoding": "identity"}) as client:
            yield Api(application, client)


def test_the_openapi_document_lists_it_with_its_fields_and_formats(document: Any) -> None:  # noqa: ANN401
    operation = document["paths"][PATH]["get"]
    fields = next(one for one in operation["parameters"] if one["name"] == "fields")
    assert fields["schema"]["pattern"] == "^(competency|words)(,(competency|words))*$"
    assert list(operation["responses"]["200"]["content"]) == ["application/json"]
    assert "send `Accept: text/csv` or `Accept: text/markdown`" in operation["description"]
    assert {f"{PATH}.md", f"{PATH}.csv"} <= document["paths"].keys()


def test_the_openapi_document_names_its_link(document: Any) -> None:  # noqa: ANN401
    links = document["components"]["schemas"]["LevelResourceLinks"]
    assert links["properties"]["words"]["description"].startswith("How many words it asks with. ")
    assert "words" in links["required"]


def test_an_application_without_it_does_not_know_it() -> None:
    assert PATH not in create_api(Settings()).openapi()["paths"]


def test_the_links_of_its_subject_lead_to_it(api: Api) -> None:
    assert api.json(LEVEL)["links"]["words"] == WORDS
    unpinned = api.json(f"{EXAMPLE}/levels/l3")["links"]
    assert unpinned["words"] == f"{unpinned['pinned']}/words"


def test_it_is_answered_and_narrowed_as_every_list_is(api: Api) -> None:
    body = api.json(f"{WORDS}?limit=1&fields=competency")
    assert body["items"][0].keys() == {"competency"}
    assert body["links"]["next"].startswith(WORDS)
    assert problem(api.client.get(f"{WORDS}?fields=word"))[:2] == (422, "invalid-parameter")


@pytest.mark.parametrize(
    ("accept", "extension"), [("text/csv", ".csv"), ("text/markdown", ".md"), ("text/*", ".csv")]
)
def test_accept_chooses_what_the_urls_with_an_extension_give(api: Api, accept: str, extension: str) -> None:
    chosen = api.client.get(WORDS, headers={"accept": accept})
    by_url = api.client.get(WORDS + extension, headers={"accept": "image/png"})
    assert (chosen.status_code, chosen.content) == (200, by_url.content)
    assert chosen.headers["vary"] == "accept"
    assert "vary" not in by_url.headers


def test_its_table_is_a_table(api: Api) -> None:
    assert table(api.client.get(f"{WORDS}.csv"))[0] == ["competency", "words"]


def test_a_format_that_it_does_not_have_is_refused(api: Api) -> None:
    refused = api.client.get(WORDS, headers={"accept": "image/png"})
    assert problem(refused) == (
        406,
        "not-acceptable",
        "Only application/json, text/csv, text/markdown can be given here.",
    )


@pytest.mark.parametrize("url", [WORDS, f"{WORDS}.md", f"{WORDS}.csv", f"{WORDS}?limit=2"])
def test_the_second_read_is_hot_and_the_third_not_modified(api: Api, url: str) -> None:
    first = api.client.get(url)
    misses = api.application.serving.meter.misses
    second = api.client.get(url)
    assert api.application.serving.meter.misses == misses
    assert (second.status_code, second.content) == (200, first.content)
    assert second.headers["cache-control"] == PINNED
    known = api.client.get(url, headers={"if-none-match": second.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


def test_options_and_refused_methods_name_what_it_takes(api: Api) -> None:
    assert api.client.options(WORDS).headers["allow"] == "GET, HEAD, OPTIONS"
    refused = api.client.post(WORDS)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_it_asks_for_a_key_where_all_reads_do(sqlite_databases: SqliteDatabases) -> None:
    for closed in served(sqlite_databases, read_access="key"):
        reader = closed.key("Ada", "read")
        assert problem(closed.client.get(WORDS))[:2] == (401, "unauthenticated")
        assert closed.client.get(WORDS, headers=reader).status_code == 200
