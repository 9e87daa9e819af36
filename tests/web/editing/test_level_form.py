"""The page that edits a level: what it shows, saves and refuses."""

import pytest

from tests.api.serving import Api
from tests.web.editing.authors import DRAFT, author
from tests.web.page_forms import form_in


@pytest.mark.usefixtures("acme")
def test_a_level_that_is_saved_unchanged_stays_exactly_as_it_is(acme: Api) -> None:
    ada = author(acme)
    form = form_in(ada.get(f"{DRAFT}/levels/l5/edit").text)
    saved = ada.post(form.action, form.fields)
    assert (saved.status_code, saved.headers["location"]) == (303, f"{DRAFT}/levels/l5/edit?saved")
