"""The page that edits the ladder itself, with the words that it uses."""

from typing import Final

from app.rubric.ladder import Category, Licence, StatementKind
from tests.api.serving import Api
from tests.rubric.drafts import draft
from tests.web.editing.authors import DRAFT, author, content, opened, saved

ABOUT: Final = f"{DRAFT}/about/edit"


def test_the_ladder_itself_is_edited_with_its_words(acme: Api) -> None:
    ada = author(acme)
    assert f'<a href="{ABOUT}">About this ladder</a>' in ada.get(f"{DRAFT}/edit").text
    page = saved(
        ada,
        ABOUT,
        {
            "organisation": "Acme Ltd",
            "language": "de",
            "cumulative": "yes",
            "statement_kinds.0.title": "Nice to have",
            "statement_kinds.0.counts_as": "optional",
            "categories.0.title": "Craft",
            "licence_title": "CC BY 4.0",
        },
    )
    assert "Im Entwurf gespeichert." in page
    ladder = content(acme)
    assert (ladder.organisation, ladder.language, ladder.cumulative) == ("Acme Ltd", "de", "yes")
    assert ladder.statement_kinds == (
        StatementKind(slug="nice-to-have", title="Nice to have", counts_as="optional"),
    )
    assert ladder.categories == (Category(slug="craft", title="Craft"),)
    assert ladder.licence == Licence(title="CC BY 4.0")
    assert ladder.levels == draft().levels
    saved(ada, ABOUT, {"licence_title": "", "categories.0.title": "", "statement_kinds.0.title": "Extra"})
    ladder = content(acme)
    assert (ladder.licence, ladder.categories) == (None, ())
    assert ladder.statement_kinds[0].slug == "nice-to-have"


def test_a_licence_without_a_name_is_refused(acme: Api) -> None:
    ada = author(acme)
    form = opened(ada, ABOUT)
    page = ada.post(form.action, form.fields | {"licence_url": "https://example.org"})
    assert page.status_code == 422
    assert '<a href="#licence_title">' in page.text
    assert content(acme) == draft()


def test_the_form_of_the_ladder_that_is_sent_as_it_is_changes_nothing(acme: Api) -> None:
    saved(author(acme), ABOUT, {})
    assert content(acme) == draft()
