"""All pages, in the order in which a path is matched."""

from typing import Final

from app.web.navigation import redirects, release_switch
from app.web.pages import (
    assets,
    compare,
    competency,
    diff,
    docs,
    findings,
    home,
    ladder,
    level,
    matrix,
    pictures,
    printout,
    problems,
    questions,
    releases,
    search,
    sign_in,
    texts,
)

PAGES: Final = (
    home,
    ladder,
    level,
    matrix,
    compare,
    competency,
    questions,
    texts,
    printout,
    search,
    releases,
    diff,
    findings,
    docs,
    problems,
    sign_in,
    pictures,
    assets,
    release_switch,
    redirects,
)
