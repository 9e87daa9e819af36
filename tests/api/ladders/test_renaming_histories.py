"""Any history of renamings: each slug leads to the ladder, and each release keeps the slug of its time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rubric.releases import Event
from tests.api.publishing import BASE
from tests.api.serving import NOW, Api, Clock, serve
from tests.databases import Databases

HOUR: Final = timedelta(hours=1)
_NUMBERS: Final = count()
_STEPS: Final = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.sampled_from("abc"), st.integers(0, 3)),
        st.tuples(st.just("withdraw"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 4), st.just(0)),
    ),
    min_size=2,
    max_size=6,
)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def each_api(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Api]:
    """The application over a database without ladders, on each engine."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    with databases.fresh("migrated") as url, serve(url, clock) as served:
        yield served


@dataclass
class Published:
    """A release as a naive model knows it; `number` is its major number."""

    slug: str
    number: int
    effective: datetime
    withdrawn: bool = False


@dataclass
class Model:
    """The meaning of each slug of one ladder, found by looking at all releases each time."""

    first: str
    line: list[Published] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """Every slug, oldest first."""
        return list(dict.fromkeys(one.slug for one in self.line))

    def in_force(self, now: datetime) -> Published | None:
        standing = [one for one in self.line if one.effective <= now and not one.withdrawn]
        return standing[-1] if standing else None

    def latest(self) -> Published | None:
        standing = [one for one in self.line if not one.withdrawn]
        return standing[-1] if standing else None

    def present(self, now: datetime) -> str:
        """The slug that unpinned URLs have."""
        return (self.in_force(now) or self.latest() or self.line[-1]).slug


@settings(max_examples=20, deadline=None)
@given(steps=_STEPS)
def test_every_slug_leads_to_the_ladder(
    each_api: Api, clock: Clock, steps: list[tuple[str, int, int]]
) -> None:
    """Check every URL of a ladder against the model, after each step."""
    clock.moment = max(clock.moment, NOW) + HOUR
    prefix = f"h{next(_NUMBERS)}"
    model = Model(f"{prefix}-a")
    _publish(each_api, clock, model, f"{prefix}-a", 0)
    for what, one, later in steps:
        clock.moment += HOUR / 60
        if what == "publish":
            _publish(each_api, clock, model, f"{prefix}-{one}", later)
        elif what == "withdraw":
            _withdraw(each_api, clock, model, one)
        else:
            clock.moment += one * HOUR
            each_api.refresh()
        _check(each_api, clock.moment, model)


def _publish(api: Api, clock: Clock, model: Model, slug: str, later: int) -> None:
    known = list(dict.fromkeys((model.first, *model.names)))
    formerly = () if known == [slug] else (model.first, *(one for one in known[1:] if one != slug))
    number = len(model.line) + 1
    ladder = BASE.model_copy(update={"slug": slug, "formerly": formerly, "title": f"Edition {number}"})
    base = model.latest()
    effective = max(clock.moment + later * HOUR, clock.moment if base is None else base.effective)
    api.publish(ladder, f"{number}.0.0", clock.moment, effective)
    model.line.append(Published(slug, number, effective))


def _withdraw(api: Api, clock: Clock, model: Model, place: int) -> None:
    chosen = model.line[place % len(model.line)]
    if not chosen.withdrawn:
        chosen.withdrawn = True
        api.say(model.names[-1], f"{chosen.number}.0.0", Event("withdrawn", clock.moment, "Wrong."))


def _check(api: Api, now: datetime, model: Model) -> None:
    present, standing = model.present(now), model.in_force(now)
    for name in model.names:
        for below in ("", "/levels/l4", "/releases", "/compare?from=l4&to=l5"):
            answer = api.client.get(f"/v1/ladders/{name}{below}")
            if name != present:
                assert (answer.status_code, answer.headers["location"]) == (
                    307,
                    f"/v1/ladders/{present}{below}",
                )
            elif standing is None and below != "/releases":
                assert (answer.status_code, answer.json()["code"]) == (404, "nothing-in-force")
            else:
                assert answer.status_code == 200, answer.text
        for release in model.line:
            pinned = f"{release.slug}@{release.number}.0.0"
            answer = api.client.get(f"/v1/ladders/{name}@{release.number}.0.0/levels/l5")
            if name == release.slug:
                body = answer.json()
                assert (body["ladder"], body["release"]) == (name, f"{release.number}.0.0")
            else:
                location = f"/v1/ladders/{pinned}/levels/l5"
                assert (answer.status_code, answer.headers["location"]) == (307, location)
    listed = api.json("/v1/ladders?limit=500")["items"]
    assert [one["slug"] for one in listed if one["slug"] in model.names] == [present]
