"""URLs of pages agree with the routes that serve them."""

from app.main import create_app
from app.rubric.entities import COLLECTIONS
from app.settings import Settings
from app.web.navigation.urls import OWN_PAGES, SHARED_PAGES

HOME = "/ladders/{ladder}"


def test_every_kind_with_its_own_page_has_a_route_for_it() -> None:
    pages = {route.path for route in create_app(Settings()).serving.routes.routes if route.facts.page}
    served = {
        kind: collection
        for collection, kind in COLLECTIONS.items()
        if f"{HOME}/{collection}/{{{kind}}}" in pages
    }
    assert served == OWN_PAGES


def test_every_kind_that_shares_a_page_is_shown_on_the_page_that_declares_it() -> None:
    routes = create_app(Settings()).serving.routes
    shown = {kind: routes.shown(collection) for collection, kind in COLLECTIONS.items()}
    pages: dict[str, str] = {
        kind: (page or "").partition("#")[0].removeprefix(HOME) for kind, page in shown.items()
    }
    assert {kind: pages[kind] for kind in SHARED_PAGES} == SHARED_PAGES
    assert {kind for kind, page in pages.items() if page} == SHARED_PAGES.keys()
