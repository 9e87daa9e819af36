"""Triggers that refuse every change to a published release, on both engines.

Revision: 2026_11_22_seals, after 2026_11_22_releases. Imports nothing from `app`.

A later revision that rebuilds a table with `batch_alter_table` silently loses that table's triggers on SQLite, and
cannot rename the new table while a trigger elsewhere reads it. A revision that fills a new column violates the seal
on both engines. Run both within `lifted()`, which restores every trigger. Seal a new table of content with
`seal_content("new_table")`. Import them with

    seals = op.get_context().environment_context.script.get_revision("2026_11_22_seals").module
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from alembic import op

revision = "2026_11_22_seals"
down_revision = "2026_11_22_releases"
branch_labels = None
depends_on = None

CONTENT: Final = (
    *("entity", "track", "level", "scale", "step", "competency", "facet", "expectation", "proficiency"),
    *("statement", "example", "faq", "tip", "page", "threshold", "level_title", "attribute"),
    *("attribute_item", "about", "link", "source", "alignment", "external_id", "formerly", "removal"),
    "translation",
)
"""Tables whose rows belong to a release by `release_id`, and cannot change once it is sealed."""
SEALED: Final = "sealed: a published release never changes"
KEPT: Final = "kept for ever: rows are only added"


def upgrade() -> None:
    if not on_sqlite():
        create_functions()
    for table in CONTENT:
        seal_content(table)
    seal_release()
    seal_ladder()
    seal_history("release_event", "release_id", "position")
    seal_history("slug_history", "ladder_id", "kind", "slug")
    seal_registry()


def downgrade() -> None:
    for trigger, table, _ in triggers():
        run(f"DROP TRIGGER {trigger}" if on_sqlite() else f"DROP TRIGGER {trigger} ON {table}")
    if not on_sqlite():
        for name in FUNCTIONS:
            run(f"DROP FUNCTION {name}")


def seal_content(table: str) -> None:
    """Refuse INSERT, UPDATE and DELETE of rows whose old or new release is sealed."""
    if not on_sqlite():
        postgres(table, "BEFORE INSERT OR UPDATE OR DELETE", "seal_content")
        return
    sealed = 'SELECT 1 FROM "release" WHERE sealed AND id IN'
    sqlite(table, "INSERT", f"EXISTS ({sealed} (NEW.release_id))", SEALED)
    sqlite(table, "UPDATE", f"EXISTS ({sealed} (OLD.release_id, NEW.release_id))", SEALED)
    sqlite(table, "DELETE", f"EXISTS ({sealed} (OLD.release_id))", SEALED)


def seal_release() -> None:
    """Make a release start unsealed, keep its key, and refuse every change once it is sealed."""
    if not on_sqlite():
        postgres("release", "BEFORE INSERT OR UPDATE OR DELETE", "seal_release")
        return
    key = ("ladder_id", "major", "minor", "patch")
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    moved = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in ("id", *key))
    taken = f'EXISTS (SELECT 1 FROM "release" WHERE sealed AND (id = NEW.id OR ({same})))'  # noqa: S608 - names above
    sqlite("release", "INSERT", f"NEW.sealed IS NOT 0 OR {taken}", SEALED)
    sqlite("release", "UPDATE", f"OLD.sealed OR {moved}", SEALED)
    sqlite("release", "DELETE", "OLD.sealed", SEALED)


def seal_ladder() -> None:
    """Refuse changes to a ladder's identity; only its revision may change."""
    if not on_sqlite():
        postgres("ladder", "BEFORE UPDATE OR DELETE", "seal_ladder")
        return
    moved = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in ("id", "slug", "uuid"))
    taken = "EXISTS (SELECT 1 FROM ladder WHERE id = NEW.id OR slug = NEW.slug OR uuid = NEW.uuid)"
    sqlite("ladder", "INSERT", taken, KEPT)
    sqlite("ladder", "UPDATE", moved, KEPT)
    sqlite("ladder", "DELETE", 'EXISTS (SELECT 1 FROM "release" WHERE ladder_id = OLD.id)', KEPT)


def seal_history(table: str, *key: str) -> None:
    """Make a table append-only: refuse UPDATE, DELETE and INSERT OR REPLACE of an existing row."""
    if not on_sqlite():
        postgres(table, "BEFORE UPDATE OR DELETE", "seal_history")
        return
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - the tables named in upgrade()
    sqlite(table, "INSERT", taken, KEPT)
    sqlite(table, "UPDATE", "TRUE", KEPT)
    sqlite(table, "DELETE", "TRUE", KEPT)


def seal_registry() -> None:
    """Refuse rows of the slug registry for a sealed release."""
    if not on_sqlite():
        postgres("slug_history", "BEFORE INSERT", "seal_content", "release")
        return
    sealed = 'EXISTS (SELECT 1 FROM "release" WHERE sealed AND id = NEW.release_id)'
    sqlite("slug_history", "INSERT", sealed, SEALED, "release")


@contextmanager
def lifted() -> Iterator[None]:
    """Remove the seals while this block runs, then restore all of them unchanged."""
    before = triggers()
    for trigger, table, _ in before:
        run(f"DROP TRIGGER {trigger}" if on_sqlite() else f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    yield
    if not on_sqlite():
        run("SET CONSTRAINTS ALL IMMEDIATE")  # a table cannot be altered while checks of its rows are pending
    for trigger, table, statement in before:
        run(statement if on_sqlite() else f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


def triggers() -> list[tuple[str, str, str]]:
    """Return the name, table and statement of every existing seal."""
    listing = (
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 5) = 'seal_'"
        if on_sqlite()
        else "SELECT tgname, tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger "
        "WHERE left(tgname, 5) = 'seal_' AND NOT tgisinternal"
    )
    return [(row[0], row[1], row[2]) for row in op.get_bind().exec_driver_sql(listing)]


def sqlite(table: str, event: str, condition: str, message: str, name: str = "") -> None:
    """Create a trigger that refuses rows for which the condition holds.

    It runs BEFORE, because afterwards INSERT OR REPLACE would already have replaced the old row.
    """
    run(
        f'CREATE TRIGGER seal_{table}_{name or event.lower()} BEFORE {event} ON "{table}" FOR EACH ROW '
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{table} is {message}'); END"
    )


def postgres(table: str, when: str, function: str, name: str = "rows") -> None:
    """Create a trigger for rows, and (once per table) one that refuses TRUNCATE."""
    run(f'CREATE TRIGGER seal_{table}_{name} {when} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {function}()')
    if name == "rows":
        run(
            f'CREATE TRIGGER seal_{table}_truncate BEFORE TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION seal_history()"
        )


FUNCTIONS: Final = {
    "seal_check": """
        CREATE FUNCTION seal_check(release_id integer, place name) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE
            frozen boolean;
        BEGIN
            -- FOR SHARE: nobody can seal the release while this transaction still changes it.
            SELECT sealed INTO frozen FROM {schema}.release WHERE id = release_id FOR SHARE;
            IF frozen THEN
                RAISE integrity_constraint_violation USING MESSAGE = place || ' is {sealed}';
            END IF;
        END $$""",
    "seal_content": """
        CREATE FUNCTION seal_content() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'INSERT' THEN
                PERFORM {schema}.seal_check(OLD.release_id, TG_TABLE_NAME);
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            PERFORM {schema}.seal_check(NEW.release_id, TG_TABLE_NAME);
            RETURN NEW;
        END $$""",
    "seal_release": """
        CREATE FUNCTION seal_release() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NOT NEW.sealed THEN
                    RETURN NEW;
                END IF;
            ELSIF NOT OLD.sealed THEN
                IF TG_OP = 'DELETE' THEN
                    RETURN OLD;
                END IF;
                IF (OLD.id, OLD.ladder_id, OLD.major, OLD.minor, OLD.patch)
                        = (NEW.id, NEW.ladder_id, NEW.major, NEW.minor, NEW.patch) THEN
                    RETURN NEW;
                END IF;
            END IF;
            RAISE integrity_constraint_violation USING MESSAGE = 'release is {sealed}';
        END $$""",
    "seal_ladder": """
        CREATE FUNCTION seal_ladder() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF (OLD.id, OLD.slug, OLD.uuid) = (NEW.id, NEW.slug, NEW.uuid) THEN
                    RETURN NEW;
                END IF;
            ELSIF NOT EXISTS (SELECT FROM {schema}.release WHERE ladder_id = OLD.id) THEN
                RETURN OLD;
            END IF;
            RAISE integrity_constraint_violation USING MESSAGE = 'ladder is {kept}';
        END $$""",
    "seal_history": """
        CREATE FUNCTION seal_history() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE integrity_constraint_violation USING MESSAGE = TG_TABLE_NAME || ' is {kept}';
        END $$""",
}
"""PostgreSQL's trigger functions. They name the schema, so no temporary table can replace `release`."""


def create_functions() -> None:
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    for body in FUNCTIONS.values():
        run(body.format(schema=schema, sealed=SEALED, kept=KEPT))


def on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def run(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement)
