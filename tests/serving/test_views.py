"""The ladders that each caller sees: rights on ladders, views, and catalogs without hidden ladders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Forbidden, NotFound, Unauthenticated
from app.rubric.releases import Release, Version
from app.serving.callers import ANYONE, Caller, Grant
from app.serving.releases.catalog import Catalog, Reference
from app.store.access.rights import RIGHTS, Right
from app.store.ladder_settings import LadderSettings
from tests.store.samples import day

SLUGS = ("a", "b", "c", "d")
SLUG_SETS = st.frozensets(st.sampled_from(SLUGS))
GRANTS = st.builds(Grant, st.frozensets(st.sampled_from(RIGHTS)), st.none() | SLUG_SETS)
CALLERS = st.builds(Caller, st.just("ada"), st.lists(GRANTS, max_size=2).map(tuple))


def catalog(internal: frozenset[str], *, closed: bool = False, revision: int = 1) -> Catalog:
    releases = [
        Release(number, slug, Version(1, 0, 0), None, day(1), day(1), "0" * 64, ())
        for number, slug in enumerate(SLUGS)
    ]
    settings = {slug: LadderSettings("internal") for slug in internal}
    return Catalog.of(revision, releases, day(2), settings=settings, closed=closed)


def caller(*rights: Right, ladders: frozenset[str] | None = None) -> Caller:
    return Caller("ada", (Grant(frozenset(rights), ladders),))


def test_admin_holds_every_right_and_every_right_holds_read() -> None:
    held = {right: {other for other in RIGHTS if caller(right).may(other)} for right in RIGHTS}
    assert held == {
        "read": {"read"},
        "write": {"read", "write"},
        "review": {"read", "review"},
        "publish": {"read", "publish"},
        "admin": set(RIGHTS),
    }
    assert not any(ANYONE.may(right) for right in RIGHTS)


def test_rights_and_ladders_of_several_grants_are_not_mixed() -> None:
    mixed = Caller("ada", (Grant(frozenset({"admin"}), frozenset({"a"})), Grant(frozenset({"read"}))))
    assert [mixed.may("admin", slug) for slug in SLUGS] == [True, False, False, False]
    assert (mixed.where("admin"), mixed.where("read"), mixed.where("write")) == (
        frozenset({"a"}),
        None,
        frozenset({"a"}),
    )
    assert [mixed.reads_draft(slug) for slug in SLUGS] == [True, False, False, False]


def test_a_refusal_says_what_is_missing() -> None:
    with pytest.raises(Unauthenticated, match="scope 'write'"):
        ANYONE.require("write", "a")
    with pytest.raises(Forbidden, match="lacks the scope 'write'"):
        caller("review").require("write", "a")
    with pytest.raises(Forbidden, match="not for the ladder 'a'"):
        caller("write", ladders=frozenset({"b"})).require("write", "a")
    caller("write", ladders=frozenset({"a"})).require("write", "a")


@given(internal=SLUG_SETS, who=CALLERS, closed=st.booleans())
def test_everybody_sees_the_public_ladders_and_those_they_have_a_right_on(
    *, internal: frozenset[str], who: Caller, closed: bool
) -> None:
    seen = catalog(internal, closed=closed).seen_by(who)
    expected = [slug for slug in SLUGS if who.may("read", slug) or (not closed and slug not in internal)]
    assert (list(seen.releases), list(seen.in_force), len(seen.releases)) == (
        expected,
        expected,
        len(expected),
    )
    for slug in SLUGS:
        if slug in expected:
            assert seen.resolve(Reference(slug, None)).release.ladder == slug
        else:
            with pytest.raises(NotFound) as raised:
                seen.resolve(Reference(slug, "1.0.0"))
            hidden = [other for other in SLUGS if other not in expected and other != slug]
            assert not any(repr(other) in raised.value.detail for other in hidden)
            assert seen.peek(Reference(slug, None)) is None
            assert slug not in seen.releases


@given(SLUG_SETS, SLUG_SETS, CALLERS, CALLERS)
def test_two_views_are_equal_only_if_the_same_ladders_are_visible(
    before: frozenset[str], after: frozenset[str], one: Caller, other: Caller
) -> None:
    """Whenever that was: a view that was left because a ladder changed is never met again with other ladders."""
    first, second = catalog(before), catalog(after, revision=2)
    if first.view(one) == second.view(other):
        assert list(first.seen_by(one).releases) == list(second.seen_by(other).releases)
        assert first.internal == second.internal


def test_without_internal_ladders_there_is_one_view() -> None:
    open_to_all = catalog(frozenset())
    for who in (ANYONE, caller("read", ladders=frozenset({"a"})), caller("admin")):
        assert open_to_all.view(who) == open_to_all.public_view == ""
        assert open_to_all.seen_by(who) is open_to_all


def test_any_number_of_different_callers_uses_bounded_memory() -> None:
    known = catalog(frozenset(SLUGS))
    for number in range(3000):
        known.view(caller("read", ladders=frozenset({str(number)})))
    assert len(known._sights) <= 1024  # noqa: SLF001 - what is remembered
