"""Where the folders that ship with the program are: migrations and seed."""

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent


def folder(name: Literal["migrations", "seed"]) -> Path:
    """The folder of that name: the copy bundled in an installed package, else the checkout's own.

    The bundled copy comes first, because beside an installed package lie the folders of other packages.
    """
    bundled = _PACKAGE / "_bundled" / name
    return bundled if bundled.is_dir() else _PACKAGE.parent / name
