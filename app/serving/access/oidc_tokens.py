"""Bearer tokens of an OpenID Connect issuer (RFC 9068, OpenID Connect Core): from a token to a caller.

Only asymmetric algorithms that the settings pin are taken, and a key only for the algorithm that it is of. Times are
compared with the application's own clock.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import jwt
from jwt.types import Options

from app.errors import Unauthenticated, Unavailable
from app.rubric.people import Account, clean_name, is_subject
from app.serving.access.oidc_keys import Issuer
from app.serving.callers import Caller, Grant, NoGroups, person
from app.settings import Settings

_OPTIONS: Final[Options] = {
    "require": ["exp", "iss", "aud"],
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
}
"""Times are checked here, by our clock."""


class Tokens:
    """Reads the tokens of one issuer."""

    def __init__(self, settings: Settings, issuer: Issuer, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._issuer = issuer
        self._clock = clock
        self._algorithms = settings.oidc_algorithms.split(",")
        self._grants = grants(settings.oidc_scopes)

    async def caller_of(self, token: str) -> Caller:
        """Return the caller that a token belongs to.

        Raises:
            Unauthenticated: The token is not valid. The detail says why, but quotes nothing from the token.
            Unavailable: The key of the token is not known, and the issuer does not answer.
        """
        return self.caller_with(await self._claims(token, self._settings.oidc_audience))

    async def identity(self, token: str, client: str, nonce: str) -> Mapping[str, Any]:
        """Return the claims of an ID token (OpenID Connect Core, 3.1.3.7).

        Args:
            token: The ID token.
            client: The client that it must be for.
            nonce: The nonce that it must have.

        Raises the same errors as `caller_of`.
        """
        claims = await self._claims(token, client)
        if claims.get("nonce") != nonce:
            raise _wrong("its nonce is of another sign-in")
        if claims.get("azp", client) != client:
            raise _wrong("it was issued to another client")
        return claims

    def caller_with(self, claims: Mapping[str, Any]) -> Caller:
        """Return the caller that claims describe. Raises Unauthenticated if they hold no name."""
        granted = self._granted(claims)
        account = account_in(claims)
        return person(self.name_in(claims), granted, account, None if granted else self._no_groups(claims))

    async def _claims(self, token: str, audience: str) -> Mapping[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise _wrong("it is neither a key nor a token") from None
        if header.get("alg") not in self._algorithms:
            raise _wrong("its algorithm is not one of those that are taken")
        key = await self._key(header.get("kid"))
        claims = self._verified(token, key, header["alg"], audience)
        self._require_timely(claims)
        return claims

    async def _key(self, number: object) -> jwt.PyJWK:
        key = self._issuer.find(number)
        if key is None:
            await self._issuer.look_again()
            key = self._issuer.find(number)
        if key is None and self._issuer.reason is not None:
            raise Unavailable("The issuer of this token cannot be reached, to learn its keys.", retry_after=5)
        if key is None:
            raise _wrong("the issuer has no such signing key")
        return key

    def _verified(self, token: str, key: jwt.PyJWK, algorithm: str, audience: str) -> Mapping[str, Any]:
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=audience,
                issuer=self._settings.oidc_issuer,
                options=_OPTIONS,
            )
        except jwt.InvalidIssuerError:
            raise _wrong("it is of another issuer") from None
        except jwt.InvalidAudienceError:
            raise _wrong("it is for another audience") from None
        except jwt.MissingRequiredClaimError:
            raise _wrong("it lacks one of the claims `exp`, `iss` and `aud`") from None
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise _wrong("its signature or content does not hold") from None
        return claims

    def _require_timely(self, claims: Mapping[str, Any]) -> None:
        """Raise Unauthenticated unless it is valid now (RFC 7519, 4.1.4 and 4.1.5), give or take the leeway."""
        now, leeway = self._clock().timestamp(), self._settings.oidc_leeway
        expires, begins = claims["exp"], claims.get("nbf", 0)
        if not _is_time(expires) or not _is_time(begins):
            raise _wrong("its times are not numbers")
        if now >= expires + leeway:
            raise _wrong("it has expired")
        if now < begins - leeway:
            raise _wrong("it is not valid yet")

    def name_in(self, claims: Mapping[str, Any]) -> str:
        """Return the name by which authors and approvers are told apart. Raises Unauthenticated without one."""
        claim = claims.get(self._settings.oidc_name_claim)
        name = clean_name(claim) if isinstance(claim, str) else None
        if name is None:
            raise _wrong(f"its claim `{self._settings.oidc_name_claim}` is not a name")
        return name

    def _granted(self, claims: Mapping[str, Any]) -> tuple[Grant, ...]:
        """Return what the values of the claim allow."""
        return tuple(grant for value in self._values(claims) for grant in self._grants.get(value, ()))

    def _values(self, claims: Mapping[str, Any]) -> Iterable[str]:
        """Return the values of the claim, each once; a path such as `realm_access.roles` leads into objects."""
        found: Any = claims
        for part in self._settings.oidc_scopes_claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        values = found.split() if isinstance(found, str) else found if isinstance(found, list) else []
        return dict.fromkeys(value for value in values if isinstance(value, str))

    def _no_groups(self, claims: Mapping[str, Any]) -> NoGroups:
        """Return the reason why claims give no rights.

        Microsoft Entra ID leaves out long lists of groups, and says so with `_claim_names` or `hasgroups`.
        """
        if any(self._values(claims)):
            return "none-known"
        named = claims.get("_claim_names")
        elsewhere = isinstance(named, Mapping) and self._settings.oidc_scopes_claim.partition(".")[0] in named
        return "left-out" if elsewhere or claims.get("hasgroups") is True else "none-sent"


def grants(mapping: str) -> dict[str, tuple[Grant, ...]]:
    """Return what each value of a claim allows, from the setting: `VALUE=RIGHT+RIGHT@LADDER+LADDER …`."""
    found: dict[str, tuple[Grant, ...]] = {}
    for entry in mapping.split():
        value, _, granted = entry.rpartition("=")
        rights, at, ladders = granted.partition("@")
        grant = Grant(frozenset(rights.split("+")), frozenset(ladders.split("+")) if at else None)  # type: ignore[arg-type]  # the settings know the rights
        found[value] = (*found.get(value, ()), grant)
    return found


def account_in(claims: Mapping[str, Any]) -> Account | None:
    """Return the account that claims are about; None without a subject that can be stored."""
    subject = claims.get("sub")
    return Account(claims["iss"], subject) if isinstance(subject, str) and is_subject(subject) else None


def verified_email(claims: Mapping[str, Any]) -> str | None:
    """Return the printable address that the issuer says it verified (OpenID Connect Core, 5.1); None without one."""
    email = claims.get("email")
    printable = isinstance(email, str) and email.isprintable()
    return email if printable and claims.get("email_verified") is True else None


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12  # noqa: PLR2004 - seconds


def _wrong(why: str) -> Unauthenticated:
    return Unauthenticated(f"This credential is not valid: {why}.", refused=True)
