"""The pages that edit a very large draft: every kind of page is light."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest

from app.rubric.ladder import Ladder
from bench.generate import long_track, slug_of, wide
from tests.api.drafting import write_draft
from tests.api.serving import NOW, Api, serve
from tests.databases import SqliteDatabases
from tests.web.editing.authors import author
from tests.web.page_kinds import kind_of
from tests.web.test_explorer import MOST_BYTES, links, weighed

_OF_A_KIND: Final = 1


@pytest.fixture(
    scope="module",
    params=[wide, pytest.param(long_track, marks=pytest.mark.soak)],
    ids=["190 by 200", "700 levels"],
)
def large(sqlite_databases: SqliteDatabases, request: pytest.FixtureRequest) -> Iterator[Api]:
    ladder: Ladder = request.param()
    changed = tuple(
        one.model_copy(update={"summary": "Says something else."}) if place % 7 == 0 else one
        for place, one in enumerate(ladder.expectations)
    )
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(ladder, "1.0.0", NOW)
        write_draft(api, ladder.model_copy(update={"expectations": changed}))
        yield api


def test_the_largest_forms_are_light(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        write_draft(api, wide())
        ada, root = author(api), f"/ladders/{slug_of(0)}@draft"
        for below in ("/edit", "/edit?list=competencies", "/levels/g1/edit", "/competencies/craft-0/edit"):
            page = ada.get(root + below)
            assert (page.status_code, weighed(api.client, page) < MOST_BYTES) == (200, True), below


@pytest.mark.soak
def test_every_kind_of_page_that_edits_a_large_draft_is_light(large: Api) -> None:
    ada, root = author(large), f"/ladders/{slug_of(0)}@draft"
    waiting = [f"{root}/edit", f"{root}/translations/edit?language=de"]
    known, seen, heavy = set(waiting), Counter[str](), dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(re.sub(r"(?<=/in/)[^/]+", "*", path))
        seen[kind] += 1
        if seen[kind] > _OF_A_KIND:
            continue
        answer = ada.get(path)
        assert answer.status_code == 200, path
        size = weighed(large.client, answer)
        if size >= MOST_BYTES:
            heavy[path] = size
        fresh = {
            url
            for url in links(answer.text) - known
            if url.startswith(f"{root}/") and re.search(r"/(edit|remove)(\?|$)", url)
        }
        known |= fresh
        waiting += sorted(fresh)
    assert heavy == {}
    assert len(seen) > 9
