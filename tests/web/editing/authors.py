"""A small published ladder, and people who edit its draft in a browser."""

from typing import Any, Final

from app.rubric.ladder import Ladder
from app.serving.releases.loaded_releases import DRAFT as _DRAFT
from app.store.drafts import get_draft
from app.store.engine import reading
from tests.api.serving import NOW, Api
from tests.web.page_forms import PageForm, form_in
from tests.web.signing import Browser, key_of

DRAFT: Final = f"/ladders/acme@{_DRAFT}"


def author(api: Api, name: str = "Ada", *scopes: str, ladders: tuple[str, ...] | None = None) -> Browser:
    """Return the browser of somebody who has signed in, with the right to write unless others are given."""
    browser = Browser(api)
    assert browser.sign_in(key_of(api.key(name, *(scopes or ("write",)), ladders=ladders))).status_code == 303
    return browser


def content(api: Api, slug: str = "acme") -> Ladder:
    """Return the content of a draft as it is stored."""
    with reading(api.application.serving.engine) as connection:
        return get_draft(connection, slug, NOW).ladder


def opened(browser: Browser, path: str, name: str = "edit") -> PageForm:
    """Return the form of a page."""
    page = browser.get(path)
    assert page.status_code == 200, page.text
    return form_in(page.text, name)


def saved(browser: Browser, path: str, changes: dict[str, Any], name: str = "edit") -> str:
    """Change a form, save it, and return the page that it leads to."""
    form = opened(browser, path, name)
    answer = browser.post(form.action, form.fields | changes)
    assert answer.status_code == 303, answer.text
    page = browser.get(answer.headers["location"])
    assert page.status_code == 200, page.text
    return page.text
