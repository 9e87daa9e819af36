"""The files and folders that ship with the program: migrations, seed, and the OpenAPI document."""

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent


def folder(name: Literal["migrations", "seed"]) -> Path:
    """Return the folder of that name, from an installed package or from the checkout."""
    return _bundled(name)


def file(name: Literal["openapi.json"]) -> Path:
    """Return the file of that name, from an installed package or from the checkout."""
    return _bundled(name)


def _bundled(name: str) -> Path:
    # The package's own copy comes first: next to an installed package are the folders of other packages.
    bundled = _PACKAGE / "_bundled" / name
    return bundled if bundled.exists() else _PACKAGE.parent / name
