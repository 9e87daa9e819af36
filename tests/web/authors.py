"""People who sign in to the pages for authors, and the forms there."""

import re
from dataclasses import dataclass
from html import unescape

from httpx2 import Response

from tests.api.serving import Api
from tests.web.signing import Browser, key_of

_HIDDEN = re.compile(r'<input type="hidden" name="([\w.]+)" value="([^"]*)">')


@dataclass
class Author(Browser):
    """A person with a browser and rights."""

    def fill(self, page: str, fields: dict[str, str], **headers: str) -> Response:
        """Open a page and send a form to it: its token, and these fields."""
        return self.post(page, {**tokens(self.get(page).text), **fields}, **headers)


def author(api: Api, name: str, *scopes: str, ladders: tuple[str, ...] | None = None) -> Author:
    """Sign somebody in."""
    browser = Author(api)
    assert browser.sign_in(key_of(api.key(name, *scopes, ladders=ladders))).status_code == 303
    return browser


def tokens(text: str) -> dict[str, str]:
    """Return the hidden fields that every form of a page has."""
    found = hidden(text.partition("<main")[2])
    return {name: found[name] for name in ("token", "session") if name in found}


def hidden(text: str) -> dict[str, str]:
    """Return all hidden fields of a page or of a part of it, the last of each name."""
    return {name: unescape(value) for name, value in _HIDDEN.findall(text)}


def words(text: str) -> str:
    """Return the text of a page's main part, with single spaces."""
    main = re.sub(
        r"<head>.*?</head>|<(script|style).*?</\1>", " ", text.partition("<main")[2], flags=re.DOTALL
    )
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", "<" + main)).split())
