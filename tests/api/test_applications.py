"""Several applications in one process: they share nothing of what they serve."""

from contextlib import ExitStack

from app.main import create_api
from app.rubric.ladder import Ladder
from app.settings import Settings
from tests.api.serving import NOW, serve
from tests.databases import SqliteDatabases


def test_applications_of_one_process_serve_each_its_own(sqlite_databases: SqliteDatabases) -> None:
    with ExitStack() as stack:
        served = []
        for slug in ("first", "second", "third"):
            url = stack.enter_context(sqlite_databases.fresh("migrated"))
            api = stack.enter_context(serve(url, root_path="/behind" if slug == "third" else ""))
            api.publish(Ladder(slug=slug, title=slug.title()), "1.0.0", NOW)
            served.append(api)
        for again in range(2):  # made, and then kept
            listed = [api.json("/v1/ladders") for api in served]
            assert [[item["slug"] for item in body["items"]] for body in listed] == [
                ["first"],
                ["second"],
                ["third"],
            ], again
            assert [body["links"]["self"] for body in listed] == [
                "/v1/ladders",
                "/v1/ladders",
                "/behind/v1/ladders",
            ]
            refused = [api.client.get("/v1/ladders/second") for api in served]
            assert [answer.status_code for answer in refused] == [404, 200, 404]


def test_an_application_that_ends_leaves_the_others_running(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("migrated") as lasting, serve(lasting) as stays:
        with sqlite_databases.fresh("migrated") as passing, serve(passing) as goes:
            assert goes.json("/readyz") == {"status": "ok"}
        assert stays.json("/readyz") == {"status": "ok"}
        assert stays.client.delete("/v1/ladders").headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_each_openapi_document_names_the_prefix_of_its_application() -> None:
    prefixes = ("/behind", "")
    apis = [create_api(Settings(root_path=prefix)) for prefix in prefixes]
    assert [api.openapi()["servers"] for api in apis] == [[{"url": "/behind"}], [{"url": "/"}]]
