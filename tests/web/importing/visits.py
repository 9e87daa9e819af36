"""Visitors of the pages that bring a ladder in, and the files that they upload."""

import re
from html import unescape
from typing import Final
from uuid import uuid4

from httpx2 import Response

from app.formats.sheets.csv_writer import write_csv
from tests.api.serving import Api
from tests.web.signing import Browser, key_of

SHEET: Final = write_csv(
    ("Category", "Competency", "L1 Junior", "L2 Senior", "Comments"),
    (
        ("Craft", "Coding", "• Writes tests\n• Asks early", "• Reviews others", "Anna: talk in May"),
        ("Team", "Mentoring", "n/a", "• Helps others to decide", ""),
    ),
)
"""A spreadsheet as people have them."""


def visitor(api: Api, owner: str, *scopes: str, ladders: tuple[str, ...] | None = None) -> Browser:
    """Return a browser in which somebody with a new key is signed in."""
    browser = Browser(api)
    assert browser.sign_in(key_of(api.key(owner, *scopes, ladders=ladders))).status_code == 303
    return browser


def form_in(text: str, action: str) -> dict[str, str]:
    """Return the hidden fields, texts and chosen options of the form with that action; "" for the page's own URL."""
    attribute = f' action="{re.escape(action)}"' if action else ""
    found = re.search(
        rf'<form class="edit flat" method="post"[^>]*?{attribute}>(.*?)</form>', text, re.DOTALL
    )
    assert found is not None, text
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]+>", found[1]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is not None and value is not None:
            fields[name[1]] = unescape(value[1])
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', found[1], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]* selected>', options)
        fields[name] = chosen[1] if chosen else unescape(re.findall(r"<option[^>]*>([^<]*)<", options)[0])
    return fields


def upload(browser: Browser, path: str, file: str, data: bytes, token: str, **headers: str) -> Response:
    """Send a file as the form at that path does."""
    boundary = uuid4().hex
    body = (
        f'--{boundary}\r\ncontent-disposition: form-data; name="token"\r\n\r\n{token}\r\n--{boundary}\r\n'
        f'content-disposition: form-data; name="file"; filename="{file}"\r\n\r\n'
    ).encode()
    body += data + f"\r\n--{boundary}--\r\n".encode()
    return browser.post_body(path, body, f"multipart/form-data; boundary={boundary}", **headers)


def uploaded(browser: Browser, path: str, file: str, data: bytes) -> str:
    """Open the form at that path, upload a file, and return the path of the page that asks to confirm it."""
    token = form_in(browser.get(path).text, path)["token"]
    answer = upload(browser, path, file, data, token)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def words(text: str) -> str:
    """Return the words of a page's content, without markup."""
    content = text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", content)).split())
