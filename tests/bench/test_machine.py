"""The cores of server and load."""

import pytest

from bench.machine import Places, pinned, usable_cores


@pytest.mark.parametrize(
    ("cores", "expected"),
    [
        (frozenset(), Places(frozenset(), frozenset(), frozenset())),
        (frozenset({3}), Places(frozenset(), frozenset(), frozenset())),
        (frozenset({0, 1}), Places(frozenset({0}), frozenset({1}), frozenset({0, 1}))),
        (frozenset({2, 5, 7, 4}), Places(frozenset({2}), frozenset({7}), frozenset({2, 4}))),
    ],
)
def test_server_and_load_get_a_core_each_where_there_are_two(cores: frozenset[int], expected: Places) -> None:
    assert Places.of(cores) == expected


@pytest.mark.skipif(not usable_cores(), reason="this system cannot pin a process to a core")
def test_a_process_is_pinned_within_the_block_only() -> None:
    before = usable_cores()
    one = frozenset({min(before)})
    with pinned(one):
        assert usable_cores() == one
    assert usable_cores() == before


def test_no_cores_pin_nothing() -> None:
    before = usable_cores()
    with pinned(frozenset()):
        assert usable_cores() == before
