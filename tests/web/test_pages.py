"""Pages about errors, assets, and the rule that pages load from this server only."""

import re

import pytest
from starlette.testclient import TestClient

from app.errors import LadderError
from app.web.pages.site.problems import problem_types
from tests.api.serving import problem


def tree(error: type[LadderError]) -> set[type[LadderError]]:
    return {error}.union(*(tree(child) for child in error.__subclasses__()))


def test_every_error_class_has_its_own_code_and_page() -> None:
    errors = tree(LadderError) - {LadderError}
    assert set(problem_types().values()) == errors
    assert len(problem_types()) == len(errors)


@pytest.mark.parametrize("code", sorted(problem_types()))
def test_an_error_page_says_what_the_error_means_and_how_to_fix_it(client: TestClient, code: str) -> None:
    answer = client.get(f"/problems/{code}")
    error = problem_types()[code]
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f"<h1>{error.title}</h1>" in answer.text
    assert f"HTTP status {error.status}" in answer.text
    first = re.sub(r"[`<].*", "", error.explanation.partition(".")[0])
    assert first in answer.text
    assert "`" not in answer.text


def test_an_unknown_error_code_is_not_found(client: TestClient) -> None:
    detail = "There is no error code 'gon'. Did you mean 'gone'?"
    assert problem(client.get("/problems/gon")) == (404, "not-found", detail)


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/read-level", "/problems", "/problems/gone"])
def test_a_page_loads_from_this_server_alone_and_has_no_inline_script(client: TestClient, path: str) -> None:
    text = client.get(path).text
    assert not re.search(r'(src|href)="(?![/#])', text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\bon\w+=|style=", text)
    for target in re.findall(r'(?:src|href)="(/[^"]*)"', text):
        assert client.get(target).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["page.css", "views.css", "whole.css", "page.js", "favicon.svg"],
)
def test_an_asset_is_sent_whole_with_its_media_type(client: TestClient, name: str) -> None:
    answer = client.get(f"/assets/{name}", headers={"range": "bytes=0-3"})
    kinds = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kinds[name.rpartition(".")[2]]
    assert answer.headers["content-length"] == str(len(answer.content))
    assert {"last-modified", "accept-ranges"}.isdisjoint(answer.headers)


@pytest.mark.parametrize("name", ["pages.py", "__init__.py", "page.css.br", "PAGE.CSS"])
def test_no_other_file_on_disk_can_be_requested(client: TestClient, name: str) -> None:
    assert problem(client.get(f"/assets/{name}"))[:2] == (404, "not-found")
