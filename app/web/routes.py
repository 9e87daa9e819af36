"""All pages, in the order in which a path is matched."""

from typing import Final

from app.web.navigation import redirects, release_switch
from app.web.pages import (
    check,
    compare,
    competency,
    diff,
    findings,
    glossary,
    history,
    ladder,
    level,
    matrix,
    pictures,
    printout,
    questions,
    releases,
    search,
    texts,
)
from app.web.pages.editing import about as edit_about
from app.web.pages.editing import cell as edit_cell
from app.web.pages.editing import competency as edit_competency
from app.web.pages.editing import entity as edit_entity
from app.web.pages.editing import level as edit_level
from app.web.pages.editing import outline
from app.web.pages.editing import remove as remove_entity
from app.web.pages.editing import translations as edit_translations
from app.web.pages.importing import discard, downloads, new, new_copy, new_file, upload, work
from app.web.pages.people import key, keys, people, person
from app.web.pages.publishing import log, publish, release_pages, settings
from app.web.pages.reviewing import new_review, review, reviews
from app.web.pages.site import assets, company_sign_in, docs, home, problems, sign_in

PAGES: Final = (
    home,
    ladder,
    level,
    check,
    history,
    matrix,
    compare,
    competency,
    glossary,
    questions,
    texts,
    printout,
    search,
    releases,
    publish,
    release_pages,
    settings,
    log,
    reviews,
    new_review,
    review,
    diff,
    findings,
    outline,
    remove_entity,
    edit_about,
    edit_translations,
    edit_level,
    edit_cell,
    edit_competency,
    edit_entity,
    keys,
    key,
    people,
    person,
    work,
    discard,
    new,
    new_copy,
    new_file,
    upload,
    downloads,
    docs,
    problems,
    sign_in,
    company_sign_in,
    pictures,
    assets,
    release_switch,
    redirects,
)
