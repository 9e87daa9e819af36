"""The ladders that are published into an empty database: whole, consistent, and the same on every machine."""

from datetime import UTC, datetime
from typing import Final

import pytest

from app.rubric.canonical import canonical, content_sha256
from app.rubric.entities import walk
from app.rubric.rules import check
from tests.seed.bundles import FIRST, NETFLIX, SECOND, SEED, bundle, columns, files_of, kinds, ladder_of

_ALL: Final = (NETFLIX, FIRST, SECOND)


@pytest.mark.parametrize("name", _ALL)
def test_the_rules_find_nothing(name: str) -> None:
    assert check(ladder_of(name)) == ()


@pytest.mark.parametrize("name", _ALL)
def test_every_level_says_something_for_every_competency_and_facet_once(name: str) -> None:
    ladder = ladder_of(name)
    asked = [(cell.level, cell.competency, cell.facet) for cell in ladder.expectations]
    wanted = [(level.slug, *column) for level in ladder.levels for column in columns(ladder)]
    assert sorted(asked, key=str) == sorted(wanted, key=str)


@pytest.mark.parametrize("name", _ALL)
def test_every_expectation_has_a_summary(name: str) -> None:
    assert [cell for cell in ladder_of(name).expectations if not cell.summary] == []


@pytest.mark.parametrize("name", _ALL)
def test_every_level_and_every_facet_has_an_example(name: str) -> None:
    ladder = ladder_of(name)
    assert [level.slug for level in ladder.levels if not level.examples] == []
    assert [facet.slug for facet in ladder.facets if not facet.examples] == []


@pytest.mark.parametrize("name", _ALL)
def test_every_example_has_a_slug(name: str) -> None:
    examples = [node for node in walk(ladder_of(name)) if node.kind == "example"]
    assert [node.pointer for node in examples if node.uuid is None] == []


@pytest.mark.parametrize("name", _ALL)
def test_every_question_tip_and_page_names_what_it_speaks_of(name: str) -> None:
    ladder = ladder_of(name)
    about = {
        **{faq.slug: faq.about for faq in ladder.faqs},
        **{tip.slug: tip.about for tip in ladder.tips},
        **{page.slug: page.about for page in ladder.pages},
    }
    assert [slug for slug, targets in about.items() if not targets] == []


@pytest.mark.parametrize("name", _ALL)
def test_every_file_names_the_schema_that_editors_check_it_by(name: str) -> None:
    files = files_of(name)
    depth = {file: "../" * (len(file.relative_to(SEED).parts) - 1) for file in files}
    wanted = {file: f"# yaml-language-server: $schema={up}ladder.schema.json" for file, up in depth.items()}
    assert {file: file.read_text("utf-8").splitlines()[0] for file in files} == wanted


@pytest.mark.parametrize("name", _ALL)
def test_text_is_free_of_trailing_and_double_spaces(name: str) -> None:
    files = files_of(name)
    lines = [(file.name, line) for file in files for line in file.read_text("utf-8").splitlines()]
    assert [at for at in lines if at[1] != at[1].rstrip() or "  " in at[1].lstrip()] == []


@pytest.mark.parametrize(
    ("name", "version", "published_at", "effective_from"),
    [
        (NETFLIX, "1.0.0", datetime(2026, 1, 15, 9, tzinfo=UTC), datetime(2026, 1, 15, 9, tzinfo=UTC)),
        (FIRST, "1.0.0", datetime(2026, 2, 2, 9, tzinfo=UTC), datetime(2026, 2, 2, 9, tzinfo=UTC)),
        (SECOND, "1.1.0", datetime(2026, 6, 1, 9, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)),
    ],
)
def test_numbers_and_dates_are_fixed(
    name: str, version: str, published_at: datetime, effective_from: datetime
) -> None:
    release = bundle(name).release
    assert release is not None
    assert str(release.version) == version
    assert (release.published_at, release.effective_from) == (published_at, effective_from)
    assert release.notes


@pytest.mark.parametrize(
    ("name", "content_hash"),
    [
        (NETFLIX, "e92b0429371f7040eb3945f7f286ba6b8cca2b92f6daa494aee27f64000853d5"),
        (FIRST, "87f5d6c70f8188d7f9be39bc411b45847d25fbca38450843488a274964f80543"),
        (SECOND, "327739fc243006c01ccbc5b2e6bf062380e9909e327bb32b535bf8eca6170cfc"),
    ],
)
def test_published_content_never_changes(name: str, content_hash: str) -> None:
    assert content_sha256(canonical(ladder_of(name))) == content_hash


# netflix-engineering


def test_netflix_engineering_holds_one_level_whole() -> None:
    assert kinds(NETFLIX) == {
        "ladder": 1,
        "track": 1,
        "level": 1,
        "competency": 7,
        "facet": 24,
        "expectation": 31,
        "statement": 43,
        "example": 27,
        "faq": 6,
        "tip": 7,
        "page": 4,
    }


def test_netflix_engineering_says_whose_text_it_is_and_leaves_open_what_its_source_does() -> None:
    ladder = ladder_of(NETFLIX)
    assert ladder.cumulative == "unsaid"
    assert ladder.scales == ()
    assert ladder.attribution is not None
    assert "neither written nor approved" in ladder.attribution
    assert [source.url for source in ladder.sources] == [None]


def test_netflix_engineering_has_an_example_for_its_competency_without_facets() -> None:
    ladder = ladder_of(NETFLIX)
    divided = {facet.competency for facet in ladder.facets}
    whole = [competency for competency in ladder.competencies if competency.slug not in divided]
    assert [(competency.slug, len(competency.examples)) for competency in whole] == [
        ("senior-individual-contributor", 1)
    ]
