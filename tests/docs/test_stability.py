"""`docs/reference/stability.md` names every resource, sort of error and way of caching, and nothing that is none."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.main import create_api, create_app
from app.settings import Settings
from app.web.pages.problems import problem_types
from tests.databases import SqliteDatabases
from tests.docs.pages import rows, text_of

NEVER_KEPT = "errors, redirects, health, and all that is said of drafts"
ROWS = rows(text_of("docs/reference/stability.md"))


def test_every_resource_has_a_row_and_no_other_path_has() -> None:
    named: list[str] = []
    for path, *_ in (row for row in ROWS if row[0].startswith("/")):
        collection, _, below = path.partition(" and ")
        named += [collection, collection + below] if below else [collection]
    assert sorted(named) == sorted(create_api(Settings()).openapi()["paths"])


def test_every_sort_of_error_has_a_row_with_status_and_title_and_no_other_has() -> None:
    table = [row for row in ROWS if len(row) == 3 and row[1].isdigit()]
    assert sorted(table) == sorted(
        (code, str(error.status), error.title) for code, error in problem_types().items()
    )


@pytest.fixture(scope="module")
def client(sqlite_databases: SqliteDatabases) -> Iterator[TestClient]:
    """A client of an app with the seeds."""
    with sqlite_databases.fresh("seeded") as url, TestClient(create_app(Settings(database_url=url))) as found:
        yield found


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        ("pinned", "/v1/ladders/netflix-engineering@1.0.0/levels"),
        ("unpinned, and lists of ladders and releases", "/v1/ladders/netflix-engineering/levels"),
        ("unpinned, and lists of ladders and releases", "/v1/ladders"),
        ("unpinned, and lists of ladders and releases", "/v1/ladders/netflix-engineering/releases"),
        ("the same while the process lives (/v1, schemas, pages)", "/v1"),
        ("the same while the process lives (/v1, schemas, pages)", "/v1/schemas/ladder.json"),
        ("the same while the process lives (/v1, schemas, pages)", "/docs"),
        (NEVER_KEPT, "/v1/ladders/nowhere"),
        (
            "errors, redirects, health, and all that is said of drafts",
            "/v1/entities/4d7c3231-fe51-56b6-a15d-6a2602ac755d",
        ),
        (NEVER_KEPT, "/healthz"),
    ],
)
def test_answers_are_cached_as_the_table_says(client: TestClient, answer: str, path: str) -> None:
    (told,) = (row[1] for row in ROWS if row[0] == answer)
    assert client.get(path, follow_redirects=False).headers["cache-control"] == told
