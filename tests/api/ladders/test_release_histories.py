"""Any history of releases gives one answer, the model's, to every question about it, on both engines."""

import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, Final

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.rubric.canonical import plain
from app.rubric.ladder import Ladder
from app.rubric.releases import rfc3339
from app.store.engine import reading, writing
from app.store.maintenance.doctor import verify
from app.store.release_events import record_coming_into_force
from tests.api.ladders.naive_releases import NaiveLadder, NaiveRelease, Number
from tests.api.publishing import sha
from tests.api.serving import NOW, Api, Clock, Json, serve
from tests.databases import Databases
from tests.rubric.drafts import draft

_SLUGS: Final = count()
_TEXTS: Final = count()
_BUMPS: Final = st.sampled_from(["major", "minor", "patch"])
_DAYS: Final = st.none() | st.integers(0, 12)
"""Days from now until a release comes into force."""
_WHICH: Final = st.integers(0, 9)
"""Chooses a release, counted round."""
_SHORT: Final = os.environ.get("HYPOTHESIS_PROFILE", "quick") == "quick"
_SPAN: Final = re.compile(r"from (\S+?)(?: to (\S+?))?(?=[.;,]| and |$)")
DAY: Final = timedelta(days=1)
INSTANT: Final = timedelta(microseconds=1)


def text(number: Number | None) -> str | None:
    return None if number is None else ".".join(map(str, number))


def number_of(release: NaiveRelease | None) -> Number | None:
    return None if release is None else release.number


def raised(number: Number, bump: str) -> Number:
    major, minor, patch = number
    return {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}[
        bump
    ]


class ReleaseHistory(RuleBasedStateMachine):
    """One ladder, served and in the model."""

    def __init__(self, api: Api, clock: Clock, key: dict[str, str]) -> None:
        super().__init__()
        self.api, self.clock, self.key = api, clock, key
        self.clock.moment = NOW
        self.slug = f"history-{next(_SLUGS)}"
        self.home = f"/v1/ladders/{self.slug}"
        self.model = NaiveLadder()
        self.recorded = [NOW - 1000 * DAY]
        """Every moment that is recorded about the ladder."""
        self.draft_base: Number | None = None
        """The base of an edited draft."""
        self.edited = False

    @property
    def moment(self) -> datetime:
        """The moment at which the ladder is read."""
        return max(self.clock.moment, *self.recorded)

    def document(self) -> Ladder:
        """Return a content that no release has, and that differs from each only in its metadata."""
        return draft({"/slug": self.slug, "/attribution": f"No {next(_TEXTS)}"})

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:  # noqa: ANN401 - JSON and answers
        return self.api.client.request(method, self.home + path, json=body, headers=self.key | headers)

    def date(self, days: int | None) -> datetime:
        """Return the date that many days after the clock, at noon of a whole day."""
        return self.clock.moment + (days or 0) * DAY

    @rule(bump=_BUMPS, days=_DAYS)
    def publish(self, bump: str, days: int | None) -> None:
        """Write the draft and publish it."""
        document, now = self.document(), self.moment
        path = "@draft/document"
        known = self.send("GET", path)
        condition = (
            {"if-match": known.headers["etag"]} if known.status_code == 200 else {"if-none-match": "*"}
        )
        assert self.send("PUT", path, plain(document), **condition).status_code in {200, 201}
        base = self.model.latest(now)
        self.draft_base, self.edited = number_of(base), True
        newest = max((one.number for one in self.model.releases), default=None)
        number = (1, 0, 0) if newest is None else raised(newest, bump)
        body: Json = {"content_sha256": sha(document)} | ({} if newest is None else {"bump": bump})
        date = now if days is None else self.date(days)
        if days is not None:
            body["effective_from"] = rfc3339(date)
        answer = self.send("POST", "/releases", body)
        fits = date >= now and (base is None or date >= base.date)
        assert answer.status_code == (201 if fits else 422), answer.text
        if fits:
            assert answer.json()["version"] == text(number)
            self.add(number, base, now, date)
            self.edited = False

    @rule(which=_WHICH, bump=_BUMPS, days=_DAYS)
    def correct(self, which: int, bump: str, days: int | None) -> None:
        """Correct the release in force, or try to correct another."""
        now = self.moment
        current = self.model.in_force(now)
        chosen = self.chosen(which) if which > 5 or current is None else current  # mostly the right one
        if chosen is None:
            return
        above = self.model.scheduled_above(chosen.number, now)
        number = raised(chosen.number, bump)
        while above and self.model.get(number) is not None and number < above[0].number:
            number = raised(number, bump)
        date = now if days is None else self.date(days)
        body: Json = {"corrects": text(chosen.number), "document": plain(self.document()), "bump": bump}
        if days is not None:
            body["effective_from"] = rfc3339(date)
        answer = self.send("POST", "/releases", body)
        fits = chosen is current and bool(above) and number < above[0].number
        timely = fits and date >= now and date >= chosen.date and all(date < one.date for one in above)
        assert answer.status_code == (201 if timely else 422 if fits else 409), answer.text
        if timely:
            assert (answer.json()["version"], answer.json()["corrects"]) == (
                text(number),
                text(chosen.number),
            )
            self.add(number, chosen, now, date)

    @rule(which=_WHICH, days=st.integers(-2, 15))
    def reschedule(self, which: int, days: int) -> None:
        """Move the date of any release."""
        chosen, now, date = self.chosen(which), self.moment, self.date(days)
        if chosen is None:
            return
        body = {"kind": "rescheduled", "reason": "Other plans.", "effective_from": rfc3339(date)}
        answer = self.send("POST", f"/releases/{text(chosen.number)}/events", body)
        fits = self.model.may_move(chosen, date, now)
        assert (answer.status_code == 201) == fits, answer.text
        if fits:
            chosen.dates.append((now, date))
            self.recorded.append(now)

    @rule(which=_WHICH, kind=st.sampled_from(["withdrawn", "deprecated"]))
    def retire(self, which: int, kind: str) -> None:
        """Withdraw or deprecate any release."""
        chosen, now = self.chosen(which), self.moment
        if chosen is None:
            return
        answer = self.send(
            "POST", f"/releases/{text(chosen.number)}/events", {"kind": kind, "reason": "Wrong."}
        )
        fits = kind == "deprecated" or chosen.withdrawn is None
        assert answer.status_code == (201 if fits else 409), answer.text
        if fits:
            chosen.withdrawn = now if kind == "withdrawn" else chosen.withdrawn
            self.recorded.append(now)

    @rule(days=st.integers(-4, 8))
    def move_the_clock(self, days: int) -> None:
        """Let time pass, or set the clock back."""
        self.clock.moment += days * DAY
        self.api.refresh()

    @rule()
    def record(self) -> None:
        """Record what has come into force, as each process does now and then."""
        with writing(self.api.application.serving.engine) as connection:
            record_coming_into_force(connection, [self.slug], self.clock.moment)
        self.api.refresh()
        self.recorded += [
            one.date
            for one in self.model.releases
            if one.date <= self.clock.moment and (one.withdrawn is None or one.withdrawn > one.date)
        ]

    def add(self, number: Number, base: NaiveRelease | None, now: datetime, date: datetime) -> None:
        self.model.releases.append(NaiveRelease(number, number_of(base), [(now, date)]))
        self.recorded.append(now)

    def chosen(self, which: int) -> NaiveRelease | None:
        releases = self.model.releases
        return releases[which % len(releases)] if releases else None

    @invariant()
    def every_answer_is_that_of_the_model(self) -> None:
        """Ask every question that depends on more than one release."""
        if not self.model.releases:
            return
        now = self.moment
        current, newest = self.model.in_force(now), self.model.latest(now)
        items = self.api.json(f"{self.home}/releases?limit=500")["items"]
        in_order = sorted(self.model.releases, key=lambda one: one.number, reverse=True)
        assert [(item["version"], item["status"], item.get("base")) for item in items] == [
            (text(one.number), self.model.status(one, now), text(one.base)) for one in in_order
        ]
        assert self.release_at("") == text(number_of(current))
        assert self.release_at("@latest") == text(number_of(newest))
        if current is None:
            ahead = min((one.date for one in self.model.standing(now) if one.date > now), default=None)
            words = (
                "None is announced."
                if ahead is None
                else f"The next one comes into force at {rfc3339(ahead)}."
            )
            assert words in self.send("GET", "").json()["detail"]
        self.check_bases(newest)
        self.check_times(items)

    def check_bases(self, newest: NaiveRelease | None) -> None:
        """Check predecessors, the defaults of diffs, and the base of the draft."""
        for one in self.model.releases:
            version = text(one.number)
            answer = self.send("GET", f"/diff?to={version}")
            assert answer.status_code == (404 if one.base is None else 200)
            if one.base is not None:
                assert answer.json()["from"]["release"] == text(one.base)
                links = self.send("GET", f"/releases/{version}").json()["links"]
                assert links["predecessor"] == f"{self.home}/releases/{text(one.base)}"
        base = self.draft_base if self.edited else number_of(newest)
        answer = self.send("GET", "/diff?to=draft")
        if base is None:
            assert answer.status_code == 404
        else:
            assert answer.json()["from"]["release"] == text(base)

    def check_times(self, items: list[Json]) -> None:
        """Check `as_of` at every edge, and the periods of the timeline."""
        edges = {one.date for one in self.model.releases}
        edges |= {one.withdrawn for one in self.model.releases if one.withdrawn is not None}
        spans: dict[Number, list[tuple[str, str | None]]] = {one.number: [] for one in self.model.releases}
        before = held = None
        for edge in sorted(edges):
            for at in (edge - INSTANT, edge):
                held = self.model.in_force(at)
                found = self.send("GET", f"/releases?as_of={rfc3339(at)}").json()["items"]
                assert [item["version"] for item in found] == ([] if held is None else [text(held.number)])
            if held is not before:
                if before is not None:
                    spans[before.number][-1] = (spans[before.number][-1][0], edge.strftime("%Y-%m-%d"))
                if held is not None:
                    spans[held.number].append((edge.strftime("%Y-%m-%d"), None))
            before = held
        drawn = self.send("GET", "/releases/timeline.svg").text
        described = drawn[drawn.index("<desc") : drawn.index("</desc>")].partition(": ")[2]
        rows = described.split("; ")
        assert len(rows) == len(items)
        for item, row in zip(items, rows, strict=True):
            number = tuple(map(int, item["version"].split(".")))
            assert row.startswith(item["version"] + " ")
            assert [(a, b or None) for a, b in _SPAN.findall(row)] == spans[number]  # type: ignore[index]  # three parts
            assert ("never in force" in row) == (not spans[number])  # type: ignore[index]  # three parts

    def release_at(self, selector: str) -> str | None:
        answer = self.send("GET", selector)
        found: str | None = answer.json()["release"] if answer.status_code == 200 else None
        assert answer.status_code in {200, 404}
        return found

    def teardown(self) -> None:
        """Check that the database has no problem."""
        with reading(self.api.application.serving.engine) as connection:
            assert [one for one in verify(connection) if one.place.startswith(f"{self.slug}@")] == []


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def history(request: pytest.FixtureRequest) -> Iterator[partial[ReleaseHistory]]:
    """A way to begin a history in one served database, on each engine."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    clock = Clock()
    with databases.fresh("migrated") as url, serve(url, clock) as api:
        yield partial(ReleaseHistory, api, clock, api.key("pat", "admin"))


def test_every_history_of_releases_gives_the_answers_of_the_model(history: partial[ReleaseHistory]) -> None:
    short = settings(
        max_examples=5, stateful_step_count=10, phases=[Phase.generate]
    )  # a failure is shrunk in a soak
    chosen = short if _SHORT else settings(stateful_step_count=30)
    run_state_machine_as_test(history, settings=settings(chosen, deadline=None))  # type: ignore[arg-type]  # it calls it
