"""The check that a browser reached a page over https or on its own machine, before it sends a key."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.types import Scope

INSECURE: Final = (
    "You can sign in only over https, or at localhost on the server itself. Over plain http, others on the network "
    "could read your key, and your browser would not keep you signed in."
)
_PROTO: Final = "proto=https"


def is_secure(scope: Scope) -> bool:
    """Tell whether the browser reached this page over https, or on its own machine.

    A proxy that ends TLS says so in `X-Forwarded-Proto` or `Forwarded`. Browsers send `Sec-Fetch-Site` only to https
    and their own machine (W3C Fetch Metadata). A client that forges these headers puts only its own key at risk.
    """
    headers = {name: value.decode("latin-1").lower() for name, value in scope["headers"]}
    if scope.get("scheme") == "https" or b"sec-fetch-site" in headers:
        return True
    if headers.get(b"x-forwarded-proto", "").partition(",")[0].strip() == "https":
        return True
    nearest = headers.get(b"forwarded", "").partition(",")[0].replace('"', "")
    if _PROTO in (part.strip() for part in nearest.split(";")):
        return True
    return _is_local(headers.get(b"host", ""))


def _is_local(host: str) -> bool:
    """Tell whether a Host header names the browser's own machine."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
