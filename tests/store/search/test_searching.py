"""Searching the database: both engines return the same hits in the same order as the pure function."""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, select

from app.rubric.index import Index
from app.rubric.ladder import Ladder, Level, Page, Track
from app.rubric.releases import FIRST, Release
from app.rubric.searching import Filters, documents_of, entry_of, ranked, read_question
from app.store.engine import reading, writing
from app.store.inserting import NewRelease
from app.store.loading import load_content
from app.store.maintenance.copying import copy_all
from app.store.maintenance.doctor import Problem, verify
from app.store.releases import publish
from app.store.search.index import find_unindexed, first_id, forget_index, index_missing
from app.store.search.searching import Hit, find_hits
from app.store.tables.mapping import table_of
from app.store.tables.searching import SearchEntryRow, SearchReleaseRow, SearchTextRow
from tests.databases import Databases, SqliteDatabases, opened
from tests.store.samples import day, full, large, release, undone
from tests.store.searches import newest, search, told
from tests.strategies import ladders

ANSWERS = json.loads(Path(__file__).with_name("search_answers.json").read_text("utf-8"))
"""Of a fixed set of questions about the seeds, how many hits there are, and which come first."""
TABLES = tuple(table_of(row) for row in (SearchEntryRow, SearchTextRow, SearchReleaseRow))
ASKED = st.one_of(
    st.sampled_from(
        ["it*", "well often", '"well and often"', "beginner", "c 1", "aware knows", "design", "a* b*"]
    ),
    st.text(alphabet=st.characters(), max_size=40),
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def seeded(request: pytest.FixtureRequest) -> Iterator[Engine]:
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    with databases.fresh("seeded") as url, opened(url) as engine:
        yield engine


@pytest.mark.parametrize("asked", ANSWERS)
def test_a_fixed_question_has_a_fixed_answer(seeded: Engine, asked: str) -> None:
    hits = search(seeded, asked)
    assert {"hits": len(hits), "first": told(seeded, hits[:3])} == ANSWERS[asked]


def _by_the_rule(contents: Sequence[Ladder], asked: str, filters: Filters) -> list[str]:
    """Return the results of the pure function in several ladders, best first."""
    question = read_question(asked, list(dict.fromkeys(one.language for one in contents)))
    found = []
    for number, ladder in enumerate(contents):
        looked = ((one, entry_of(one, ladder.language)) for one in documents_of(Index.of(ladder)))
        found += [
            (-points, number, place, one) for points, place, one, _ in ranked(looked, question, filters)
        ]
    found.sort(key=lambda hit: hit[:3])
    return [f"{contents[number].slug}/{one.kind}:{one.address}" for _, number, _, one in found]


@pytest.fixture(scope="module")
def contents(seeded: Engine) -> list[Ladder]:
    """Provide the content of the newest releases of the seeds."""
    with reading(seeded) as connection:
        return [load_content(connection, one) for one in newest(seeded)]


@given(st.data())
def test_any_question_is_answered_as_the_rule_says(
    seeded: Engine, contents: list[Ladder], data: st.DataObject
) -> None:
    words = sorted(
        {word for one in contents for level in one.levels for word in (level.summary or "").split()}
    )
    asked = data.draw(st.one_of(ASKED, st.lists(st.sampled_from(words), max_size=3).map(" ".join)))
    filters = Filters(
        data.draw(st.sampled_from([None, None, "level", "expectation"])),
        data.draw(st.sampled_from([None, None, "l5"])),
        data.draw(st.sampled_from([None, None, "system-design-mastery"])),
    )
    assert (
        told(seeded, search(seeded, asked, filters=filters)) == _by_the_rule(contents, asked, filters)[:500]
    )


@given(ladders(), st.data())
def test_any_ladder_is_searched_as_the_rule_says(engine: Engine, ladder: Ladder, data: st.DataObject) -> None:
    documents = documents_of(Index.of(ladder))
    words = [word for one in documents for part in one.parts for word in part.text.split()]
    asked = data.draw(st.one_of(ASKED, st.lists(st.sampled_from(words or ["x"]), max_size=3).map(" ".join)))
    question = read_question(asked, [ladder.language])
    with undone(engine) as connection:
        made = publish(connection, NewRelease.of(ladder, FIRST, day(1)))
        hits = find_hits(connection, question, [made.id], Filters(), limit=10_000)
    addresses = [f"{ladder.slug}/{hit.kind}:{hit.address}" for hit in hits]
    assert addresses == _by_the_rule([ladder], asked, Filters())


def test_pages_follow_one_another(seeded: Engine) -> None:
    whole = search(seeded, "design")
    paged: list[Hit] = []
    after = None
    while page := search(seeded, "design", limit=7, after=after):
        paged += page
        after = page[-1].rank
    assert len(whole) > 50
    assert [hit.rank for hit in paged] == [hit.rank for hit in whole]


@pytest.mark.parametrize("asked", ANSWERS)
def test_looking_at_the_best_first_changes_no_answer(seeded: Engine, asked: str) -> None:
    whole = search(seeded, asked)
    for limit in (1, 2, 5, 13, 40):
        assert search(seeded, asked, limit=limit) == whole[:limit]
        if len(whole) > limit:
            assert search(seeded, asked, limit=limit, after=whole[limit - 1].rank) == whole[limit : 2 * limit]


def test_what_a_word_is_in_several_languages_counts_together(engine: Engine) -> None:
    """`agreement` has one stem in English and another in French, which `agrees` has in English."""
    both = Level(slug="both", title="One", summary="Agreement: one agrees.", track="way")
    twice = Level(slug="twice", title="Two", summary="Agreement by agreement.", track="way")
    track = Track(slug="way", title="Way")
    release(engine, Ladder(slug="english", title="E", language="en", tracks=(track,), levels=(both, twice)))
    release(engine, Ladder(slug="french", title="F", language="fr"))
    assert told(engine, search(engine, "agreement")) == ["english/level:both", "english/level:twice"]
    assert told(engine, search(engine, "agreement", limit=1)) == ["english/level:both"]


@pytest.mark.parametrize(
    "asked", ["이해관계자", "소통", unicodedata.normalize("NFD", "이해관계자"), "ทีม", "系统"]
)
def test_a_word_is_found_within_others_in_scripts_without_spaces(engine: Engine, asked: str) -> None:
    text = "여러 팀의 이해관계자들과 소통한다. ทำงานร่วมกับทีม 负责系统设计"
    pages = (Page(slug="wide", title="Page", text=text), Page(slug="other", title="Other", text="자들 설계"))
    release(engine, Ladder(slug="wide", title="W", language="ko", pages=pages))
    assert told(engine, search(engine, asked)) == ["wide/page:wide"]


def test_only_the_releases_that_are_named_are_searched(seeded: Engine) -> None:
    netflix = [one for one in newest(seeded) if one.ladder == "netflix-engineering"]
    assert {hit.release_id for hit in search(seeded, "design", netflix)} == {netflix[0].id}
    assert search(seeded, "design", []) == ()


def test_each_release_is_found_by_its_own_words(engine: Engine) -> None:
    first = release(engine, full())
    second = release(engine, full().model_copy(update={"title": "Fuller"}), "1.1.0", published=day(2))
    assert [len(search(engine, "fuller", [one])) for one in (first, second)] == [0, 1]
    assert [len(search(engine, "full", [one])) for one in (first, second)] == [1, 0]


def _forget(engine: Engine, made: Release) -> None:
    """Leave the index as it is where an older version published the release."""
    entries, texts, done = TABLES
    with writing(engine) as connection:
        for table in (entries, texts):
            connection.execute(
                delete(table).where(table.c.id >= first_id(made.id), table.c.id < first_id(made.id + 1))
            )
        connection.execute(delete(done).where(done.c.id == made.id))


def test_what_an_older_version_published_is_indexed_afterwards(engine: Engine) -> None:
    first, second = release(engine, full()), release(engine, large(200))
    before = [told(engine, search(engine, asked)) for asked in ("beginner", "well", "c 1")]
    _forget(engine, second)
    with reading(engine) as connection:
        assert find_unindexed(connection) == (second.id,)
        assert [(one.code, one.place) for one in verify(connection)] == [("unindexed", "large@1.0.0")]
    assert search(engine, "well") == ()
    heard: list[int] = []
    assert index_missing(engine, heard.append) == 1
    assert heard == [1]
    assert index_missing(engine) == 0
    assert [told(engine, search(engine, asked)) for asked in ("beginner", "well", "c 1")] == before
    assert first.ladder == "full"


def test_what_was_indexed_by_other_words_is_indexed_anew(engine: Engine) -> None:
    made = release(engine, full())
    count = select(func.count()).select_from(TABLES[0])
    with writing(engine) as connection:
        before = connection.execute(count).scalar_one()
        connection.execute(TABLES[2].update().values(analysis="0 of old"))
    with reading(engine) as connection:
        assert find_unindexed(connection) == (made.id,)
    assert index_missing(engine) == 1
    with reading(engine) as connection:
        assert connection.execute(count).scalar_one() == before
        assert list(verify(connection)) == []
    assert len(search(engine, "beginner")) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE search_entry SET words = words || ' 1secret' WHERE kind = 'level'",
        "UPDATE search_entry SET about = '' WHERE kind = 'level'",
        "UPDATE search_text SET title = 'Other'",
        "DELETE FROM search_text",
        "DELETE FROM search_entry WHERE kind = 'level'",
        "INSERT INTO search_entry SELECT id + 500, kind, about, names_end, lead_end, words FROM search_entry",
    ],
)
def test_an_index_that_says_other_things_than_the_release_is_found_and_mended(
    engine: Engine, statement: str
) -> None:
    release(engine, full())
    before = told(engine, search(engine, "beginner"))
    with writing(engine) as connection:
        columns = " (id, kind, about, names_end, lead_end, words)" if statement.startswith("INSERT") else ""
        connection.exec_driver_sql(statement.replace("search_entry SELECT", f"search_entry{columns} SELECT"))
    with reading(engine) as connection:
        assert [(one.code, one.place) for one in verify(connection)] == [("index-changed", "full@1.0.0")]
    forget_index(engine)
    assert index_missing(engine) == 1
    with reading(engine) as connection:
        assert list(verify(connection)) == []
    assert told(engine, search(engine, "beginner")) == before


def test_an_entry_that_sqlite_does_not_find_by_its_tokens_is_named(
    sqlite_databases: SqliteDatabases,
) -> None:
    with sqlite_databases.fresh("migrated") as url, opened(url) as engine:
        release(engine, full())
        with writing(engine) as connection:
            connection.exec_driver_sql(
                "INSERT INTO search_token (search_token, rowid, words) "
                "SELECT 'delete', id, words FROM search_entry WHERE kind = 'level'"
            )
        with reading(engine) as connection:
            (problem,) = verify(connection)
        assert problem == Problem(
            "index-changed",
            "full@1.0.0",
            "differs from its entries in the search index: run `ladder migrate --reindex`.",
        )
        forget_index(engine)
        index_missing(engine)
        with reading(engine) as connection:
            assert list(verify(connection)) == []


def test_a_copy_can_be_searched(seeded: Engine, databases: Databases) -> None:
    with databases.fresh("blank") as url:
        copy_all(seeded, url)
        with opened(url) as copy:
            assert told(copy, search(copy, "design")) == told(seeded, search(seeded, "design"))


def test_a_huge_text_is_published_and_found_by_its_beginning(engine: Engine) -> None:
    words = " ".join(f"word{number:05}" for number in range(60_000))
    odd = "\u0434" * 5_000
    pages = (Page(slug="huge", title="Huge", text=words), Page(slug="odd", title="Odd", text=f"{odd} end"))
    release(engine, Ladder(slug="huge", title="Huge", pages=pages))
    assert told(engine, search(engine, "word00001")) == ["huge/page:huge"]
    assert search(engine, "word59999") == ()
    assert told(engine, search(engine, "end")) == ["huge/page:odd"]
