"""A browser for tests of signing in. It keeps cookies and sends the forms of pages."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Final
from urllib.parse import urlencode

from httpx2 import Response

from tests.api.serving import Api

HTML: Final = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "x-forwarded-proto": "https"}
"""The headers of a browser behind a proxy that ends TLS."""
OURS: Final = {"sec-fetch-site": "same-origin", "origin": "http://testserver"}
SESSION: Final = "__Host-ladder-session"
FORM: Final = "__Host-ladder-form"
_COOKIE: Final = re.compile(r"([^=;]+)=([^;]*); Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=(\d+)")


@dataclass
class Browser:
    """The browser of one visitor."""

    api: Api
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Response:
        """Open a page."""
        return self._taken(self.api.client.get(path, headers={**HTML, **self._sent}))

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Response:
        """Send a form as our pages do. `headers` replace or remove headers."""
        return self.post_body(
            path, urlencode(fields).encode(), "application/x-www-form-urlencoded", **headers
        )

    def post_body(self, path: str, body: bytes, content_type: str, **headers: str) -> Response:
        """Send a body as a form of our pages. `headers` replace or remove headers."""
        told = {**HTML, **self._sent, **OURS, "content-type": content_type}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        given = {name: value for name, value in told.items() if value}
        return self._taken(self.api.client.post(path, content=body, headers=given))

    def sign_in(self, key: str, path: str = "/sign-in", **headers: str) -> Response:
        """Open the sign-in page and send its form."""
        action, token = form_of(self.get(path).text, "sign-in")
        return self.post(action, {"token": token, "key": key}, **headers)

    def sign_out(self, **headers: str) -> Response:
        """Send the sign-out form of the start page."""
        action, token = form_of(self.get("/").text, "account")
        return self.post(action, {"token": token}, **headers)

    @property
    def _sent(self) -> dict[str, str]:
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"cookie": pairs} if pairs else {}

    def _taken(self, answer: Response) -> Response:
        for line in answer.headers.get_list("set-cookie"):
            found = _COOKIE.fullmatch(line)
            assert found is not None, line
            name, value, seconds = found.groups()
            if int(seconds):
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return answer


def form_of(text: str, name: str) -> tuple[str, str]:
    """Return the action of a form and its token."""
    found = re.search(
        rf'<form class="{name}" method="post" action="([^"]+)">.*?name="token" value="(\w+)"', text, re.DOTALL
    )
    assert found is not None, text
    return unescape(found[1]), found[2]


def key_of(header: dict[str, str]) -> str:
    """Return the key in a header."""
    return header["authorization"].removeprefix("Bearer ")
