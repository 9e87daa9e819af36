"""The workbook over HTTP: the bytes of a release, and its content."""

import pytest
from starlette.testclient import TestClient

from app.formats.sheets.workbook.importing import import_workbook
from app.formats.sheets.xlsx_reader import read_xlsx
from app.rubric.canonical import canonical, content_sha256
from tests.api.serving import EXAMPLE, NETFLIX, PINNED, Api, problem

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize("home", [f"{EXAMPLE}@1.0.0", f"{EXAMPLE}@1.1.0", f"{NETFLIX}@1.0.0"])
def test_a_workbook_holds_the_content_of_its_release(each_client: TestClient, home: str) -> None:
    answer = each_client.get(f"{home}/workbook.xlsx", headers={"accept": "text/html"})
    ladder, release = home.rpartition("/")[2].split("@")
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    assert answer.headers["cache-control"] == PINNED
    assert answer.headers["content-disposition"] == f'attachment; filename="{ladder}-{release}-workbook.xlsx"'
    found = import_workbook(read_xlsx(answer.content, "a.xlsx"), "a.xlsx")
    expected = each_client.get(home).json()["content_sha256"]
    assert (content_sha256(canonical(found.ladder)), found.base, found.release) == (
        expected,
        expected,
        release,
    )


def test_the_second_read_of_a_workbook_is_hot(seeds: Api) -> None:
    url = seeds.json(f"{NETFLIX}@1.0.0")["links"]["workbook"]
    first = seeds.client.get(url)
    misses = seeds.application.serving.meter.misses
    assert seeds.client.get(url).content == first.content
    assert seeds.application.serving.meter.misses == misses


def test_a_workbook_takes_no_parameters(client: TestClient) -> None:
    assert problem(client.get(f"{EXAMPLE}/workbook.xlsx?track=x"))[:2] == (422, "invalid-parameter")
