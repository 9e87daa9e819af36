"""The pages for admins of a ladder: its settings, and its audit log in sentences."""

from datetime import timedelta
from typing import Final

import pytest

from app.store.audit import Action, Actor, record
from app.store.engine import writing
from tests.api.publishing import ACME, BASE, HARDER, begun, logged
from tests.api.serving import NOW, Api, serve
from tests.web.authors import author, hidden, tokens, words
from tests.web.signing import Browser

SETTINGS: Final = "/ladders/acme/settings"
LOG: Final = "/ladders/acme/log"
AS_IS: Final = {"visibility": "public", "require_review": "service", "allow_lower_version": "yes"}


@pytest.fixture
def api(empty_api: Api) -> Api:
    begun(empty_api, HARDER, "Ada")
    return empty_api


def settings(api: Api) -> dict[str, object]:
    found: dict[str, object] = api.client.get(f"{ACME}/settings", headers=api.key("Adm", "admin")).json()
    return {name: found.get(name) for name in ("visibility", "require_review", "allow_lower_version")}


def test_an_admin_changes_the_settings(api: Api) -> None:
    adm = author(api, "Adm", "admin")
    shown = adm.get(SETTINGS)
    assert (shown.status_code, shown.headers["cache-control"]) == (200, "private, no-store")
    assert "Who can see this ladder? Everybody" in words(shown.text)
    assert 'value="service" checked' in shown.text
    form = hidden(shown.text.partition("<main")[2])
    changed = {"visibility": "internal", "require_review": "yes", "allow_lower_version": "no"}
    sent = adm.post(SETTINGS, {**form, **changed})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{SETTINGS}?saved")
    assert "Saved." in words(adm.get(f"{SETTINGS}?saved").text)
    assert settings(api) == {"visibility": "internal", "require_review": True, "allow_lower_version": False}
    assert Browser(api).get("/ladders/acme").status_code == 404


def test_settings_that_somebody_else_changed_are_shown_beside_ones_own(api: Api) -> None:
    one, other = author(api, "One", "admin"), author(api, "Two", "admin")
    mine = hidden(one.get(SETTINGS).text.partition("<main")[2])
    theirs = hidden(other.get(SETTINGS).text.partition("<main")[2])
    assert other.post(SETTINGS, {**theirs, **AS_IS, "require_review": "yes"}).status_code == 303
    clash = one.post(SETTINGS, {**mine, **AS_IS, "require_review": "no"})
    assert clash.status_code == 412
    seen = words(clash.text)
    assert "Somebody else has changed the settings since you opened this page." in seen
    assert "Does a draft need an approval before it is published? Yours No Theirs Yes" in seen
    assert "Keep mine Take theirs" in seen
    assert settings(api)["require_review"] is True
    again = hidden(clash.text.partition("<main")[2])
    assert one.post(SETTINGS, {**again, **AS_IS, "require_review": "no"}).status_code == 303
    assert settings(api)["require_review"] is False


@pytest.mark.parametrize("name", AS_IS)
@pytest.mark.parametrize("value", ["", "secret", None])
def test_a_setting_must_be_one_of_the_options(api: Api, name: str, value: str | None) -> None:
    adm = author(api, "Adm", "admin")
    form = {**hidden(adm.get(SETTINGS).text.partition("<main")[2]), **AS_IS}
    fields = {**form, name: value} if value is not None else {k: v for k, v in form.items() if k != name}
    sent = adm.post(SETTINGS, {k: v for k, v in fields.items() if v is not None})
    assert (sent.status_code, "Choose one of the options." in words(sent.text)) == (422, True)
    assert "settings.change" not in {action for (action,) in logged(api, "action")}


def test_the_log_says_in_sentences_who_did_what(api: Api) -> None:
    adm = author(api, "Adm", "admin")
    page = "/ladders/acme"
    author(api, "Ada", "write").fill(f"{page}/reviews/new", {"title": "Please"})
    rev = author(api, "Rev", "review")
    form = hidden(rev.get(f"{page}/reviews/1").text.partition('id="decide"')[2])
    rev.post(f"{page}/reviews/1", {**form, "decision": "approve"})
    key = {**api.key("Ada", "write"), "content-type": "application/merge-patch+json"}
    tag = api.client.get(f"{ACME}@draft/levels/l5", headers=key).headers["etag"]
    api.client.patch(f"{ACME}@draft/levels/l5", json={"title": "Star"}, headers={**key, "if-match": tag})
    form = hidden(adm.get(SETTINGS).text.partition("<main")[2])
    adm.post(SETTINGS, {**form, **AS_IS, "visibility": "internal"})
    pat = {**api.key("Pat", "publish")}
    draft = api.client.get(f"{ACME}@draft", headers=key).json()
    body = {
        "content_sha256": draft["draft"]["content_sha256"] if "draft" in draft else draft["content_sha256"]
    }
    body |= {"version": "1.5.0", "because": "Small."}
    sent = api.client.post(f"{ACME}/releases", json=body, headers=pat)
    assert sent.status_code == 201, sent.text
    event = {"kind": "withdrawn", "reason": "Wrong.", "successor": "1.5.0"}
    api.client.post(f"{ACME}/releases/1.0.0/events", json=event, headers=pat)
    shown = adm.get(LOG)
    seen = words(shown.text)
    for sentence in (
        "On 22 November 2026",
        "12:00 Pat withdrew 1.0.0. Reason: Wrong. Read 1.5.0 instead.",
        "Review 1 ended, because Pat published the draft.",
        "Pat published 1.5.0. The number is below the minimum 2.0.0, because: Small.",
        "Adm changed the settings. Only people with a right on the ladder see it now.",
        "Ada edited the level Star.",
        "Rev approved the draft in review 1.",
        "Ada opened review 1.",
    ):
        assert sentence in seen, sentence
    assert f'href="{page}/reviews/1"' in shown.text
    assert f'href="{page}@1.5.0"' in shown.text


def test_the_log_has_pages_and_survives_unknown_entries(database_url: str) -> None:
    with serve(database_url, time_zone="Pacific/Auckland") as api:
        api.publish(BASE, "1.0.0", NOW)
        with writing(api.application.serving.engine) as connection:
            for number in range(60):
                name = "thing.happen" if number else "draft.write"
                action = Action(name, "acme", f"level:gone-{number}")
                record(connection, Actor("cli:root"), action, NOW + timedelta(minutes=number))
        adm = author(api, "Adm", "admin", ladders=("acme",))
        first = adm.get(LOG).text
        assert "Times are in Pacific/Auckland." in words(first)
        assert "On 23 November 2026 01:59 root (on the server): thing.happen level:gone-59" in words(first)
        older = first.partition('rel="next" href="')[2].partition('"')[0]
        second = words(adm.get(older).text)
        assert "root (on the server) edited the level gone 0." in second
        assert "Older entries" not in second
        assert adm.get(f"{LOG}?before=0").status_code == 422


@pytest.mark.parametrize("path", [SETTINGS, LOG])
def test_only_admins_of_the_ladder_see_its_settings_and_its_log(api: Api, path: str) -> None:
    assert Browser(api).get(path).status_code == 401
    for person in (
        author(api, "Rea", "read"),
        author(api, "All", "write", "review", "publish"),
        author(api, "Els", "admin", ladders=("other",)),
    ):
        assert person.get(path).status_code == 403
        assert person.post(path, AS_IS).status_code in {403, 405}
        assert path not in person.get("/ladders/acme").text
        missing = person.get(path.replace("acme", "never-was"))
        assert (
            words(missing.text).partition("Request")[0]
            == words(person.get(path).text).partition("Request")[0]
        )
    own = author(api, "Own", "admin", ladders=("acme",))
    assert own.get(path).status_code == 200
    assert f'href="{path}"' in own.get("/ladders/acme").text
    assert own.get(path.replace("acme", "never-was")).status_code == 403


def test_settings_from_elsewhere_change_nothing(api: Api) -> None:
    adm = author(api, "Adm", "admin")
    page = adm.get(SETTINGS).text
    fields = {**hidden(page.partition("<main")[2]), **AS_IS, "visibility": "internal"}
    assert adm.post(SETTINGS, fields, sec_fetch_site="cross-site").status_code == 403
    assert adm.post(SETTINGS, {**fields, "token": "0" * 64}).status_code == 403
    other = tokens(author(api, "Adm", "admin").get(SETTINGS).text)
    assert adm.post(SETTINGS, {**fields, **other}).status_code == 403
    assert settings(api)["visibility"] == "public"
