"""The pages of very large ladders: whatever they show, every kind of page that is linked is light.

There are tens of thousands of pages. A few of each kind are read: those whose URLs differ only in slugs and values.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest

from app.rubric.index import Index
from app.rubric.ladder import Ladder
from bench.generate import long_track, slug_of, wide
from tests.api.serving import NOW, Api, serve
from tests.databases import Databases
from tests.web.page_kinds import kind_of
from tests.web.test_explorer import HTML, MOST_BYTES, links, weighed

_OF_A_KIND: Final = 3
"""How many pages of each kind are read."""
_PASSED_OVER: Final = re.compile(r".*/try(\?|$)|.*\.(svg|png|csv|atom|xlsx)(\?|$)|/(docs|redoc|v1|openapi)")
"""Forms, files and the reference."""


@pytest.fixture(scope="module", params=[long_track, wide], ids=["700 levels", "190 by 200"])
def ladder(request: pytest.FixtureRequest) -> Ladder:
    found: Ladder = request.param()
    return found


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def large(ladder: Ladder, request: pytest.FixtureRequest) -> Iterator[Api]:
    """Serve two releases of the ladder; in the second, every seventh expectation has another summary."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    changed = tuple(
        one.model_copy(update={"summary": "Says something else."}) if place % 7 == 0 else one
        for place, one in enumerate(ladder.expectations)
    )
    with databases.fresh("migrated") as url, serve(url) as api:
        api.publish(ladder, "1.0.0", NOW - timedelta(days=1))
        api.publish(ladder.model_copy(update={"expectations": changed}), "1.1.0", NOW)
        yield api


def test_a_large_ladder_has_what_its_name_says(ladder: Ladder) -> None:
    assert 18_000 < len(Index.of(ladder).nodes) <= 22_000
    assert len(ladder.levels) in {200, 700}


def test_every_kind_of_page_of_a_large_ladder_is_light(large: Api) -> None:
    dice = random.Random(1)  # noqa: S311 - repeatable samples, not a secret
    waiting, known = [f"/ladders/{slug_of(0)}"], {f"/ladders/{slug_of(0)}"}
    seen, heavy = Counter[str](), dict[str, int]()
    while waiting:
        path = waiting.pop(dice.randrange(len(waiting)))
        seen[kind_of(path)] += 1
        if seen[kind_of(path)] > _OF_A_KIND:
            continue
        answer = large.client.get(path, headers=HTML, follow_redirects=True)
        assert answer.status_code == 200, path
        size = weighed(large.client, answer)
        if size >= MOST_BYTES:
            heavy[path] = size
        fresh = {url for url in links(answer.text) - known if not _PASSED_OVER.match(url)}
        known |= fresh
        waiting += sorted(fresh)
    assert heavy == {}
    assert len(seen) > 20
