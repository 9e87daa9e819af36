"""Every setting, read once from the environment (prefix `LADDER_`) and checked at start.

A variable that begins with the prefix and is none is a typing error, which would else change nothing in silence:
it is refused, with the name that is near.
"""

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Network = IPv4Network | IPv6Network

PREFIX: Final = "LADDER_"
ENV_FILE: Final = ".env"
_SERVICE_LINK: Final = re.compile(
    rf"{PREFIX}(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_\w+)?)?)"
)
"""What Kubernetes sets in every container beside a service whose name begins with `ladder`."""
_HTTP_URL: Final = r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$"

_ISSUER: Final = r"^(https://[^\s?#]+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?[^\s?#]*)?$"
_ALGORITHM: Final = r"((RS|PS|ES)(256|384|512)|EdDSA)"
_ALGORITHMS: Final = rf"^{_ALGORITHM}(,{_ALGORITHM})*$"
_RIGHT: Final = "(read|write|review|publish|admin)"
_SLUG: Final = "[a-z0-9]+(-[a-z0-9]+)*"
_GRANT: Final = rf"\S+={_RIGHT}(\+{_RIGHT})*(@{_SLUG}(\+{_SLUG})*)?"
_SCOPES: Final = rf"^({_GRANT}( +{_GRANT})*)?$"


_CONFIG: Final = SettingsConfigDict(env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore", frozen=True)


class SettingsError(ValueError):
    """What is in the environment or the file `.env` cannot be right, whichever setting is asked for."""


class Settings(BaseSettings):
    """The settings of one process; frozen, so that what was checked at start holds until the end."""

    model_config = _CONFIG

    @classmethod
    def read(cls) -> Self:
        """The settings of the environment and the file `.env`.

        Raises pydantic.ValidationError where a setting is wrong, SettingsError where a variable is none or
        the file cannot be read.
        """
        refuse_unknown(os.environ)
        return cls()

    database_url: str = "sqlite:///var/ladder.db"
    """Where the ladders are: a SQLAlchemy URL for SQLite or PostgreSQL. May hold a password: never logged."""
    host: str = "127.0.0.1"
    """Address that `ladder serve` listens on."""
    port: Annotated[int, Field(ge=0, le=65535, validation_alias="PORT")] = 8000
    """Port that `ladder serve` listens on."""
    root_path: Annotated[str, Field(pattern=r"^(/[^/?#]+)*$")] = ""
    """Path prefix under which a proxy serves the API, such as `/career`; links carry it."""
    seed: bool = True
    """Whether `ladder serve` puts the bundled ladders into a SQLite database that has none."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severe log entries to write."""
    access_log: Literal["misses", "all"] = "misses"
    """Which requests the access log names: all, or those not answered from memory and every error."""
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Processes in which `ladder serve` answers."""
    metrics: Annotated[str, Field(pattern=r"^(off|.+:\d{1,5})$")] = "127.0.0.1:9464"
    """Address (`host:port`) at which `ladder serve` answers scrapes by Prometheus; `off` for none."""
    revision_interval: Annotated[float, Field(gt=0, le=60)] = 0.5
    """Seconds between two looks at whether anything was published."""
    cache_bytes: Annotated[int, Field(ge=1_000_000)] = 128 * 1024 * 1024
    """Bytes of finished answers to keep in memory, per process."""
    release_bytes: Annotated[int, Field(ge=1_000_000)] = 128 * 1024 * 1024
    """Bytes of loaded releases to keep in memory, per process (estimated)."""
    read_access: Literal["open", "key"] = "open"
    """Who may read ladders that are not internal: everybody, or callers with the right `read`."""
    require_review: bool = False
    """Whether a draft needs an approval before it is published; a ladder's own setting goes before it."""
    trusted_proxies: str = ""
    """Addresses and networks of proxies whose `X-Forwarded-For` is believed, separated by commas."""
    rate_failures: Annotated[int, Field(ge=0)] = 30
    """Wrong credentials a minute from one address, per worker; 0 for no limit."""
    rate_writes: Annotated[int, Field(ge=0)] = 600
    """Writes a minute by one key, or from one address without a key, per worker; 0 for no limit."""
    rate_reads: Annotated[int, Field(ge=0)] = 0
    """Reads a minute by one key, or from one address without a key, per worker; 0 for no limit."""
    session_hours: Annotated[int, Field(ge=1, le=720)] = 12
    """Hours after which somebody who signed in to the pages has to do so again."""
    oidc_issuer: Annotated[str, Field(pattern=_ISSUER)] = ""
    """URL of the OpenID Connect issuer whose tokens are taken beside keys; empty for none."""
    oidc_audience: Annotated[str, Field(validate_default=True)] = ""
    """What a token's `aud` must name: this service, as the issuer calls it."""
    oidc_algorithms: Annotated[str, Field(pattern=_ALGORITHMS)] = "RS256,ES256"
    """Signature algorithms that are taken, separated by commas; asymmetric ones only."""
    oidc_leeway: Annotated[int, Field(ge=0, le=300)] = 30
    """Seconds by which the issuer's clock may differ from ours."""
    oidc_name_claim: Annotated[str, Field(min_length=1)] = "sub"
    """Claim that names the person or machine: what authors and approvers are compared by."""
    oidc_scopes_claim: Annotated[str, Field(min_length=1)] = "scope"
    """Claim whose values give rights: a text or a list; dots lead into objects, as in `realm_access.roles`."""
    oidc_scopes: Annotated[str, Field(pattern=_SCOPES)] = (
        "ladder.read=read ladder.write=write ladder.review=review ladder.publish=publish ladder.admin=admin"
    )
    """What each value gives, separated by spaces: `VALUE=RIGHT+RIGHT`, and `@LADDER+LADDER` to bind it to ladders."""

    @property
    def proxies(self) -> tuple[Network, ...]:
        """The networks of the proxies that are believed."""
        return tuple(ip_network(part.strip()) for part in self.trusted_proxies.split(",") if part.strip())

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        for part in filter(None, map(str.strip, text.split(","))):
            ip_network(part)
        return text

    @field_validator("oidc_audience")
    @classmethod
    def _has_audience(cls, audience: str, info: ValidationInfo) -> str:
        if info.data.get("oidc_issuer") and not audience:
            raise ValueError("name the audience, or tokens for any other service would be taken")
        return audience


class RemoteSettings(BaseSettings):
    """What commands need that talk to a service elsewhere."""

    model_config = _CONFIG

    server: Annotated[str, Field(pattern=_HTTP_URL)] = ""
    """URL of the service that `pull`, `push` and others talk to, such as `https://ladders.example.org`."""
    key: SecretStr = SecretStr("")
    """API key with which they do. Only ever named here, never as an argument, which others could see."""

    @classmethod
    def read(cls) -> Self:
        """As `Settings.read`."""
        refuse_unknown(os.environ)
        return cls()


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """Raise SettingsError where a variable looks like a setting and is none, there or in the file `.env`."""
    known = {
        str(field.validation_alias or f"{PREFIX}{name.upper()}")
        for settings in (Settings, RemoteSettings)
        for name, field in settings.model_fields.items()
    }
    given = (name for name, value in environment.items() if not _is_service_link(name, value))
    ours = dict.fromkeys(name for name in (*given, *_names_in_file()) if name.upper().startswith(PREFIX))
    wrong = [_unknown(name, known) for name in ours if name.upper() not in known]
    if wrong:
        raise SettingsError(" ".join(wrong))


def _is_service_link(name: str, value: str) -> bool:
    """Whether it looks like set by Kubernetes; `LADDER_PORT=8000` does not."""
    bare = name == f"{PREFIX}PORT" and not value.startswith(("tcp://", "udp://", "sctp://"))
    return not bare and _SERVICE_LINK.fullmatch(name) is not None


def _unknown(name: str, known: set[str]) -> str:
    bare = name.upper().removeprefix(PREFIX)
    near = [bare] if bare in known else get_close_matches(name.upper(), sorted(known), 1)
    hint = f"Did you mean {near[0]}?" if near else "docs/reference/settings.md lists all settings."
    return f"{name} is no setting. {hint}"


def _names_in_file() -> Iterator[str]:
    """The names in the file `.env`, where there is one."""
    file = Path(ENV_FILE)
    if not file.is_file():
        return
    try:
        yield from dotenv_values(file, interpolate=False, encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(f"{ENV_FILE}, line {line}: the file is not UTF-8. Save it as UTF-8.") from None
    except OSError as error:
        raise SettingsError(f"{ENV_FILE} cannot be read: {error.strerror}.") from None
