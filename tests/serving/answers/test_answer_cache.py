"""The cache of answers: bounded, counted correctly, and safe against floods of URLs that are requested once."""

import gc
import tracemalloc
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.serving.answers.answer_cache import AnswerCache, CachedAnswer
from app.serving.answers.negotiation import PREFERRED, Coding
from app.serving.answers.representation import Representation
from app.serving.releases.catalog import Reference

LIMIT = 100_000
JSON = ((b"content-type", b"application/json"),)
KEYS = st.integers(0, 60).map("/{}".format)


def kept(size: int, fill: bytes = b"a") -> CachedAnswer:
    return CachedAnswer(Representation.of(fill * size, JSON), (), across=False, catalog=None)


class Keeping(RuleBasedStateMachine):
    """Anything one may do with a AnswerCache, in any order; a plain dictionary says what it may give back."""

    def __init__(self) -> None:
        super().__init__()
        self.cache = AnswerCache(LIMIT)
        self.put_last: dict[str, CachedAnswer] = {}

    @rule(key=KEYS, size=st.integers(0, 20_000))
    def put(self, key: str, size: int) -> None:
        self.put_last[key] = kept(size)
        self.cache.put(key, self.put_last[key])

    @rule(key=KEYS)
    def get(self, key: str) -> None:
        found = self.cache.get(key)
        assert found is None or found is self.put_last[key]

    @rule(key=KEYS)
    def drop(self, key: str) -> None:
        self.cache.drop(key)
        assert self.cache.get(key) is None

    @rule(key=KEYS, coding=st.sampled_from(PREFERRED))
    def code(self, key: str, coding: Coding) -> None:
        """A coding is made of what was found once, be it still kept or not."""
        made = self.put_last.get(key)
        if made is not None:
            made.representation.coded(coding)
            self.cache.grew(made)

    @invariant()
    def never_more_than_the_limit(self) -> None:
        assert 0 <= self.cache.size <= LIMIT

    @invariant()
    def counts_what_it_holds(self) -> None:
        held: dict[str, CachedAnswer] = {**self.cache._probation, **self.cache._protected}  # noqa: SLF001 - to count anew
        assert len(held) == len(self.cache)
        assert self.cache.size == sum(one.representation.size + len(key) for key, one in held.items())
        assert all(one.size > 0 for one in held.values())
        protected = sum(one.size for one in self.cache._protected.values())  # noqa: SLF001 - the same
        assert self.cache._protected_size == protected  # noqa: SLF001 - the same


TestKeeping: Any = Keeping.TestCase
TestKeeping.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)


def test_a_response_read_twice_survives_a_flood() -> None:
    cache = AnswerCache(LIMIT)
    hot = [f"/hot/{number}" for number in range(10)]
    for key in hot:
        cache.put(key, kept(2000))
        assert cache.get(key) is not None
    for number in range(20_000):
        cache.put(f"/flood/{number}", kept(2000))
    assert [key for key in hot if cache.get(key) is None] == []
    assert cache.size <= LIMIT
    assert cache.evictions == 20_010 - len(cache)


def test_a_flood_of_urls_read_twice_evicts_no_hot_response() -> None:
    cache = AnswerCache(LIMIT)
    cache.put("/hot", kept(2000))
    for number in range(2000):
        assert cache.get("/hot") is not None
        cache.put(f"/flood/{number}", kept(2000))
        cache.get(f"/flood/{number}")
    assert cache.size <= LIMIT


def test_a_response_larger_than_an_eighth_of_the_limit_is_not_kept() -> None:
    cache = AnswerCache(LIMIT)
    cache.put("/small", kept(100))
    cache.put("/large", kept(LIMIT // 8))
    assert (cache.get("/large"), len(cache), cache.evictions) == (None, 1, 0)


def test_the_least_recently_used_response_is_evicted_first() -> None:
    cache = AnswerCache(LIMIT)
    room = LIMIT // (kept(2000).representation.size + 1)
    for name in "abc":
        cache.put(name, kept(2000))
    first = cache.get("a")
    for number in range(room - 1):
        cache.put(chr(ord("A") + number), kept(2000))
    assert (cache.get("a"), cache.get("b"), cache.get("c"), len(cache)) == (first, None, None, room)


@pytest.mark.parametrize(
    ("body", "query", "codings"),
    [
        (100, 0, ("identity",)),
        (400, 0, ("identity",)),
        (400, 600, ("identity",)),
        (20_000, 0, PREFERRED),
        (24_000, 8000, ("br",)),
    ],
)
def test_the_counted_bytes_are_the_bytes_in_memory(
    body: int, query: int, codings: tuple[Coding, ...]
) -> None:
    """Small or large, with short or long URLs: about what the allocator gave, rather more than less."""
    cache, number = AnswerCache(1_000_000_000), 300
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for one in range(number):
        key = f"/v1/ladders/some@1.0.0/levels?n={one:06}{'x' * query}"
        headers = (*JSON, (b"link", f'<{key}>; rel="canonical", <{key}>; rel="latest-version"'.encode()))
        made = CachedAnswer(
            Representation.of(f"{one:06}".encode() + b"a" * body, headers),
            ((Reference("some", None), "some@1.0.0"),),
            False,
            None,
        )
        cache.put(key, made)
        for coding in codings:
            made.representation.coded(coding)
        cache.grew(made)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert 0.8 * held < cache.size < 1.5 * held, (held // number, cache.size // number)
