"""The pages that edit one entity: what they show, save and refuse."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from app.rubric.canonical import canonical
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from tests.api.drafting import published, write_draft
from tests.api.serving import NOW, Api, serve
from tests.databases import SqliteDatabases
from tests.rubric.drafts import draft
from tests.web.editing.authors import DRAFT, author, content, opened, saved
from tests.web.page_forms import forms_in

_COLLECTIONS: Final = {
    "track": "tracks",
    "level": "levels",
    "competency": "competencies",
    "facet": "facets",
    "scale": "scales",
    "faq": "faqs",
    "tip": "tips",
    "page": "pages",
}
ODD: Final = draft(
    {
        "/levels/1/title": "Senior\nengineer  ",
        "/levels/1/summary": "",
        "/levels/1/scope": "\n\nTwo lines\nand  spaces ",
        "/levels/1/other_titles": ["Lead", "One\ntwo"],
        "/levels/1/attributes": [{"title": "Reach", "items": ["team\nand more", "unit"]}, {"title": "Empty"}],
        "/levels/1/years_from": 2.5,
        "/levels/1/examples": [{"text": "Kept."}],
        "/expectations/1/statements": [
            {"text": "First  line\nsecond", "kind": "growth", "examples": [{"text": "Such as this."}]},
            {"text": "Plain", "slug": "plain-one", "references": [{"title": "Book", "url": "/book"}]},
        ],
        "/competencies/0/proficiencies": [
            {"step": "novice", "title": "Beginner", "statements": [{"text": "Asks.", "kind": "core"}]}
        ],
        "/faqs/0/answer": "",
    }
)
"""A ladder with texts that browsers change, and with properties that have no field."""


@pytest.fixture
def odd(empty_api: Api) -> Api:
    empty_api.publish(ODD, "1.0.0", NOW)
    return empty_api


@pytest.fixture(scope="module")
def seeded(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    with sqlite_databases.fresh("seeded") as url, serve(url) as served:
        yield served


def edit_pages(ladder: Ladder, root: str) -> Iterator[str]:
    index = Index.of(ladder)
    for kind, collection in _COLLECTIONS.items():
        for node in index.of_kind(kind):
            yield f"{root}/{collection}/{node.address}/edit"
    for level, competency, facet in index.cells:
        place = competency if facet is None else f"{competency}--{facet}"
        yield f"{root}/levels/{level}/in/{place}/edit"


def sends_all_back(api: Api, ladder: Ladder, pages: list[str]) -> None:
    """Send each form as it is, and assert that nothing was written."""
    ada, slug = author(api), ladder.slug
    for path in pages:
        for form in forms_in(ada.get(path).text):
            if form.name.startswith("edit"):
                answer = ada.post(form.action, form.fields)
                assert answer.status_code == 303, (path, answer.text)
    assert canonical(content(api, slug)) == canonical(ladder)


def test_a_form_that_is_sent_as_it_is_changes_nothing(odd: Api) -> None:
    sends_all_back(odd, ODD, [*edit_pages(ODD, DRAFT)])


@pytest.mark.parametrize("slug", ["example-engineering", "netflix-engineering"])
def test_no_form_of_a_bundled_ladder_changes_anything_by_itself(seeded: Api, slug: str) -> None:
    ladder = published(seeded, slug)
    pages = [*edit_pages(ladder, f"/ladders/{slug}@draft")]
    sends_all_back(seeded, ladder, pages[:: max(1, len(pages) // 25)])


def test_a_level_is_edited_with_its_lists_and_numbers(acme: Api) -> None:
    page = saved(
        author(acme),
        f"{DRAFT}/levels/l5/edit",
        {
            "title": "Senior",
            "code": "L5",
            "summary": "Leads.\r\nWell.",
            "years_from": "2,5",
            "other_titles": "Lead\r\n\r\nPrincipal",
            "attributes.0.title": "Reach",
            "attributes.0.items": "team\r\nunit",
        },
    )
    assert "<b>Saved in the draft.</b>" in page
    level = Index.of(content(acme)).levels["l5"]
    assert level.model_dump(exclude_defaults=True) == {
        "slug": "l5",
        "track": "ic",
        "title": "Senior",
        "code": "L5",
        "summary": "Leads.\nWell.",
        "years_from": 2.5,
        "other_titles": ("Lead", "Principal"),
        "attributes": ({"title": "Reach", "items": ("team", "unit")},),
    }


def test_what_was_typed_stays_in_the_form_with_each_error_at_its_field(acme: Api) -> None:
    ada, path = author(acme), f"{DRAFT}/levels/l5/edit"
    form = opened(ada, path)
    changes = {"title": " ", "years_from": "many", "slug": "Not a slug", "summary": "<b>Kept</b>"}
    page = ada.post(form.action, form.fields | changes)
    assert page.status_code == 422
    assert '<div class="errors" role="alert"' in page.text
    assert '<li><a href="#title">Title: fill in this field.</a></li>' in page.text
    assert (
        '<a href="#years_from">Usual experience from, in years: use a number, such as 3 or 2.5.</a>'
        in page.text
    )
    assert 'id="years_from-error">Usual experience from' in page.text
    assert 'value="many" dir="auto" aria-describedby="years_from-error" aria-invalid="true"' in page.text
    assert "&lt;b&gt;Kept&lt;/b&gt;</textarea>" in page.text
    assert content(acme) == draft()
    page = ada.post(form.action, form.fields | {"slug": "Not a slug"})
    assert '<a href="#slug">Use a slug:' in page.text


def test_a_slug_that_another_entity_has_is_refused_at_its_field(acme: Api) -> None:
    ada = author(acme)
    form = opened(ada, f"{DRAFT}/levels/l5/edit")
    page = ada.post(form.action, form.fields | {"slug": "l4"})
    assert page.status_code == 409
    assert '<a href="#slug">Another level has the slug' in page.text


def test_a_new_name_in_web_addresses_leads_to_the_new_page_and_keeps_links(acme: Api) -> None:
    ada = author(acme)
    form = opened(ada, f"{DRAFT}/levels/l5/edit")
    answer = ada.post(form.action, form.fields | {"slug": "senior"})
    assert answer.headers["location"] == f"{DRAFT}/levels/senior/edit?saved"
    ladder = content(acme)
    assert ladder.levels[1].formerly == ("l5",)
    assert ladder.expectations[1].level == "senior"
    assert ladder.faqs[0].about == ("level:senior",)


def test_rows_move_and_grow_without_saving(acme: Api) -> None:
    ada, path = author(acme), f"{DRAFT}/scales/depth/edit"
    form = opened(ada, path)
    page = ada.post(form.action, form.fields | {"do": "down:steps.0", "title": "Typed"})
    moved = forms_in(page.text)[-1].fields
    assert (moved["steps.0.title"], moved["steps.1.title"], moved["title"]) == ("Expert", "Novice", "Typed")
    assert content(acme) == draft()
    page = ada.post(form.action, moved | {"do": "more:steps"})
    assert 'name="steps.8.title"' in page.text
    answer = ada.post(form.action, moved | {"steps.2.title": "Guru!"})
    assert answer.status_code == 303
    assert [step.slug for step in content(acme).scales[0].steps] == ["expert", "novice", "guru"]


def test_a_step_that_is_removed_in_the_form_is_gone_after_saving(acme: Api) -> None:
    ada = author(acme)
    form = opened(ada, f"{DRAFT}/scales/depth/edit")
    page = ada.post(form.action, form.fields | {"do": "drop:steps.0"})
    ada.post(form.action, forms_in(page.text)[-1].fields)
    assert [step.slug for step in content(acme).scales[0].steps] == ["expert"]


@pytest.mark.parametrize(
    ("path", "changes", "found"),
    [
        ("tracks/ic", {"summary": "S", "ordered": "false"}, {"summary": "S", "ordered": False}),
        ("facets/pace", {"competency": "quality", "description": "D"}, {"competency": "quality"}),
        ("faqs/how-long", {"question": "Q?", "answer": ""}, {"question": "Q?", "answer": ""}),
        ("competencies/quality", {"category": "Craft", "scale": ""}, {"category": "Craft", "scale": None}),
    ],
)
def test_every_kind_has_a_form(acme: Api, path: str, changes: dict[str, str], found: dict[str, Any]) -> None:
    saved(author(acme), f"{DRAFT}/{path}/edit", changes)
    collection, _, slug = path.partition("/")
    (entity,) = (one for one in getattr(content(acme), collection) if one.slug == slug)
    assert {name: getattr(entity, name) for name in found} == found


def test_a_question_is_about_what_its_form_names(acme: Api) -> None:
    ada, path = author(acme), f"{DRAFT}/faqs/how-long/edit"
    form = opened(ada, path)
    assert form.fields["about.0.name"] == "Senior engineer"
    saved(ada, path, {"about.1.name": " quality "})
    assert content(acme).faqs[0].about == ("level:l5", "competency:quality")
    page = ada.post(form.action, opened(ada, path).fields | {"about.2.name": "Nothing"})
    assert page.status_code == 422
    assert '<a href="#about.2.name">The draft has nothing with this name.' in page.text
    saved(ada, path, {"about.0.name": "", "about.1.name": ""})
    assert content(acme).faqs[0].about == ()


def test_a_choice_that_the_form_does_not_offer_is_refused(acme: Api) -> None:
    ada = author(acme)
    form = opened(ada, f"{DRAFT}/tracks/ic/edit")
    page = ada.post(form.action, form.fields | {"ordered": "perhaps"})
    assert (page.status_code, "choose one of the options." in page.text) == (422, True)


def test_findings_stand_on_the_form_of_their_entity(acme: Api) -> None:
    write_draft(acme, draft({"/expectations/0/step": "guru"}))
    page = author(acme).get(f"{DRAFT}/levels/l4/in/quality/edit").text
    assert "guru" in page
    assert '<span class="tag error">error</span>' in page


def test_an_entity_that_is_not_there_is_not_found_and_a_renamed_one_redirects(acme: Api) -> None:
    ada = author(acme)
    saved(ada, f"{DRAFT}/levels/l5/edit", {"code": "L5"})
    form = opened(ada, f"{DRAFT}/levels/l5/edit")
    ada.post(form.action, form.fields | {"slug": "senior"})
    assert ada.get(f"{DRAFT}/levels/nobody/edit").status_code == 404
    assert ada.get(f"{DRAFT}/levels/l4/in/nothing/edit").status_code == 404
    assert ada.get(f"{DRAFT}/levels/l4/in/quality--pace/edit").status_code == 404
    assert ada.post(f"{DRAFT}/levels/nobody/edit", form.fields).status_code == 404


def test_pages_link_to_the_form_for_those_who_may_edit(acme: Api) -> None:
    ada, reader = author(acme), author(acme, "Rea", "read")
    for below, edit in (("", "/edit"), ("/levels/l5", "/levels/l5/edit"), ("/matrix", "/edit")):
        link = f'<a href="{DRAFT}{edit}">Edit</a>'
        assert link in ada.get(f"/ladders/acme{below}").text
        assert link not in reader.get(f"/ladders/acme{below}").text
        assert link not in acme.client.get(f"/ladders/acme{below}").text
