"""A real issuer of tokens on the loopback, with real keys. It can rotate keys and go away."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from tests.api.serving import NOW

AUDIENCE: Final = "career-ladder"
_RSA: Final = rsa.generate_private_key(65537, 2048)
_OTHER_RSA: Final = rsa.generate_private_key(65537, 2048)
WEAK_RSA: Final = rsa.generate_private_key(65537, 1024)  # noqa: S505 - to be refused
_EC: Final = ec.generate_private_key(ec.SECP256R1())
KEYS: Final[dict[str, PrivateKeyTypes]] = {
    "first": _RSA,
    "second": _OTHER_RSA,
    "curve": _EC,
    "weak": WEAK_RSA,
}
"""Private keys by the ids that the tests give them."""


@dataclass
class Issuer:
    """A running issuer: the documents that it serves, and the number of requests for its key set."""

    server: ThreadingHTTPServer
    published: list[str] = field(default_factory=lambda: ["first", "curve"])
    """Ids of the keys in its key set."""
    asked: int = 0
    """The number of times that the key set was fetched."""
    broken: bool = False
    """True if it answers 503 to everything."""
    says: dict[str, Any] = field(default_factory=dict)
    """Other values of its discovery document."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def claims(self, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any claim
        """The claims of a good token; None takes one away."""
        now = int(NOW.timestamp())
        good = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "ada",
            "iat": now,
            "exp": now + 300,
            "scope": "openid ladder.write",
        }
        return {name: value for name, value in {**good, **changed}.items() if value is not None}

    def token(self, key: str = "first", algorithm: str | None = None, **changed: Any) -> str:  # noqa: ANN401 - any claim
        """A token, signed with one of its keys, whether it is published or not."""
        chosen = algorithm or ("ES256" if key == "curve" else "RS256")
        return jwt.encode(self.claims(**changed), KEYS[key], chosen, headers={"kid": key})  # type: ignore[arg-type]  # one of these

    def bearer(self, *args: str, **changed: Any) -> dict[str, str]:  # noqa: ANN401 - any claim
        """The header of a token."""
        return {"authorization": f"Bearer {self.token(*args, **changed)}"}


def jwk(number: str) -> dict[str, Any]:
    """The public half of a key (RFC 7517)."""
    key = KEYS[number]
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": number, "use": "sig"}
    assert isinstance(key, rsa.RSAPrivateKey)
    return {
        **RSAAlgorithm.to_jwk(key.public_key(), as_dict=True),
        "kid": number,
        "use": "sig",
        "alg": "RS256",
    }


def public_pem(number: str) -> bytes:
    """The public half of a key, as text that anybody may have."""
    key = KEYS[number]
    assert isinstance(key, rsa.RSAPrivateKey)
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def private_pem(number: str) -> bytes:
    """The private half."""
    key = KEYS[number]
    assert isinstance(key, rsa.RSAPrivateKey)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def unsigned(claims: dict[str, Any], header: dict[str, Any], signature: bytes = b"") -> str:
    """A token put together by hand, which no library would make."""
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


@contextmanager
def issuing() -> Iterator[Issuer]:
    """An issuer that answers on a port of the loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.issuer = Issuer(server)  # type: ignore[attr-defined]  # for its handlers
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.issuer  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        issuer: Issuer = self.server.issuer  # type: ignore[attr-defined]
        if issuer.broken:
            self._send(503, {})
        elif self.path == "/.well-known/openid-configuration":
            self._send(200, {"issuer": issuer.url, "jwks_uri": f"{issuer.url}/keys", **issuer.says})
        elif self.path == "/keys":
            issuer.asked += 1
            odd = [{"kty": "oct", "k": "c2VjcmV0", "kid": "shared"}, {"kty": "new", "kid": "odd"}, "none"]
            self._send(200, {"keys": [*odd, *map(jwk, issuer.published)]})
        else:
            self._send(404, {})

    def _send(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
