"""The page of errors and warnings: in plain words, each with a link to the field where it can be corrected."""

import re
from typing import Final

import pytest

from app.rubric.rules.findings import SEVERITIES
from app.web.layout.authoring.finding_words import finding_words
from tests.api.drafting import write_draft
from tests.api.publishing import BASE
from tests.api.serving import NOW, Api
from tests.rubric.drafts import draft
from tests.web.authors import author, words

DRAFT: Final = "/ladders/acme@draft"
PAGE: Final = f"{DRAFT}/findings"
WRONG: Final = {
    "/expectations/0/step": "guru",
    "/levels/1/years_from": 5,
    "/levels/1/years_to": 2,
    "/competencies/0/title": " ",
    "/tracks/0/extends": "ic",
    "/faqs/0/about": ["level:l5", "level:l5"],
    "/expectations/-": {"level": "l99", "competency": "quality", "summary": "Lost."},
}


def test_every_finding_has_words_without_code() -> None:
    for code in SEVERITIES:
        said = finding_words(code)
        assert said != code
        assert re.fullmatch(r"[A-Z][^`{}\[\]]+\.", said), said
    assert finding_words("new-rule") == "new-rule"


@pytest.fixture
def api(empty_api: Api) -> Api:
    empty_api.publish(BASE, "1.0.0", NOW)
    write_draft(empty_api, draft(WRONG))
    return empty_api


def test_findings_are_in_plain_words_and_lead_to_their_fields(api: Api) -> None:
    ada = author(api, "Ada", "write")
    page = ada.get(PAGE)
    seen = words(page.text)
    for said, path in (
        ("This names a step that is not in its scale.", "/levels/l4/in/quality/edit#step"),
        ("The years end before they begin", "/levels/l5/edit#years_to"),
        ("A title or line is empty.", "/competencies/quality/edit#title"),
        ("Tracks build on one another in a circle.", "/tracks/ic/edit#extends"),
        ("This names the same topic twice.", "/faqs/how-long/edit#about.1"),
        ("This names a level that does not exist.", "/edit"),
    ):
        assert said in seen
        assert f'<a href="{DRAFT}{path}">Correct it</a>' in page.text, path
    for url in re.findall(rf'<a href="({DRAFT}[^"]*/edit[^"]*)">Correct it</a>', page.text):
        path, _, fragment = url.partition("#")
        form = ada.get(path)
        assert form.status_code == 200, path
        if fragment in {"extends", "about.1"}:
            continue  # these forms have no such field: the link leads to the form as a whole
        assert not fragment or f'id="{fragment.partition(".")[0]}' in form.text, url


def test_who_may_not_edit_finds_no_link_to_a_form(api: Api) -> None:
    page = author(api, "Rev", "review").get(PAGE).text
    assert "This names a level that does not exist." in words(page)
    assert "Correct it" not in page


def test_many_findings_come_in_pages(empty_api: Api) -> None:
    empty_api.publish(BASE, "1.0.0", NOW)
    lost = [{"level": f"gone-{n}", "competency": "quality", "summary": "Lost."} for n in range(200)]
    write_draft(empty_api, draft({"/expectations": lost}))
    ada = author(empty_api, "Ada", "write")
    first = ada.get(PAGE).text
    assert first.count("This names a level that does not exist.") == 80
    assert len(first) < 90_000
    last = ada.get(f"{PAGE}?skip=160").text
    assert "This names a level that does not exist." in last
    assert 'rel="next"' not in last
    assert f'href="{PAGE}?skip=80"' in first
