"""Every setting, read once from the environment (prefix `LADDER_`) and the file `.env`, and checked at start.

Unknown variables with that prefix are rejected with the nearest known name, because they are usually typos.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args, get_origin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

Network = IPv4Network | IPv6Network

PREFIX: Final = "LADDER_"
ENV_FILE: Final = ".env"
_SERVICE_LINK: Final = re.compile(
    rf"{PREFIX}(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_\w+)?)?)"
)
"""The variables that Kubernetes sets in every container next to a service whose name begins with `ladder`."""
_PUBLIC_URL: Final = r"^(https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~%+-]+)*)?$"
_HTTP_URL: Final = r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$"

_ISSUER: Final = r"^(https://[^\s?#]+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?[^\s?#]*)?$"
_ALGORITHM: Final = r"((RS|PS|ES)(256|384|512)|EdDSA)"
_ALGORITHMS: Final = rf"^{_ALGORITHM}(,{_ALGORITHM})*$"
_RIGHT: Final = "(read|write|review|publish|admin)"
_SLUG: Final = "[a-z0-9]+(-[a-z0-9]+)*"
_GRANT: Final = rf"\S+={_RIGHT}(\+{_RIGHT})*(@{_SLUG}(\+{_SLUG})*)?"
_SCOPES: Final = rf"^({_GRANT}( +{_GRANT})*)?$"
_OWN_WORDS: Final = "setting"
"""The type of errors whose message is a whole sentence about the setting."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The form that a setting must have, in words that follow `must be`."""

    words: str


class SettingsError(ValueError):
    """A setting is wrong, a variable is unknown, or the file `.env` cannot be read."""

    def __init__(self, *messages: str) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages
        """One sentence for each fault."""


class _Environment(BaseSettings):
    """Settings that are read from the environment; frozen, so that what was checked at start stays true."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore", frozen=True)

    @classmethod
    def read(cls) -> Self:
        """Read the environment and the file `.env`.

        Raises SettingsError if a setting is wrong, a variable is unknown, or the file cannot be read.
        """
        refuse_unknown(os.environ)
        try:
            return cls()
        except ValidationError as error:
            found = error.errors(include_input=False, include_url=False)
            raise SettingsError(
                *dict.fromkeys(_wrong(cls, fault["loc"][0], fault) for fault in found)
            ) from None


class Settings(_Environment):
    """The settings of one process."""

    database_url: str = "sqlite:///var/ladder.db"
    """Database with the ladders: a URL for SQLite or PostgreSQL. It may contain a password, so it is never logged."""
    host: str = "127.0.0.1"
    """Addresses to listen on, separated by commas. `0.0.0.0` is every IPv4 address, `::` every IPv6 and IPv4 one."""
    port: Annotated[int, Field(ge=0, le=65535, validation_alias="PORT")] = 8000
    """Port that `ladder serve` listens on."""
    root_path: Annotated[
        str, Field(pattern=r"^(/[^/?#]+)*$"), Shape("a path such as /career, without a slash at the end")
    ] = ""
    """Path prefix under which a proxy serves the explorer and the API, such as `/career`. All links start with it."""
    public_url: Annotated[
        str,
        Field(pattern=_PUBLIC_URL),
        Shape(
            "the URL under which clients reach the service, such as https://ladders.example.org, without a user, "
            "`?`, `#` or a slash at the end"
        ),
    ] = ""
    """URL under which clients reach the service, such as `https://ladders.example.org`; see `LADDER_ROOT_PATH`."""
    seed: bool = True
    """Add the bundled ladders when `ladder serve` starts on a SQLite database without ladders."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Lowest level of log entries to write."""
    access_log: Literal["misses", "all"] = "misses"
    """Requests to log: `all`, or `misses` for errors and requests that were not answered from memory."""
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Number of server processes that `ladder serve` starts."""
    metrics: Annotated[
        str,
        Field(pattern=r"^(off|.+:\d{1,5})$"),
        Shape("an address with a port, such as 127.0.0.1:9464, or off"),
    ] = "127.0.0.1:9464"
    """Address (`host:port`) at which `ladder serve` answers Prometheus; `off` for none."""
    max_connections: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    """Connections that a worker holds at a time; fewer if the limit of open files allows fewer."""
    idle_seconds: Annotated[float, Field(gt=0, le=3600)] = 65
    """Seconds that a connection stays open between two requests."""
    header_seconds: Annotated[float, Field(gt=0, le=3600)] = 10
    """Seconds within which a client must send the first request line and all header lines of each request."""
    body_seconds: Annotated[float, Field(gt=0, le=3600)] = 20
    """Seconds within which a client must send a request body, or the next 64 KiB of a longer one."""
    send_seconds: Annotated[float, Field(gt=0, le=3600)] = 20
    """Seconds within which a client must take a response, or the next 64 KiB of a longer one."""
    revision_interval: Annotated[float, Field(gt=0, le=60)] = 0.5
    """Seconds between checks for new releases and other changes."""
    cache_bytes: Annotated[int, Field(ge=1_000_000)] = 128 * 1024 * 1024
    """Bytes of finished responses to keep in memory, per process."""
    release_bytes: Annotated[int, Field(ge=1_000_000)] = 128 * 1024 * 1024
    """Bytes of loaded releases to keep in memory, per process (estimated)."""
    derived_bytes: Annotated[int, Field(ge=1_000_000)] = 64 * 1024 * 1024
    """Bytes of drafts, diffs, comparisons and findings to keep in memory, per process (estimated)."""
    read_access: Literal["open", "key"] = "open"
    """The callers who may read ladders that are not internal: everybody, or only those with the right `read`."""
    require_review: bool = False
    """Require an approved review before a draft is published. A ladder's own setting takes precedence."""
    trusted_proxies: Annotated[
        str, Shape("addresses or networks such as 10.0.0.0/8, separated by commas")
    ] = ""
    """Addresses and networks of proxies whose `X-Forwarded-For` is trusted, separated by commas."""
    rate_failures: Annotated[int, Field(ge=0)] = 30
    """Failed authentications allowed per minute and address, per worker; 0 for no limit."""
    rate_writes: Annotated[int, Field(ge=0)] = 600
    """Writes allowed per minute and key (or address, without a key), per worker; 0 for no limit."""
    rate_reads: Annotated[int, Field(ge=0)] = 0
    """Reads allowed per minute and key (or address, without a key), per worker; 0 for no limit."""
    session_hours: Annotated[int, Field(ge=1, le=8)] = 8
    """Hours after which people who signed in to the pages must sign in again."""
    contact: str = ""
    """Person or address to ask for rights, such as `people-ops@example.org`. Pages show it."""
    time_zone: Annotated[str, Shape("the name of a time zone such as Europe/Berlin, as IANA spells it")] = (
        "UTC"
    )
    """Time zone of the organisation, such as `Europe/Berlin` (IANA). Pages show dates in it and in UTC."""
    oidc_issuer: Annotated[
        str, Field(pattern=_ISSUER), Shape("an https URL such as https://login.example.org, or empty")
    ] = ""
    """URL of the OpenID Connect issuer whose tokens are accepted in addition to keys; empty for none."""
    oidc_audience: Annotated[str, Field(validate_default=True)] = ""
    """Value that `aud` of a token must contain: the name of this service at the issuer."""
    oidc_algorithms: Annotated[
        str,
        Field(pattern=_ALGORITHMS),
        Shape("asymmetric algorithms such as RS256,ES256, separated by commas without spaces"),
    ] = "RS256,ES256"
    """Accepted signature algorithms, separated by commas; asymmetric ones only."""
    oidc_leeway: Annotated[int, Field(ge=0, le=300)] = 30
    """Seconds by which the issuer's clock may differ from the clock here."""
    oidc_name_claim: Annotated[str, Field(min_length=1), Shape("the name of a claim, such as sub")] = "sub"
    """Claim with the name of the person or machine, which reviews and the audit log show."""
    oidc_scopes_claim: Annotated[str, Field(min_length=1), Shape("the name of a claim, such as scope")] = (
        "scope"
    )
    """Claim whose values give rights: a text or a list. Dots lead into objects, as in `realm_access.roles`."""
    oidc_scopes: Annotated[
        str,
        Field(pattern=_SCOPES),
        Shape("grants such as ladder.read=read or editors=read+write@acme, separated by spaces"),
    ] = "ladder.read=read ladder.write=write ladder.review=review ladder.publish=publish ladder.admin=admin"
    """Rights that each value gives, separated by spaces: `VALUE=RIGHT+RIGHT`; `@LADDER` limits it to a ladder."""

    oidc_client_id: Annotated[str, Field(validate_default=True)] = ""
    """Client id of this service at the issuer, so that people can sign in to the pages there."""
    oidc_client_secret: SecretStr = SecretStr("")
    """Secret of that client; empty for a public client."""
    oidc_client_secret_file: Path | None = None
    """File with the secret of that client, instead of `LADDER_OIDC_CLIENT_SECRET`."""
    oidc_label: Annotated[str, Field(min_length=1), Shape("a name, such as Acme")] = "your company account"
    """Name of the issuer in the link to sign in: "Sign in with …"."""

    @property
    def client_secret(self) -> str:
        """Return the secret of the client, from the setting or the file; empty without one."""
        if self.oidc_client_secret_file is not None:
            return self.oidc_client_secret_file.read_text("utf-8").strip()
        return self.oidc_client_secret.get_secret_value()

    @property
    def base_url(self) -> str:
        """Return the start of URLs that must be absolute; only the path prefix if the public URL is not set."""
        return self.absolute(self.root_path)

    def absolute(self, path: str) -> str:
        """Return the URL of a path that begins with the prefix; the path itself if the public URL is not set."""
        scheme, _, rest = self.public_url.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}{path}" if rest else path

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of the organisation."""
        return ZoneInfo(self.time_zone)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the addresses to listen on."""
        return tuple(part.strip() for part in self.host.split(",") if part.strip())

    @property
    def proxies(self) -> tuple[Network, ...]:
        """Return the networks of the trusted proxies."""
        return tuple(ip_network(part.strip()) for part in self.trusted_proxies.split(",") if part.strip())

    @field_validator("public_url")
    @classmethod
    def _ends_with_prefix(cls, url: str, info: ValidationInfo) -> str:
        path, prefix = url.partition("://")[2].partition("/")[1:], info.data.get("root_path")
        if prefix is not None and "".join(path) not in {"", prefix}:
            raise PydanticCustomError(
                _OWN_WORDS,
                "LADDER_PUBLIC_URL must have no path, or the path in LADDER_ROOT_PATH: links begin with "
                "LADDER_ROOT_PATH",
            )
        return url

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        for part in filter(None, map(str.strip, text.split(","))):
            ip_network(part)
        return text

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(name) from None
        return name

    @field_validator("oidc_client_id")
    @classmethod
    def _has_issuer(cls, client: str, info: ValidationInfo) -> str:
        for name in ("oidc_issuer", "public_url"):
            if client and not info.data.get(name):
                raise PydanticCustomError(
                    _OWN_WORDS,
                    f"LADDER_{name.upper()} must be set if LADDER_OIDC_CLIENT_ID is: people sign in there "
                    "and come back",
                )
        return client

    @field_validator("oidc_client_secret_file")
    @classmethod
    def _is_readable(cls, file: Path | None) -> Path | None:
        if file is not None:
            try:
                file.read_text("utf-8")
            except (OSError, UnicodeDecodeError):
                raise PydanticCustomError(
                    _OWN_WORDS, "LADDER_OIDC_CLIENT_SECRET_FILE must be a readable text file"
                ) from None
        return file

    @field_validator("oidc_audience")
    @classmethod
    def _has_audience(cls, audience: str, info: ValidationInfo) -> str:
        if info.data.get("oidc_issuer") and not audience:
            raise PydanticCustomError(
                _OWN_WORDS,
                "LADDER_OIDC_AUDIENCE must be set if LADDER_OIDC_ISSUER is: "
                "otherwise tokens for any other service would be accepted",
            )
        return audience


class RemoteSettings(_Environment):
    """The settings of commands that talk to a server."""

    server: Annotated[
        str, Field(pattern=_HTTP_URL), Shape("a URL such as https://ladders.example.org, without `?` and `#`")
    ] = ""
    """URL of the server that `pull`, `push` and other commands talk to, such as `https://ladders.example.org`."""
    key: SecretStr = SecretStr("")
    """API key for that server. Only a setting, never an argument, because other users could see arguments."""


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """Raise SettingsError if a variable there or in the file `.env` has the prefix, and is not a setting."""
    known = {
        variable(name, field)
        for settings in (Settings, RemoteSettings)
        for name, field in settings.model_fields.items()
    }
    given = (name for name, value in environment.items() if not _is_service_link(name, value))
    ours = dict.fromkeys(name for name in (*given, *_names_in_file()) if name.upper().startswith(PREFIX))
    wrong = [_unknown(name, known) for name in ours if name.upper() not in known]
    if wrong:
        raise SettingsError(*wrong)


def variable(name: str, field: FieldInfo) -> str:
    """Return the environment variable of a setting."""
    return str(field.validation_alias or f"{PREFIX}{name.upper()}")


def _is_service_link(name: str, value: str) -> bool:
    """Return whether Kubernetes sets such a variable; `LADDER_PORT=8000` is none."""
    bare = name == f"{PREFIX}PORT" and not value.startswith(("tcp://", "udp://", "sctp://"))
    return not bare and _SERVICE_LINK.fullmatch(name) is not None


def _unknown(name: str, known: set[str]) -> str:
    bare = name.upper().removeprefix(PREFIX)
    near = [bare] if bare in known else get_close_matches(name.upper(), sorted(known), 1)
    hint = f"Did you mean {near[0]}?" if near else "docs/reference/settings.md lists all settings."
    return f"{name} is not a setting. {hint}"


def _wrong(settings: type[BaseSettings], place: int | str, fault: Mapping[str, Any]) -> str:
    """Return what is wrong with a setting. Its value is left out, because it may be a secret."""
    if fault["type"] == _OWN_WORDS:
        return f"{fault['msg']}."
    fields = {name: (variable(name, field), field) for name, field in settings.model_fields.items()}
    name, field = fields.get(str(place)) or next(both for both in fields.values() if both[0] == place)
    return f"{name} must be {_shape(field)}."


def _shape(field: FieldInfo) -> str:
    """Return how a setting should look."""
    written = next((one.words for one in field.metadata if isinstance(one, Shape)), None)
    if written is not None:
        return written
    if get_origin(field.annotation) is Literal:
        *others, last = get_args(field.annotation)
        return f"{', '.join(others)} or {last}"
    if field.annotation is bool:
        return "true or false"
    return f"{'a whole number' if field.annotation is int else 'a number'}{_range(field)}"


def _range(field: FieldInfo) -> str:
    names = ("ge", "gt", "le")
    ge, gt, le = (
        next((getattr(one, name) for one in field.metadata if hasattr(one, name)), None) for name in names
    )
    if gt is not None:
        return f" greater than {gt}" if le is None else f" greater than {gt}, and {le} at most"
    return f", {ge} or more" if le is None else f" from {ge} to {le}"


def _names_in_file() -> Iterator[str]:
    """Yield the names in the file `.env`, if there is one."""
    file = Path(ENV_FILE)
    if not file.is_file():
        return
    try:
        yield from dotenv_values(file, interpolate=False, encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(
            f"{file.absolute()}, line {line}: the file is not UTF-8. Save it as UTF-8."
        ) from None
    except OSError as error:
        raise SettingsError(f"{file.absolute()} cannot be read: {error.strerror}.") from None
