"""The release that a reference names: in force, newest, by number or date; and the errors if there is none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import NotFound, NothingInForce
from app.rubric.releases import Event, Release, Version
from app.serving.releases.catalog import Catalog, Reference, Resolved

START = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def release(
    number: str, effective: float, *, withdrawn: float | None = None, ladder: str = "makers"
) -> Release:
    events = () if withdrawn is None else (Event("withdrawn", day(withdrawn), "Wrong."),)
    version = Version.parse(number)
    identity = hash((ladder, version))
    return Release(identity, ladder, version, None, START, day(effective), "0" * 64, events)


NUMBERS = "releases have numbers, and makers@latest is the newest. Newest releases: 2.0.0, 1.10.0, 1.0.0."
ONE, TWO, THREE = release("1.0.0", 0), release("1.10.0", 10), release("2.0.0", 20)


def catalog(*releases: Release, at: float) -> Catalog:
    return Catalog.of(7, releases, day(at))


def resolve(seen: Catalog, text: str) -> Resolved:
    return seen.resolve(Reference.parse(text))


@pytest.mark.parametrize(
    ("text", "at", "meant"),
    [
        ("makers", 0, Resolved(ONE, pinned=False)),
        ("makers", 9.99, Resolved(ONE, pinned=False)),
        ("makers", 10, Resolved(TWO, pinned=False)),
        ("makers", 400, Resolved(THREE, pinned=False)),
        ("makers@latest", 0, Resolved(THREE, pinned=False)),
        ("makers@2.0.0", 0, Resolved(THREE, pinned=True)),
        ("makers@1.0.0", 400, Resolved(ONE, pinned=True)),
    ],
)
def test_a_reference_means_one_release_at_a_moment(text: str, at: float, meant: Resolved) -> None:
    assert resolve(catalog(THREE, ONE, TWO, at=at), text) == meant


def test_a_withdrawn_release_gives_way_to_the_one_below_whatever_the_clock_says() -> None:
    gone = release("1.10.0", 10, withdrawn=12)
    meant = [str(resolve(catalog(ONE, gone, at=at), "makers").release.version) for at in (11, 12, 13)]
    newest = [str(resolve(catalog(ONE, gone, at=at), "makers@latest").release.version) for at in (11, 12)]
    assert (meant, newest) == (["1.0.0", "1.0.0", "1.0.0"], ["1.0.0", "1.0.0"])


def test_a_withdrawn_release_is_still_read_by_its_number() -> None:
    gone = release("1.0.0", 0, withdrawn=1)
    assert resolve(catalog(gone, at=2), "makers@1.0.0") == Resolved(gone, pinned=True)


@pytest.mark.parametrize(
    ("releases", "text", "detail"),
    [
        (
            (release("1.0.0", 5),),
            "makers",
            (
                "No release of 'makers' is in force. The next one comes into force at 2026-01-06T00:00:00Z. "
                "Read makers@latest for the newest."
            ),
        ),
        (
            (release("1.0.0", 0, withdrawn=1),),
            "makers",
            "No release of 'makers' is in force. None is announced. Read makers@latest for the newest.",
        ),
        (
            (release("1.0.0", 0, withdrawn=1),),
            "makers@latest",
            "All releases of 'makers' are withdrawn. Read one by its number.",
        ),
    ],
)
def test_if_nothing_is_in_force_the_message_names_the_next_date(
    releases: tuple[Release, ...], text: str, detail: str
) -> None:
    with pytest.raises(NothingInForce) as raised:
        resolve(catalog(*releases, at=3), text)
    assert raised.value.detail == detail


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("maker", "There is no ladder 'maker'. Did you mean 'makers'?"),
        ("zzz@latest", "There is no ladder 'zzz'."),
        (f"{'x' * 100}", f"There is no ladder {'x' * 80 + '…'!r}."),
        (
            "makers@9.9.9",
            f"'makers' has no release '9.9.9'; {NUMBERS}",
        ),
        (
            "makers@01.0.0",
            f"'makers' has no release '01.0.0'; {NUMBERS}",
        ),
        (
            "makers@",
            f"'makers' has no release ''; {NUMBERS}",
        ),
    ],
)
def test_an_unknown_ladder_or_number_is_named_with_near_ones(text: str, detail: str) -> None:
    with pytest.raises(NotFound) as raised:
        resolve(catalog(ONE, TWO, THREE, at=30), text)
    assert (type(raised.value), raised.value.detail) == (NotFound, detail)


LINES = st.lists(st.tuples(st.integers(-5, 5), st.none() | st.integers(-5, 5)), min_size=1, max_size=5).map(
    lambda line: [
        release(f"1.{number}.0", effective, withdrawn=withdrawn)
        for number, (effective, withdrawn) in enumerate(line)
    ]
)


@given(st.lists(LINES, max_size=3))
def test_a_catalog_changes_at_valid_until_and_not_before(
    lines: list[list[Release]],
) -> None:
    """Stepping from date to date loses no change: between two of them each ladder means the same release."""
    moved = [
        Release(one.id, f"ladder-{place}", one.version, None, START, one.effective_from, "0" * 64, one.events)
        for place, line in enumerate(lines)
        for one in line
    ]
    seen = Catalog.of(1, moved, day(-6))
    for half_days in range(-12, 13):
        moment = day(half_days / 2)
        while seen.valid_until is not None and seen.valid_until <= moment:
            seen = seen.at(seen.valid_until)
        fresh = Catalog.of(1, moved, moment)
        assert seen.in_force == fresh.in_force
        for slug in fresh.releases:
            for reference in (Reference(slug, None), Reference(slug, "latest")):
                assert seen.peek(reference) == fresh.peek(reference)


@given(LINES, st.sampled_from([None, "latest"]), st.integers(-6, 6))
def test_peek_finds_what_resolve_finds(line: list[Release], selector: str | None, at: int) -> None:
    seen = Catalog.of(1, line, day(at))
    reference = Reference("makers", selector)
    try:
        expected: str | None = seen.resolve(reference).release.identity
    except NothingInForce:
        expected = None
    assert seen.peek(reference) == expected


def test_a_renamed_ladder_is_found_by_any_slug_and_listed_by_its_present_one() -> None:
    renamed = replace(TWO, ladder="builders", original="makers")
    others = [release("1.0.0", 0, ladder=slug) for slug in ("acme", "zoo")]
    for at, present in ((5, "makers"), (15, "builders")):
        seen = catalog(ONE, renamed, *others, at=at)
        assert list(seen.releases) == list(seen.in_force) == sorted(["acme", "zoo", present])
        for slug in ("makers", "builders"):
            assert seen.releases[slug] == (ONE, renamed)
            assert (seen.name(slug), seen.original(slug)) == (present, "makers")
            assert (seen.peek(Reference(slug, None)) is None) == (slug != present)
        assert seen.names(["builders", "zoo", "never"]) == {"builders", "makers", "zoo", "never"}
        assert seen.name("never") == "never"
        assert "never" not in seen.releases


def test_former_slugs_that_no_release_has_are_known_too() -> None:
    seen = Catalog.of(7, (ONE,), day(0), renamed={"shapers": "makers"})
    assert resolve(seen, "shapers").release == ONE
    assert seen.name("shapers") == "makers"
