"""The state of a sign-in at an OpenID Connect issuer: what the browser carries there and back, and who came back."""

import base64
import json
from dataclasses import asdict, dataclass
from typing import Final

from app.errors import BadRequest
from app.serving.callers import Caller

MAX_AGE: Final = 600
"""Seconds within which the browser must come back from the issuer."""
EXPIRED: Final = "This sign-in has expired or was begun in another browser. Start again."
_LONGEST: Final = 4_000


@dataclass(frozen=True, slots=True)
class Begun:
    """One sign-in that waits for the browser to come back."""

    state: str
    nonce: str
    verifier: str
    """The PKCE code verifier."""
    next_url: str
    """The page to go to afterwards."""

    def as_cookie(self) -> str:
        """Return the value of the cookie that carries it."""
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode().rstrip("=")

    @classmethod
    def of_cookie(cls, value: str) -> "Begun":
        """Return the sign-in that a cookie carries. Raises BadRequest if it carries none."""
        try:
            found = json.loads(base64.urlsafe_b64decode(value[:_LONGEST] + "=" * (-len(value) % 4)))
            begun = cls(*(found[name] for name in ("state", "nonce", "verifier", "next_url")))
        except (ValueError, KeyError, TypeError):
            raise BadRequest(EXPIRED) from None
        if not all(isinstance(part, str) and part for part in asdict(begun).values()):
            raise BadRequest(EXPIRED)
        return begun


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person, as the issuer describes them."""

    caller: Caller
    """The person with their rights. A bearer token of the same person gives the same name."""
    shown_name: str
    """The name to show."""
    email: str | None = None
    """The address that the issuer verified; None without one."""
