"""The outline of a draft: add, move, rename, and the marks of what changed."""

import re
from typing import Final

import pytest

from app.api.reading.draft_etags import content_part, entity_tag
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from tests.api.drafting import write_draft
from tests.api.serving import NOW, Api
from tests.rubric.drafts import draft
from tests.web.editing.authors import DRAFT, author, content, opened
from tests.web.page_forms import PageForm, forms_in
from tests.web.signing import Browser

OUTLINE: Final = f"{DRAFT}/edit"


def list_form(browser: Browser, name: str, path: str = OUTLINE) -> PageForm:
    """Return the form that moves the entities of a list."""
    page = browser.get(path)
    assert page.status_code == 200, page.text
    return next(
        form for form in forms_in(page.text) if form.fields.get("list") == name and "order" in form.fields
    )


def add_form(browser: Browser, name: str, path: str = OUTLINE) -> PageForm:
    forms = forms_in(browser.get(path).text)
    return next(form for form in forms if form.name == "inline add" and form.fields["list"] == name)


@pytest.mark.parametrize(
    ("name", "title", "at", "found"),
    [
        ("levels-of-ic", "Staff engineer", "/levels/staff-engineer", {"track": "ic"}),
        ("competencies", "System design!", "/competencies/system-design", {}),
        ("facets-of-quality", "Größe", "/facets/grosse", {"competency": "quality"}),
        ("tracks", "Management", "/tracks/management", {}),
        ("scales", "Depth", "/scales/depth-2", {}),
        ("faqs", "How high?", "/faqs/how-high", {"answer": ""}),
        ("tips", "道", "/tips/dao", {"text": ""}),
        ("pages", "***", "/pages/page", {"text": ""}),
    ],
)
def test_a_part_is_added_by_its_name_and_opens(
    acme: Api, name: str, title: str, at: str, found: dict[str, str]
) -> None:
    ada = author(acme)
    form = add_form(ada, name, f"{OUTLINE}?list={name}" if name.startswith("facets") else OUTLINE)
    answer = ada.post(form.action, form.fields | {f"name-{name}": f" {title} ", "do": "add"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{DRAFT}{at}/edit")
    assert ada.get(answer.headers["location"]).status_code == 200
    _, collection, slug = at.split("/")
    added = getattr(content(acme), collection)[-1]
    assert (added.slug, getattr(added, "title", None) or added.question) == (slug, title)
    assert {key: getattr(added, key) for key in found} == found


def test_a_part_without_a_name_is_refused_at_its_field(acme: Api) -> None:
    ada = author(acme)
    form = add_form(ada, "levels-of-ic")
    page = ada.post(form.action, form.fields | {"name-levels-of-ic": " ", "do": "add"})
    assert page.status_code == 422
    assert '<a href="#name-levels-of-ic">Write a name.</a>' in page.text
    assert content(acme) == draft()


def test_a_new_level_of_a_track_with_heights_is_the_highest(empty_api: Api) -> None:
    empty_api.publish(draft({"/levels/0/rank": 4, "/levels/1/rank": 5}), "1.0.0", NOW)
    ada = author(empty_api)
    form = add_form(ada, "levels-of-ic")
    ada.post(form.action, form.fields | {"name-levels-of-ic": "Staff", "do": "add"})
    assert content(empty_api).levels[-1].rank == 6


def slugs(ladder: Ladder, collection: str) -> list[str]:
    return [one.slug for one in getattr(ladder, collection)]


def test_parts_move_up_and_down_in_their_list(acme: Api) -> None:
    ada = author(acme)
    form = list_form(ada, "competencies")
    moved = ada.post(form.action, form.fields | {"down": "quality"})
    assert (moved.status_code, moved.headers["location"]) == (303, f"{OUTLINE}#competencies")
    assert slugs(content(acme), "competencies") == ["delivery", "quality"]
    form = list_form(ada, "competencies")
    ada.post(form.action, form.fields | {"up": "quality"})
    assert slugs(content(acme), "competencies") == ["quality", "delivery"]
    for end in ({"up": "quality"}, {"down": "delivery"}, {"up": "nothing"}):
        form = list_form(ada, "competencies")
        assert ada.post(form.action, form.fields | end).status_code == 303
    assert content(acme) == draft()


def test_levels_with_heights_exchange_them_when_they_move(empty_api: Api) -> None:
    empty_api.publish(draft({"/levels/0/rank": 4, "/levels/1/rank": 6}), "1.0.0", NOW)
    ada = author(empty_api)
    form = list_form(ada, "levels-of-ic")
    ada.post(form.action, form.fields | {"up": "l5"})
    ladder = content(empty_api)
    assert [(level.slug, level.rank) for level in ladder.levels] == [("l5", 4), ("l4", 6)]
    assert re.findall(r'id="level:(\w+)"', ada.get(OUTLINE).text) == ["l5", "l4"]


def test_a_list_in_another_order_than_shown_is_not_changed(acme: Api) -> None:
    ada, bob = author(acme), author(acme, "Bob")
    form = list_form(ada, "competencies")
    ada.post(form.action, form.fields | {"down": "quality"})
    page = bob.post(
        form.action, list_form(bob, "competencies").fields | {"order": form.fields["order"], "up": "quality"}
    )
    assert page.status_code == 412
    assert "Somebody else has changed this list." in page.text
    assert slugs(content(acme), "competencies") == ["delivery", "quality"]


def test_a_part_is_renamed_in_place(acme: Api) -> None:
    ada = author(acme)
    path = f"{OUTLINE}?rename=level:l5"
    assert (
        f'<a href="{OUTLINE}?rename=level:l5#rename" aria-label="Rename Senior engineer">'
        in ada.get(OUTLINE).text
    )
    form = opened(ada, path, "inline rename")
    assert form.fields["name"] == "Senior engineer"
    answer = ada.post(form.action, form.fields | {"name": "Expert engineer"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{OUTLINE}#levels-of-ic")
    level = Index.of(content(acme)).levels["l5"]
    assert (level.title, level.formerly) == ("Expert engineer", ())
    again = ada.post(form.action, form.fields | {"name": "Third"})
    assert (again.status_code, "Somebody else has changed" in again.text) == (412, True)
    form = opened(ada, f"{OUTLINE}?rename=faq:how-long", "inline rename")
    assert ada.post(form.action, form.fields | {"name": " "}).status_code == 422
    assert ada.post(form.action, form.fields | {"name": "How?"}).status_code == 303
    assert content(acme).faqs[0].question == "How?"


def test_new_changed_and_wrong_parts_are_marked(acme: Api) -> None:
    write_draft(
        acme,
        draft(
            {
                "/levels/-": {"slug": "l6", "track": "ic", "title": "Staff"},
                "/expectations/0/step": "guru",
                "/faqs/0/answer": "Longer.",
            }
        ),
    )
    page = author(acme).get(OUTLINE).text

    def row(target: str) -> str:
        return page.partition(f'id="{target}"')[2].partition("</li>")[0]

    assert '<span class="tag">new</span>' in row("level:l6")
    assert '<span class="tag">changed</span>' in row("level:l4")
    assert f'<a class="tag error" href="{DRAFT}/findings">1 problem</a>' in row("level:l4")
    assert '<span class="tag">changed</span>' in row("faq:how-long")
    assert "tag" not in row("level:l5")


def test_a_large_list_has_a_page_of_its_own_in_parts(empty_api: Api) -> None:
    levels = [{"slug": f"r{number}", "track": "ic", "title": f"Role {number}"} for number in range(700)]
    write_draft(empty_api, draft({"/levels": levels, "/expectations": [], "/faqs": []}))
    ada = author(empty_api)
    page = ada.get(OUTLINE).text
    assert f'<a href="{OUTLINE}?list=levels-of-ic" dir="auto">Levels: Individual contributor</a>' in page
    part = ada.get(f"{OUTLINE}?list=levels-of-ic&from=60")
    assert "61 to 120 of 700" in part.text
    assert len(part.content) < 60_000
    form = list_form(ada, "levels-of-ic", f"{OUTLINE}?list=levels-of-ic&from=60")
    moved = ada.post(form.action, form.fields | {"up": "r60"})
    assert moved.headers["location"] == f"{OUTLINE}?from=60&list=levels-of-ic#levels-of-ic"
    assert [one.slug for one in content(empty_api).levels[59:61]] == ["r60", "r59"]


@pytest.mark.parametrize("target", ["expectation:l4--quality", "ladder:acme", "statement:x"])
def test_only_parts_of_the_outline_have_a_form_for_another_name(acme: Api, target: str) -> None:
    ada = author(acme)
    page = ada.get(f"{OUTLINE}?rename={target}")
    assert page.status_code == 200
    assert 'id="rename"' not in page.text
    form = add_form(ada, "faqs")
    node = Index.of(draft()).find_target(target)
    tag = (
        "" if node is None or node.owner is None else content_part(entity_tag(Index.of(draft()), node, None))
    )
    answer = ada.post(form.action, form.fields | {"rename": target, "name": "New", "tag": tag})
    assert answer.status_code == 412
    assert content(acme) == draft()
