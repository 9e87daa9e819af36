"""The registry of slugs: the owner of each current or former address, and its first release."""

from uuid import uuid4

from sqlalchemy import Engine

from app.rubric.entities import walk
from app.rubric.ladder import Ladder, Level
from app.rubric.releases import Version
from app.store.engine import reading
from app.store.slug_history import SlugRecord, find_entity, find_slug
from tests.store.samples import day, full, release, small

FIRST, SECOND = Version(1, 0, 0), Version(2, 0, 0)


def _with_level(slug: str, *formerly: str) -> Ladder:
    level = Level(slug=slug, track="engineer", title="Level", formerly=formerly)
    return small(title=f"With {slug}").model_copy(update={"levels": (level,)})


def _level_uuid(ladder: Ladder) -> object:
    return next(node.uuid for node in walk(ladder) if node.kind == "level")


def test_a_renamed_entity_is_found_by_all_its_slugs(engine: Engine) -> None:
    release(engine, _with_level("l1"))
    release(engine, _with_level("l2", "l1"), "2.0.0", published=day(2))
    uuid = next(node.uuid for node in walk(_with_level("l1")) if node.kind == "level")
    assert uuid is not None
    old, new = (
        SlugRecord("small", "level", "l1", uuid, FIRST),
        SlugRecord("small", "level", "l2", uuid, SECOND),
    )
    with reading(engine) as connection:
        assert find_slug(connection, "small", "level", "l1") == (old,)
        assert find_slug(connection, "small", "level", "l2") == (new,)
        assert find_entity(connection, uuid) == (old, new)


def test_a_removed_entity_stays_in_the_registry(engine: Engine) -> None:
    release(engine, _with_level("l1"))
    release(engine, _with_level("l9"), "2.0.0", published=day(2))
    with reading(engine) as connection:
        (record,) = find_slug(connection, "small", "level", "l1")
    assert record.version == FIRST


def test_an_unknown_address_is_not_found(engine: Engine) -> None:
    release(engine, small())
    with reading(engine) as connection:
        assert find_slug(connection, "small", "level", "l7") == ()
        assert find_slug(connection, "small", "facet", "l1") == ()
        assert find_slug(connection, "other", "level", "l1") == ()
        assert find_entity(connection, uuid4()) == ()


def test_everything_with_a_uuid_is_registered_and_nothing_else(engine: Engine) -> None:
    release(engine, full())
    with reading(engine) as connection:
        for node in walk(full()):
            known = find_slug(connection, "full", node.kind, node.address)
            assert [record.uuid for record in known] == ([node.uuid] if node.uuid else [])
        earlier = find_slug(connection, "full", "level", "l0")
    assert [record.uuid for record in earlier] == [_level_uuid(full())]
