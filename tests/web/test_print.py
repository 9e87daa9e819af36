"""Printed pages: what is repeated on every sheet, and that a part of a ladder is complete by itself."""

from tests.api.serving import NOW, serve
from tests.databases import SqliteDatabases
from tests.rubric.drafts import draft

_EXTENDED = {
    "/levels/0/rank": 4,
    "/levels/0/years_from": 2,
    "/levels/0/other_titles": ["Programmer"],
    "/levels/1/rank": 5,
    "/tracks/0/thresholds": [{"points_from": 3, "points_to": 5, "level": "l4"}],
    "/tracks/-": {"slug": "data", "title": "Data", "extends": "ic"},
    "/levels/-": {"slug": "d4", "track": "data", "title": "Analyst", "rank": 4},
    "/expectations/0/summary": "Tests what they write.",
}


def test_a_printed_track_has_years_titles_points_and_the_texts_it_inherits(
    sqlite_databases: SqliteDatabases,
) -> None:
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(draft(_EXTENDED), "1.0.0", NOW)
        whole, inherited, own = (
            api.client.get(f"/ladders/acme/print{query}").text for query in ("", "?track=data", "?track=ic")
        )
    assert 'data-running="Acme · 1.0.0">' in own
    assert "<dt>Usual experience<dd>2 years and more\n<dt>Also called<dd>Programmer\n" in own
    assert "<dt>3 to 5<dd>Engineer\n" in own
    assert "Same as Engineer.<p>Tests what they write.</p>" in inherited
    assert whole.count("Tests what they write.") == 1


def test_the_styles_of_a_print_repeat_title_and_release_and_number_the_sheets(
    sqlite_databases: SqliteDatabases,
) -> None:
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        styles = api.client.get("/assets/page.css").text.partition("@media print")[2]
    assert ":root { --running: attr(data-running); }" in styles
    assert "@top-left { content: var(--running)" in styles
    assert '@bottom-right { content: counter(page) " / " counter(pages)' in styles
