"""Marks on pages: what is new or changed in the release that a page shows."""

import re

from tests.api.serving import NOW, serve
from tests.databases import SqliteDatabases
from tests.rubric.drafts import draft

_HARDER = {"/expectations/1/step": "novice"}
_LARGER = {
    **_HARDER,
    "/levels/0/title": "Junior engineer",
    "/competencies/-": {"slug": "care", "title": "Care"},
    "/expectations/-": {"level": "l4", "competency": "care", "summary": "Cares."},
}
_MARK = re.compile(r'<span class="tag new"[^>]*>([^<]+)</span>')


def test_pages_mark_what_is_new_or_changed_in_their_release(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        for number, ladder in (("1.0.0", draft()), ("2.0.0", draft(_HARDER)), ("3.0.0", draft(_LARGER))):
            api.publish(ladder, number, NOW)

        def marks(page: str) -> list[str]:
            return _MARK.findall(api.client.get(f"/ladders/acme{page}").text)

        assert marks("/levels/l4") == ["Changed in 3.0.0", "New in 3.0.0"]
        assert marks("/competencies/care") == ["New in 3.0.0", "New in 3.0.0"]
        assert marks("/matrix") == ["Changed in 3.0.0", "New in 3.0.0", "New in 3.0.0"]
        assert marks("@2.0.0/levels/l5") == ["Changed in 2.0.0"]
        assert marks("@2.0.0/matrix?level=l5") == ["Changed in 2.0.0"]
        for page in ("@1.0.0/levels/l4", "@1.0.0/matrix", "@2.0.0/levels/l4", "/levels/l5"):
            assert marks(page) == []


def test_a_ladder_names_its_organisation_language_size_and_date(sqlite_databases: SqliteDatabases) -> None:
    ladder = draft({"/organisation": "Acme Ltd", "/language": "de-AT"})
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(ladder, "1.0.0", NOW)
        page = api.client.get("/ladders/acme").text
    facts = re.findall(r"<dt>([^<]+)</dt><dd[^>]*>([^<]+)</dd>", page)
    assert facts[:4] == [
        ("Version", "1.0.0, gültig ab dem 22. November 2026"),
        ("Organisation", "Acme Ltd"),
        ("Sprache", "Deutsch (Österreich)"),
        ("Umfang", "2 Stufen, 2 Kompetenzen, 2 Facetten"),
    ]
