"""The signing keys of an OpenID Connect issuer: looked up in the background, kept while it does not answer.

A request waits for the issuer only where its token names a key that is not known: then all who wait share one look,
and there is none within some seconds of the last.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

import httpx
import jwt
import structlog

_PAUSE: Final = 600.0
"""Seconds between two looks in the background."""
_RETRY: Final = 10.0
"""Seconds after a look that failed."""
_SELDOM: Final = 5.0
"""Seconds between two looks for a key that is not known, at least."""
_PATIENCE: Final = 5.0
"""Seconds that a request waits for a look."""
_LARGEST: Final = 1024 * 1024
_SMALLEST_RSA: Final = 2048
"""Bits (RFC 7518, 3.3)."""
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

_log = structlog.get_logger("issuer")


class _IssuerError(Exception):
    """An unusable response of the issuer. The message contains none of it."""


class Issuer:
    """The signing keys of one issuer, by their ids."""

    def __init__(
        self, url: str, algorithms: frozenset[str], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._url = url
        self._algorithms = algorithms
        self._monotonic = monotonic
        self._keys: dict[object, jwt.PyJWK] = {}
        self._about: dict[str, Any] = {}
        self._looked: float | None = None
        self._looking: asyncio.Task[None] | None = None
        self.reason: str | None = "The issuer has not been reached yet."
        """Why its keys may be out of date."""

    def find(self, number: object) -> jwt.PyJWK | None:
        """Return the key with an id; a token without an id means the only key."""
        if number is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(number) if isinstance(number, str) else None

    def endpoint(self, name: str) -> str | None:
        """Return an address from the discovery document, such as `token_endpoint`; None if it is not a safe one."""
        place = self._about.get(name)
        return place if isinstance(place, str) and _safe(httpx.URL(place)) else None

    async def run(self) -> None:
        """Keep the keys fresh, until cancelled."""
        while True:
            await self._look_once()
            await asyncio.sleep(_PAUSE if self.reason is None else _RETRY)

    async def look_again(self) -> None:
        """Look now, unless that was done a moment ago; waits a few seconds at most."""
        lately = self._looked is not None and self._monotonic() - self._looked < _SELDOM
        if self._looking is None and lately:
            return
        try:
            await asyncio.wait_for(self._look_once(), _PATIENCE)
        except TimeoutError:
            return  # the request continues; `reason` and the keys show its result

    async def _look_once(self) -> None:
        """Fetch the keys, or wait for the fetch that is under way."""
        if self._looking is None:
            self._looked = self._monotonic()
            self._looking = asyncio.create_task(self._look())
        await asyncio.shield(self._looking)

    async def _look(self) -> None:
        try:
            self._keys = await asyncio.to_thread(self._fetch)
        except (_IssuerError, httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
            self._note(f"Its keys could not be read ({type(error).__name__}).")
        else:
            self._note(None)
        finally:
            self._looking = None

    def _note(self, reason: str | None) -> None:
        if reason is None and self.reason is not None:
            _log.info("issuer reached", keys=len(self._keys))
        elif reason is not None and reason != self.reason:
            _log.warning("issuer away", reason=reason)
        self.reason = reason

    def _fetch(self) -> dict[object, jwt.PyJWK]:
        """Discovery (OpenID Connect Discovery 1.0, 4), then the keys (RFC 7517)."""
        with httpx.Client(timeout=_PATIENCE, follow_redirects=False) as client:
            about = _json(client, f"{self._url.rstrip('/')}/.well-known/openid-configuration")
            if about.get("issuer") != self._url:
                raise _IssuerError("it names another issuer")
            place = about.get("jwks_uri")
            if not isinstance(place, str) or not _safe(httpx.URL(place)):
                raise _IssuerError("its keys are not at an https address")
            listed = _json(client, place).get("keys")
        self._about = about
        found = (self._key(one) for one in (listed if isinstance(listed, list) else ()))
        return {number: key for number, key in found if key is not None}

    def _key(self, data: object) -> tuple[object, jwt.PyJWK | None]:
        """Return the id and the key if its algorithm is accepted; None otherwise."""
        if not isinstance(data, dict) or data.get("use", "sig") != "sig" or data.get("kty") == "oct":
            return None, None
        try:
            key = jwt.PyJWK(data)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            return None, None  # of a sort that is not known here
        weak = data.get("kty") == "RSA" and key.key.key_size < _SMALLEST_RSA
        return data.get("kid"), None if weak or key.algorithm_name not in self._algorithms else key


def _json(client: httpx.Client, url: str) -> dict[str, Any]:
    with client.stream("GET", url, headers={"accept": "application/json"}) as answer:
        if answer.status_code != httpx.codes.OK:
            raise _IssuerError(f"it answers {answer.status_code}")
        body = b""
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > _LARGEST:
                raise _IssuerError("its answer is too large")
    found = httpx.Response(httpx.codes.OK, content=body).json()
    if not isinstance(found, dict):
        raise _IssuerError("its answer is no JSON object")
    return found


def _safe(url: httpx.URL) -> bool:
    return url.scheme == "https" or (url.scheme == "http" and url.host in _LOOPBACK)
