"""The bounded cache: shared by threads, replaced, and dropped."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from app.bounded_cache import Bounded


def test_a_value_is_made_once_of_what_is_given() -> None:
    kept: Bounded[str, list[int]] = Bounded(10, len)
    found = kept.get("a", lambda *given: list(given), 1, 2)
    assert found == [1, 2]
    assert kept.get("a", list[int]) is found
    assert kept.find("a") is found
    assert kept.find("b") is None


def test_two_threads_that_make_it_at_once_share_one() -> None:
    kept: Bounded[str, list[int]] = Bounded(10, len)
    both = Barrier(2, timeout=10)

    def make() -> list[int]:
        both.wait()
        return [1]

    with ThreadPoolExecutor(2) as threads:
        one, other = (threads.submit(kept.get, "a", make) for _ in range(2))
        assert one.result() is other.result() is kept.find("a")


def test_what_is_put_takes_the_place_and_the_room_of_what_was_there() -> None:
    kept: Bounded[str, list[int]] = Bounded(4, len)
    kept.put("a", [1, 1, 1])
    new, beside = kept.put("a", [2]), kept.put("b", [3, 3, 3])
    assert (kept.find("a"), kept.find("b")) == (new, beside) == ([2], [3, 3, 3])


def test_those_asked_for_least_recently_go_but_never_the_last() -> None:
    kept: Bounded[str, list[int]] = Bounded(2, len)
    for key in "abac":
        kept.get(key, lambda: [1])
    assert [key for key in "abc" if kept.find(key)] == ["a", "c"]
    kept.put("d", [1, 1, 1])
    assert [key for key in "abcd" if kept.find(key)] == ["d"]
