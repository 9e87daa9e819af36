"""Signing in at an OpenID Connect issuer: the authorization code flow with PKCE (RFC 6749, RFC 7636), for the pages.

The browser carries what belongs to one sign-in in a cookie of ten minutes. The issuer's tokens are used once, here,
and stored nowhere.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from app.errors import BadRequest, Forbidden, Unauthenticated, Unavailable
from app.rubric.people import clean_name
from app.serving.access.oidc_keys import Issuer
from app.serving.access.oidc_tokens import Tokens, verified_email
from app.serving.access.session_cookie import new_token
from app.serving.access.sign_in_state import EXPIRED, Begun, SignedIn
from app.settings import Settings

_SCOPE: Final = "openid profile email"
_PATIENCE: Final = 10.0
_LONGEST_SHOWN: Final = 100
"""Most characters of the name to show."""

_log = structlog.get_logger("sign-in")


class SignIn:
    """Signs people in at the configured issuer."""

    def __init__(self, settings: Settings, issuer: Issuer, tokens: Tokens) -> None:
        self._settings = settings
        self._issuer = issuer
        self._tokens = tokens
        self.label = settings.oidc_label

    @property
    def _callback(self) -> str:
        return self._settings.absolute(f"{self._settings.root_path}/sign-in/callback")

    async def begin(self, next_url: str) -> tuple[str, Begun]:
        """Return the URL at the issuer to send the browser to, and the sign-in to keep in its cookie.

        Raises Unavailable if the issuer cannot be reached.
        """
        begun = Begun(new_token(), new_token(), new_token() + new_token(), next_url)
        place = await self._endpoint("authorization_endpoint")
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                place, state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
            )
        return url, begun

    async def finish(self, begun: Begun, answer: Mapping[str, str]) -> SignedIn:
        """Return the person that the issuer signed in.

        Args:
            begun: The sign-in that the browser's cookie carries.
            answer: The query parameters with which the issuer sent the browser back.

        Raises:
            BadRequest: The answer does not belong to this sign-in.
            Forbidden: The issuer or the person refused.
            Unauthenticated: The issuer's token does not hold.
            Unavailable: The issuer cannot be reached.
        """
        if answer.get("state") != begun.state:
            raise BadRequest(EXPIRED)
        if answer.get("iss", self._settings.oidc_issuer) != self._settings.oidc_issuer:  # RFC 9207
            raise BadRequest("This answer is of another issuer. Start again.")
        if "error" in answer or "code" not in answer:
            raise Forbidden(f"{self.label} did not sign you in. Try again, or ask an administrator.")
        token = await self._token(begun, answer["code"])
        claims = await self._tokens.identity(token, self._settings.oidc_client_id, begun.nonce)
        caller = self._tokens.caller_with(claims)
        return SignedIn(caller, _shown_name(claims, caller.name), verified_email(claims))

    async def end_url(self) -> str | None:
        """Return the URL that ends the session at the issuer; None if it offers none.

        OpenID Connect RP-Initiated Logout 1.0. The person comes back to the start page.
        """
        try:
            place = await self._endpoint("end_session_endpoint")
        except Unavailable:
            return None
        asked = {
            "client_id": self._settings.oidc_client_id,
            "post_logout_redirect_uri": self._settings.absolute(f"{self._settings.root_path}/"),
        }
        return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"

    def _client(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            client_id=self._settings.oidc_client_id,
            client_secret=self._settings.client_secret or None,
            token_endpoint_auth_method="client_secret_basic" if self._settings.client_secret else "none",
            scope=_SCOPE,
            redirect_uri=self._callback,
            code_challenge_method="S256",
            timeout=_PATIENCE,
            follow_redirects=False,
        )

    async def _token(self, begun: Begun, code: str) -> str:
        """Return the ID token for a code."""
        place = await self._endpoint("token_endpoint")
        try:
            async with self._client() as client:
                answer: Mapping[str, Any] = await client.fetch_token(
                    place, grant_type="authorization_code", code=code, code_verifier=begun.verifier
                )
        except (httpx.HTTPError, ValueError) as error:
            _log.warning("token not fetched", error=type(error).__name__)
            raise Unavailable(f"{self.label} cannot be reached. Try again.", retry_after=5) from None
        except AuthlibBaseError as error:
            _log.warning("token refused", error=error.error)
            raise BadRequest(EXPIRED) from None
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise Unauthenticated(f"{self.label} sent no identity.", refused=True)
        return token

    async def _endpoint(self, name: str) -> str:
        """Return an address of the issuer. Raises Unavailable if the issuer does not name it or is away."""
        if self._issuer.endpoint(name) is None:
            await self._issuer.look_again()
        found = self._issuer.endpoint(name)
        if found is None:
            raise Unavailable(f"{self.label} cannot be reached. Try again.", retry_after=5)
        return found


def _shown_name(claims: Mapping[str, Any], name: str) -> str:
    """Return the name to show: the claim `name`, else the email address, else the identity."""
    for claim in ("name", "preferred_username", "email"):
        value = claims.get(claim)
        if isinstance(value, str) and (shown := clean_name(value[:_LONGEST_SHOWN])):
            return shown
    return name
