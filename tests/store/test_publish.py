"""Publishing a release, and refusals that change nothing."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import StatementError

from app.errors import Conflict, Invalid, InvalidLadder, LadderError, NotFound
from app.rubric.canonical import canonical, content_sha256
from app.rubric.index import Index
from app.rubric.ladder import Competency, Expectation, Ladder, Level
from app.rubric.releases import FIRST, Event, Release, Version
from app.store.engine import reading, writing
from app.store.inserting import NewRelease
from app.store.loading import load_content
from app.store.maintenance.doctor import verify
from app.store.releases import find_ladders, find_releases, get_release, publish
from app.store.slug_history import find_entity
from tests.store.samples import DAY_1, day, full, release, say, small


def _refused(
    engine: Engine, error: type[LadderError], detail: str, ladder: Ladder, version: str, on: int
) -> None:
    """The publish is refused with that detail, and the store is as it was."""
    with reading(engine) as connection:
        before = find_releases(connection)
    with pytest.raises(error, match=re.escape(detail)):
        release(engine, ladder, version, published=day(on))
    with reading(engine) as connection:
        assert find_releases(connection) == before
        assert list(verify(connection)) == []


def test_a_published_release_is_found_as_it_was_made(engine: Engine) -> None:
    with writing(engine) as connection:
        new = NewRelease.of(full(), Version(2, 3, 4), day(1), notes="First.", effective_from=day(5))
        made = publish(connection, new)
    digest = content_sha256(canonical(full()))
    assert made == Release(
        *(made.id, "full", Version(2, 3, 4), "First.", day(1), day(5), digest),
        title=full().title,
        summary=full().summary,
        language=full().language,
    )
    with reading(engine) as connection:
        assert find_ladders(connection) == ("full",)
        assert find_releases(connection) == find_releases(connection, "full") == (made,)
        assert get_release(connection, "full", Version(2, 3, 4)) == made
        assert load_content(connection, made) == full()


def test_releases_come_in_order_of_ladder_and_number(engine: Engine) -> None:
    for slug in ("b", "a"):
        for number, version in enumerate(("1.9.0", "1.10.0", "2.0.0")):
            release(engine, small(slug, f"{slug} {version}"), version, published=day(number + 1))
    with reading(engine) as connection:
        found = [(made.ladder, str(made.version)) for made in find_releases(connection)]
    assert found == [(slug, number) for slug in ("a", "b") for number in ("1.9.0", "1.10.0", "2.0.0")]


def test_moments_keep_their_microseconds_and_come_back_in_utc(engine: Engine) -> None:
    moment = day(1) + timedelta(microseconds=1)
    made = release(engine, small(), published=moment.astimezone(None))
    with reading(engine) as connection:
        (found,) = find_releases(connection)
    assert (found.published_at, found.published_at.utcoffset()) == (moment, timedelta(0))
    assert made == found


def test_an_unknown_release_is_not_found(engine: Engine) -> None:
    made = release(engine, small())
    with reading(engine) as connection:
        assert find_releases(connection, "other") == ()
        with pytest.raises(NotFound, match=r"small@1\.0\.1"):
            get_release(connection, "small", Version(1, 0, 1))
        with pytest.raises(NotFound, match="no such release"):
            load_content(connection, replace(made, id=made.id + 1))


@pytest.mark.parametrize("version", ["0.9.0", "1.0.0", "1.1.0"])
def test_a_number_must_be_greater_than_all_before(engine: Engine, version: str) -> None:
    release(engine, small())
    release(engine, small(title="Two"), "1.1.0", published=day(2))
    detail = "The newest release of 'small' is 1.1.0. A new number must be greater."
    _refused(engine, Conflict, detail, small(title="Three"), version, 3)


def test_a_withdrawn_number_stays_taken(engine: Engine) -> None:
    release(engine, small())
    say(
        engine,
        release(engine, small(title="Two"), "2.0.0", published=day(2)),
        Event("withdrawn", day(3), "Wrong."),
    )
    _refused(engine, Conflict, "The newest release of 'small' is 2.0.0", small(title="Three"), "2.0.0", 4)
    assert release(engine, small(title="Three"), "2.0.1", published=day(4)).version == Version(2, 0, 1)


def test_the_same_content_makes_no_release(engine: Engine) -> None:
    release(engine, small())
    detail = "Nothing changed: the content is that of small@1.0.0, so no release was made."
    _refused(engine, Conflict, detail, small(), "1.0.1", 2)


def test_content_may_return_to_what_it_was_before_the_newest(engine: Engine) -> None:
    release(engine, small())
    release(engine, small(title="Two"), "1.0.1", published=day(2))
    back = release(engine, small(), "1.0.2", published=day(3))
    with reading(engine) as connection:
        assert load_content(connection, back) == small()


def test_withdrawn_content_may_be_published_again(engine: Engine) -> None:
    say(engine, release(engine, small()), Event("withdrawn", day(2), "Too early."))
    assert release(engine, small(), "1.0.1", published=day(3)).version == Version(1, 0, 1)


def test_a_release_cannot_come_into_force_before_it_is_published(engine: Engine) -> None:
    with pytest.raises(Invalid, match="cannot come into force before it is published"):
        release(engine, small(), published=day(2), effective=day(1))
    with reading(engine) as connection:
        assert find_ladders(connection) == ()


def test_a_release_cannot_come_into_force_before_the_previous_one(engine: Engine) -> None:
    release(engine, small(), effective=day(10))
    detail = "is before that of the previous release, 1.0.0. Choose 2026-01-10T00:00:00Z or later"
    _refused(engine, Invalid, detail, small(title="Two"), "1.1.0", 5)


def test_a_withdrawn_release_does_not_delay_the_next_one(engine: Engine) -> None:
    say(engine, release(engine, small(), effective=day(10)), Event("withdrawn", day(2), "Wrong."))
    assert release(engine, small(title="Two"), "1.1.0", published=day(3)).effective_from == day(3)


def test_a_ladder_cannot_take_the_slug_of_another(engine: Engine) -> None:
    release(engine, small("first"))
    other = small("first", "Other").model_copy(update={"formerly": ("older",)})
    _refused(engine, Conflict, "ladder:first was published as another entity.", other, "1.0.1", 2)
    release(engine, small("second"))
    both = small("second", "Both").model_copy(update={"formerly": ("first",)})
    _refused(engine, Conflict, "The slug 'first' belongs or belonged to another ladder.", both, "1.0.1", 2)


def test_a_renamed_ladder_keeps_its_releases_and_each_release_its_slug(engine: Engine) -> None:
    first = release(engine, small("first"), "1.0.0", published=day(1))
    renamed = small("second").model_copy(update={"formerly": ("first",)})
    _refused(engine, Conflict, "The newest release of 'second' is 1.0.0.", renamed, "1.0.0", 2)
    second = release(engine, renamed, "1.0.1", published=day(2))
    assert [(one.ladder, one.original, str(one.base)) for one in (first, second)] == [
        ("first", "first", "None"),
        ("second", "first", "1.0.0"),
    ]
    with reading(engine) as connection:
        for slug in ("first", "second"):
            assert find_releases(connection, slug) == (first, second)
            assert get_release(connection, slug, second.version) == second
        assert find_ladders(connection) == ("first",)
        assert find_releases(connection, "third") == ()


def _with_level(slug: str, *formerly: str) -> Ladder:
    level = Level(slug=slug, track="engineer", title="Level", formerly=formerly)
    return small(title=f"With {slug}").model_copy(update={"levels": (level,)})


def test_a_slug_is_never_used_for_another_entity(engine: Engine) -> None:
    release(engine, _with_level("l1"))
    release(engine, _with_level("l2", "l1"), "2.0.0", published=day(2))
    detail = "level:l2 was published as another entity. Choose a slug that was never used"
    _refused(engine, Conflict, detail, _with_level("l2"), "3.0.0", 3)
    assert release(engine, _with_level("l3", "l1", "l2"), "3.0.0", published=day(3)).version == Version(
        3, 0, 0
    )


def test_an_earlier_slug_named_from_the_start_is_taken_too(engine: Engine) -> None:
    release(engine, _with_level("l2", "l1"))
    taken = small().model_copy(
        update={"levels": (Level(slug="l1", track="engineer", title="New", formerly=("l0",)),)}
    )
    _refused(engine, Conflict, "level:l1 was published as another entity", taken, "2.0.0", 2)


def test_an_entity_that_was_removed_comes_back_with_its_uuid(engine: Engine) -> None:
    release(engine, _with_level("l1"))
    release(engine, _with_level("l2"), "2.0.0", published=day(2))
    made = release(engine, _with_level("l1"), "3.0.0", published=day(3))
    with reading(engine) as connection:
        again = Index.of(load_content(connection, made)).of_kind("level")
        assert [record.version for record in find_entity(connection, again[0].uuid or UUID(int=0))] == [
            Version(1, 0, 0)
        ]


def test_a_removed_entity_comes_back_with_its_earlier_slugs(engine: Engine) -> None:
    for number, ladder in enumerate((_with_level("l1"), _with_level("l2"), _with_level("l3", "l1")), 1):
        release(engine, ladder, f"{number}.0.0", published=day(number))
    with reading(engine) as connection:
        assert len(find_releases(connection)) == 3


def test_a_withdrawn_release_does_not_reserve_or_remove_slugs(engine: Engine) -> None:
    release(engine, _with_level("l1"))
    wrong = release(engine, _with_level("l2"), "2.0.0", published=day(2))
    say(engine, wrong, Event("withdrawn", day(3), "Wrong."))
    release(engine, _with_level("l1").model_copy(update={"title": "Kept"}), "2.0.1", published=day(4))
    release(engine, _with_level("l2").model_copy(update={"title": "Right"}), "3.0.0", published=day(5))
    with reading(engine) as connection:
        assert list(verify(connection)) == []


def test_a_removed_expectation_can_come_back(engine: Engine) -> None:
    competency = Competency(slug="craft", title="Craft")
    without = small().model_copy(update={"competencies": (competency,)})
    asked = without.model_copy(update={"expectations": (Expectation(level="l1", competency="craft"),)})
    for number, ladder in enumerate((asked, without, asked), 1):
        release(engine, ladder, f"{number}.0.0", published=day(number))
    with reading(engine) as connection:
        assert len(find_releases(connection)) == 3


def test_a_missing_reference_is_refused_with_a_pointer(engine: Engine) -> None:
    broken = small().model_copy(update={"levels": (Level(slug="l1", track="nowhere", title="L"),)})
    with pytest.raises(
        InvalidLadder, match="level:l1 names track 'nowhere', which does not exist"
    ) as refusal:
        release(engine, broken)
    assert refusal.value.faults[0].pointer == "/levels/0/track"


def test_a_duplicate_slug_is_refused_with_a_pointer(engine: Engine) -> None:
    level = small().levels[0]
    with pytest.raises(InvalidLadder, match="level:l1 occurs twice") as refusal:
        release(engine, small().model_copy(update={"levels": (level, level)}))
    assert refusal.value.faults[0].pointer == "/levels/1"


def test_a_publish_that_fails_midway_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError):
        _publish_and_fail(engine)
    with reading(engine) as connection:
        assert find_ladders(connection) == ()
        assert list(verify(connection)) == []


def _publish_and_fail(engine: Engine) -> None:
    with writing(engine) as connection:
        publish(connection, NewRelease.of(full(), FIRST, DAY_1))
        raise ZeroDivisionError


def test_a_time_without_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="has no time zone"):
        release(engine, small(), published=DAY_1.replace(tzinfo=None))
