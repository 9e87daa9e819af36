"""An OpenID Connect issuer in a process of its own, and a person who signs in there."""

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx

HERE: Final = Path(__file__).parent / "issuer"
PUBLIC: Final = "https://ladders.example"
SETTINGS: Final = {
    "oidc_client_id": "pages",
    "oidc_client_secret": "not-a-secret-of-anybody",
    "oidc_audience": "career-ladder",
    "oidc_scopes_claim": "groups",
    "oidc_scopes": "editors=read+write+review admins=admin",
    "oidc_label": "Acme",
    "public_url": PUBLIC,
}
_MISSING: Final = "npm is missing. Debian, Ubuntu: apt install npm; elsewhere install Node.js."


@dataclass(frozen=True)
class Company:
    """A running issuer."""

    url: str

    def sign_in(self, authorize: str, name: str) -> str:
        """Sign a person in, from the address that our page sends to. Return the address that leads back."""
        with httpx.Client(timeout=30) as client:
            return self._walk(client, authorize, {"login": name, "password": "any"})

    def cancel(self, authorize: str) -> str:
        """Refuse to sign in. Return the address that leads back."""
        with httpx.Client(timeout=30) as client:
            answer = client.get(authorize)
            page = urljoin(authorize, answer.headers["location"])
            found = re.search(r'href="([^"]*/abort)"', client.get(page).text)
            assert found is not None
            return self._walk(client, urljoin(page, unescape(found[1])), {})

    def _walk(self, client: httpx.Client, url: str, person: dict[str, str]) -> str:
        """Follow redirects and send the forms of the issuer until it leads to our pages."""
        answer = client.get(url)
        while True:
            while answer.is_redirect:
                url = urljoin(url, answer.headers["location"])
                if not url.startswith(self.url):
                    return url
                answer = client.get(url)
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
            action = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
            assert prompt is not None, answer.text
            assert action is not None, answer.text
            url = urljoin(url, unescape(action[1]))
            answer = client.post(url, data={"prompt": prompt[1], **person})


@contextmanager
def company(folder: Path, public: str = PUBLIC) -> Iterator[Company]:
    """Run the issuer while the context lasts. Its packages are installed into a folder.

    `public` is the address of the pages that people come from and go back to.
    """
    assert shutil.which("npm"), _MISSING
    if not (folder / "node_modules").is_dir():
        for name in ("package.json", "package-lock.json", "issuer.mjs"):
            shutil.copy(HERE / name, folder / name)
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["node", "issuer.mjs", str(port), f"{public}/sign-in/callback", f"{public}/"]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout is not None
        assert any("listening" in line for line in process.stdout)
        yield Company(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.communicate(timeout=10)


def below(url: str) -> str:
    """Return the path and the query of an address of ours."""
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}" == PUBLIC, url
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
