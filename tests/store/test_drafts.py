"""Drafts in the store: reading, writing, and simultaneous writers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import Engine

from app.errors import Conflict, Invalid, NotFound, PreconditionFailed, TooLarge
from app.rubric.canonical import canonical, content_sha256
from app.rubric.ladder import Ladder, Tip
from app.rubric.releases import Event
from app.store import drafts
from app.store.drafts import (
    Draft,
    DraftHead,
    delete_draft,
    find_draft_head,
    find_draft_ladders,
    find_draft_titles,
    get_draft,
    get_draft_content,
    get_draft_json,
    hold_draft,
    hold_slug,
    save_draft,
)
from app.store.engine import reading, writing
from app.store.loading import load_content
from tests.store.samples import day, full, release, say, small

NOW = day(10)


def sha(ladder: Ladder) -> str:
    return content_sha256(canonical(ladder))


def titled(title: str) -> Ladder:
    return small(title=title)


def withdrawn(at: datetime) -> Event:
    return Event("withdrawn", at, "Wrong.")


def save(engine: Engine, ladder: Ladder, expected: int, by: str = "ann", *, rebase: bool = False) -> Draft:
    with writing(engine) as connection:
        return save_draft(
            connection, ladder, slug=ladder.slug, expected=expected, by=by, at=NOW, rebase=rebase
        )


def read(engine: Engine, slug: str = "small") -> Draft:
    with reading(engine) as connection:
        return get_draft(connection, slug, NOW)


def test_an_unknown_ladder_has_no_draft(engine: Engine) -> None:
    with reading(engine) as connection:
        with pytest.raises(NotFound, match="There is no draft of 'small'"):
            get_draft(connection, "small", NOW)
        with pytest.raises(NotFound, match="There is no draft of 'small'"):
            get_draft_content(connection, "small")
        assert find_draft_head(connection, "small") is None
        assert find_draft_ladders(connection) == ()


def test_an_unedited_draft_reads_as_the_newest_release_not_withdrawn(engine: Engine) -> None:
    release(engine, titled("One"), "1.0.0", published=day(1))
    second = release(engine, titled("Two"), "1.1.0", published=day(2))
    third = release(engine, titled("Three"), "1.2.0", published=day(3))
    say(engine, third, withdrawn(day(4)))
    assert read(engine) == Draft("small", titled("Two"), second, 0, second.content_sha256)


def test_a_ladder_with_only_withdrawn_releases_has_no_draft(engine: Engine) -> None:
    say(engine, release(engine, small(), "1.0.0", published=day(1)), withdrawn(day(2)))
    with pytest.raises(NotFound):
        read(engine)


def test_the_first_write_inserts_the_row_and_sets_its_base(engine: Engine) -> None:
    base = release(engine, titled("One"), "1.0.0", published=day(1))
    expected = Draft("small", titled("Two"), base, 1, sha(titled("Two")), "ann", NOW, frozenset({"ann"}))
    assert save(engine, titled("Two"), 0) == expected
    release(engine, titled("Three"), "1.1.0", published=day(2))
    assert read(engine) == expected


def test_every_write_raises_the_number_and_stores_the_author(engine: Engine) -> None:
    save(engine, titled("One"), 0)
    save(engine, titled("Two"), 1, "ben")
    save(engine, titled("Three"), 2)
    draft = read(engine)
    assert (draft.ladder.title, draft.number, draft.changed_by) == ("Three", 3, "ann")
    assert draft.authors == {"ann", "ben"}
    assert draft.base is None
    with reading(engine) as connection:
        assert find_draft_head(connection, "small") == DraftHead(3, None, draft.content_sha256)
        assert get_draft_content(connection, "small") == titled("Three")
        assert get_draft_json(connection, "small") == canonical(titled("Three")).decode()
        assert find_draft_ladders(connection) == ("small",)
        assert find_draft_titles(connection, ["small", "never"]) == (("small", "Three"),)


def test_a_draft_stores_every_part_of_a_ladder(engine: Engine) -> None:
    save(engine, full(), 0)
    assert read(engine, "full").ladder == full()


def test_a_draft_may_break_rules(engine: Engine) -> None:
    broken = small().model_copy(update={"levels": small().levels * 2})
    save(engine, broken, 0)
    assert read(engine).ladder == broken


def test_rebasing_names_the_newest_release_and_keeps_the_authors(engine: Engine) -> None:
    release(engine, titled("One"), "1.0.0", published=day(1))
    save(engine, titled("Two"), 0)
    newest = release(engine, titled("Three"), "1.1.0", published=day(2))
    draft = save(engine, titled("Four"), 1, "ben", rebase=True)
    assert (draft.base, draft.number, draft.authors) == (newest, 2, frozenset({"ann", "ben"}))
    assert read(engine) == draft


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_a_write_to_an_outdated_draft_changes_nothing(engine: Engine, expected: int) -> None:
    save(engine, titled("One"), 0)
    before = save(engine, titled("Two"), 1)
    with pytest.raises(PreconditionFailed, match="Someone else has changed the draft of 'small'"):
        save(engine, titled("Lost"), expected, "ben")
    assert read(engine) == before


def test_the_draft_of_an_unpublished_ladder_keeps_its_slug(engine: Engine) -> None:
    with (
        pytest.raises(Invalid, match="A ladder can be renamed after its first release"),
        writing(engine) as connection,
    ):
        save_draft(connection, small("other"), slug="small", expected=0, by="ann", at=NOW)
    with pytest.raises(NotFound):
        read(engine)


def test_a_draft_has_a_size_limit(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(canonical(small()))
    monkeypatch.setattr(drafts, "MAX_CONTENT", size)
    save(engine, small(), 0)
    with pytest.raises(TooLarge, match=f"would have {size + 1:,} bytes. The limit is {size:,}"):
        save(engine, titled("Small!"), 1)
    assert read(engine).number == 1


def test_a_discarded_draft_leaves_nothing(engine: Engine) -> None:
    base = release(engine, titled("One"), "1.0.0", published=day(1))
    save(engine, titled("Two"), 0)
    with writing(engine) as connection:
        delete_draft(connection, "small")
    assert read(engine) == Draft("small", titled("One"), base, 0, base.content_sha256)
    assert save(engine, titled("Three"), 0, "ben").authors == {"ben"}


def test_an_unedited_draft_cannot_be_discarded(engine: Engine) -> None:
    release(engine, small(), "1.0.0", published=day(1))
    with pytest.raises(NotFound), writing(engine) as connection:
        delete_draft(connection, "small")


def test_no_release_changes_while_a_draft_is_written(engine: Engine) -> None:
    base = release(engine, titled("One"), "1.0.0", published=day(1))
    save(engine, titled("Two"), 0)
    with reading(engine) as connection:
        assert load_content(connection, base) == titled("One")


def test_a_slug_is_free_until_a_ladder_has_it(engine: Engine) -> None:
    with writing(engine) as connection:
        assert not hold_slug(connection, "small", fresh=True)
    save(engine, small(), 0)
    with (
        pytest.raises(Conflict, match="'small' already belongs or belonged to a ladder"),
        writing(engine) as connection,
    ):
        hold_slug(connection, "small", fresh=False)


def test_a_slug_that_a_ladder_has_or_had_is_taken(engine: Engine) -> None:
    release(engine, small("now").model_copy(update={"formerly": ("then",)}), "1.0.0", published=day(1))
    for slug in ("now", "then"):
        with pytest.raises(Conflict), writing(engine) as connection:
            hold_slug(connection, slug, fresh=True)
    with writing(engine) as connection:
        assert hold_slug(connection, "now", fresh=False)
        assert hold_slug(connection, "then", fresh=False)


def test_one_of_two_first_writers_succeeds(engine: Engine) -> None:
    start = Barrier(2)

    def write(name: str) -> str:
        start.wait(10)
        try:
            save(engine, titled(name), 0, name)
        except PreconditionFailed:
            return "refused"
        return name

    with ThreadPoolExecutor(2) as threads:
        done = sorted(threads.map(write, ("ann", "ben")))
    draft = read(engine)
    assert done == sorted([draft.ladder.title, "refused"])
    assert (draft.number, draft.authors) == (1, frozenset({draft.ladder.title}))


def test_simultaneous_writers_lose_nothing(engine: Engine) -> None:
    save(engine, small(), 0)
    start = Barrier(4)

    def add(name: str) -> None:
        start.wait(10)
        for number in range(5):
            with writing(engine) as connection:
                before = hold_draft(connection, "small", NOW)
                tip = Tip(slug=f"{name}-{number}", title="Tip", text="")
                after = before.ladder.model_copy(update={"tips": (*before.ladder.tips, tip)})
                save_draft(connection, after, slug="small", expected=before.number, by=name, at=NOW)

    names = ("a", "b", "c", "d")
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add, names))
    draft = read(engine)
    assert draft.number == 21
    assert {tip.slug for tip in draft.ladder.tips} == {f"{name}-{n}" for name in names for n in range(5)}
    assert draft.authors == {"ann", *names}
