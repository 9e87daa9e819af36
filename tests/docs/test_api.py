"""The reference pages name every resource, error, diff field, metric and way of caching, and no others."""

import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

from app.api.views.diff import ChangeItem, DiffList
from app.main import create_api, create_app
from app.rubric.diff.changes import FieldChange
from app.settings import Settings
from app.web.pages.site.problems import problem_types
from tests.databases import SqliteDatabases
from tests.docs.pages import rows, text_of

NEVER_KEPT = "errors, redirects, health, and everything about drafts"
API = rows(text_of("docs/reference/api.md"))
ERRORS = rows(text_of("docs/reference/errors.md"))


def test_every_resource_has_a_row_and_no_other_path_has() -> None:
    named: list[str] = []
    for path, *_ in (row for row in API if row[0].startswith("/")):
        collection, _, below = path.partition(" and ")
        named += [collection, collection + below] if below else [collection]
    assert sorted(named) == sorted(create_api(Settings()).openapi()["paths"])


def test_every_sort_of_error_has_a_row_with_status_and_title_and_no_other_has() -> None:
    table = [row[:3] for row in ERRORS if row[1].isdigit()]
    assert sorted(table) == sorted(
        (code, str(error.status), error.title) for code, error in problem_types().items()
    )


def test_the_page_on_the_diff_lists_the_fields_of_each_part_in_order() -> None:
    sections = re.split(r"^## ", text_of("docs/reference/diff.md"), flags=re.MULTILINE)
    listed = {
        part.partition("\n")[0]: [
            name.strip() for row in rows(part)[2:] if len(row) == 3 for name in row[0].split(",")
        ]
        for part in sections
    }
    models: dict[str, type[BaseModel]] = {
        "The body": DiffList,
        "An item": ChangeItem,
        "An entry of `fields`": FieldChange,
    }
    for title, model in models.items():
        fields = [field.alias or name for name, field in model.model_fields.items()]
        assert sorted(listed[title]) == sorted(fields)


def test_the_page_on_metrics_lists_every_metric() -> None:
    meter = create_app(Settings(database_url="sqlite:///unused.db")).serving.meter
    found = {
        f"{family.name}{'_total' if family.type == 'counter' else ''}": family.type
        for family in meter.registry.collect()
    }
    table = {
        row[0]: row[1] for row in rows(text_of("docs/reference/metrics.md")) if row[0].startswith("ladder_")
    }
    assert table == found


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
            NEVER_KEPT,
            "/v1/entities/4d7c3231-fe51-56b6-a15d-6a2602ac755d",
        ),
        (NEVER_KEPT, "/healthz"),
    ],
)
def test_answers_are_cached_as_the_table_says(client: TestClient, answer: str, path: str) -> None:
    (told,) = (row[1] for row in API if row[0] == answer and re.match("max-age|no-store", row[1]))
    assert client.get(path, follow_redirects=False).headers["cache-control"] == told
