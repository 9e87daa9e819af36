"""Rules of history: a published slug means one entity forever, and every fix works when it is followed."""

from dataclasses import replace
from functools import partial
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.rules import Finding, check
from app.rubric.rules.slug_history import add_conflicts, check_history
from app.rubric.slug_history import History
from tests.histories import Names, edit, mended
from tests.rubric.drafts import draft

RENAMED: Final = {
    "/levels/1/slug": "l6",
    "/levels/1/formerly": ["l5"],
    "/expectations/1/level": "l6",
    "/faqs/0/about": [],
}
FORGOTTEN: Final = {**RENAMED, "/levels/1/formerly": []}
NO_FAQ: Final[dict[str, object]] = {"/faqs/0/about": []}
_CASES: Final = [
    pytest.param(
        [{}, RENAMED],
        FORGOTTEN,
        [
            (
                "/levels/1",
                "missing-former-slugs",
                "This level was first published as 'l5', which `formerly` must say. Write `formerly: [l5]`.",
            )
        ],
        id="an entity that was renamed keeps its first slug in formerly",
    ),
    pytest.param(
        [{}, RENAMED],
        NO_FAQ,
        [],
        id="an entity may get back the slug that it was first published with",
    ),
    pytest.param(
        [{}, RENAMED],
        {"/levels/1/formerly": ["l6"], **NO_FAQ},
        [
            (
                "/levels/1/formerly",
                "missing-former-slugs",
                "This level was first published as 'l5', which `formerly` must say. Write `formerly: [l5, l6]`.",
            )
        ],
        id="a slug that came back is the first of formerly too",
    ),
    pytest.param(
        [{}, RENAMED],
        {
            **RENAMED,
            "/levels/0": {"slug": "l5", "track": "ic", "title": "New"},
            "/expectations/0/level": "l5",
        },
        [
            (
                "/levels/0/slug",
                "reused-slug",
                "The slug 'l5' was published as another level. Give this one a slug that was never used.",
            )
        ],
        id="the former slug of an entity that is there is not used for another",
    ),
    pytest.param(
        [{}],
        {"/levels/0/formerly": ["l3", "l5"], "/levels/1/slug": "l9", "/expectations/1/level": "l9", **NO_FAQ},
        [
            (
                "/levels/0/formerly",
                "missing-former-slugs",
                "This level was first published as 'l4', which `formerly` must say. Write `formerly: [l4, l3]`.",
            ),
            (
                "/levels/0/formerly/1",
                "former-slug-of-other",
                (
                    "'l5' was published as another level, so it is no former slug of level:l4. Take it out of "
                    "`formerly`. If the two were merged, add a removal of level 'l5' with `successor: level:l4`."
                ),
            ),
        ],
        id="a merge is a removal with a successor",
    ),
    pytest.param(
        [
            {},
            {
                "/scales/0/steps/1": {"slug": "master", "title": "M", "formerly": ["expert"]},
                "/expectations/1/step": "master",
            },
        ],
        {"/scales/0/steps/1": {"slug": "master", "title": "M"}, "/expectations/1/step": "master"},
        [
            (
                "/scales/0/steps/1",
                "missing-former-slugs",
                "This step was first published as 'expert', which `formerly` must say. Write `formerly: [expert]`.",
            )
        ],
        id="a step keeps its first slug too",
    ),
    pytest.param(
        [
            {},
            RENAMED,
            {
                **RENAMED,
                "/levels/1/slug": "l7",
                "/levels/1/formerly": ["l5", "l6"],
                "/expectations/1/level": "l7",
            },
        ],
        {
            **RENAMED,
            "/levels/1/slug": "l7",
            "/expectations/1/level": "l7",
            "/removals": [{"kind": "level", "slug": "l6", "reason": "r"}],
        },
        [
            (
                "/removals/0/slug",
                "removal-of-renamed",
                "level 'l6' was not removed: it was published as a former slug of level:l7. Delete this removal.",
            )
        ],
        id="a former slug of an entity that is there was not removed",
    ),
    pytest.param(
        [{}],
        {"/slug": "acme-2", "/formerly": ["older", "acme"]},
        [
            (
                "/formerly",
                "missing-former-slugs",
                (
                    "This ladder was first published as 'acme', which `formerly` must say. "
                    "Write `formerly: [acme, older]`."
                ),
            )
        ],
        id="of a ladder that is another one, only that is said",
    ),
]


@pytest.mark.parametrize(("releases", "edits", "found"), _CASES)
def test_rule(
    releases: list[dict[str, object]], edits: dict[str, object], found: list[tuple[str, str, str]]
) -> None:
    history = History.of([Index.of(draft(one)) for one in releases])
    conflicts = check_history(Index.of(draft(edits)), history)
    assert [(one.path, one.code, one.message) for one in conflicts] == found


_TAKEN: Final = [
    pytest.param(
        {"/slug": "other", "/formerly": ["acme"]},
        [
            (
                "/slug",
                "taken-slug",
                "'other' belongs or belonged to another ladder. Choose a slug that was never used.",
            )
        ],
        id="a ladder cannot be renamed to the slug of another one",
    ),
    pytest.param(
        {"/formerly": ["other"]},
        [
            (
                "/formerly/0",
                "taken-slug",
                (
                    "'other' belongs or belonged to another ladder. If this is the ladder 'acme', take it out of "
                    "`formerly`. If this is that ladder, choose a `slug` that was never used."
                ),
            )
        ],
        id="a ladder cannot have been another one",
    ),
    pytest.param({"/slug": "new", "/formerly": ["acme"]}, [], id="a ladder can get a slug that is free"),
]


@pytest.mark.parametrize(("edits", "found"), _TAKEN)
def test_slugs_of_other_ladders(edits: dict[str, object], found: list[tuple[str, str, str]]) -> None:
    history = replace(History.of([Index.of(draft())]), taken=frozenset({"other"}))
    conflicts = check_history(Index.of(draft(edits)), history)
    assert [(one.path, one.code, one.message) for one in conflicts] == found


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_history_can_be_published_or_says_how_it_can_be(data: st.DataObject) -> None:
    """Whoever follows the findings comes to a ladder that can be published, and no address means two entities."""
    names, published = Names(), [Index.of(Names().ladder("0"))]
    for number in range(1, data.draw(st.integers(1, 4)) + 1):
        for _ in range(data.draw(st.integers(1, 3))):
            edit(names, data.draw)
        history = History.of(published)
        index = Index.of(mended(names, partial(_check, history), str(number)))
        for address, uuid in History.of([index]).addresses.items():
            assert history.addresses.get(address, uuid) == uuid, address
        published.append(index)


def _check(history: History, ladder: Ladder) -> tuple[Finding, ...]:
    return add_conflicts(check(ladder), Index.of(ladder), history)
