"""Short ways to review and publish over HTTP, and to see what was logged."""

from typing import Any, Final

from sqlalchemy import select

from app.rubric.canonical import canonical, content_sha256
from app.rubric.ladder import Ladder
from app.store.engine import reading
from app.store.tables import METADATA
from tests.api.drafting import write_draft
from tests.api.serving import NOW, Api
from tests.rubric.drafts import draft

ACME: Final = "/v1/ladders/acme"
BASE: Final = draft()
"""The small ladder as its first release has it."""
HARDER: Final = draft({"/expectations/0/step": "expert"})
"""It asks more: a higher step."""
CLEARER: Final = draft({"/tips": [{"slug": "slow", "title": "Slowly", "text": "Take your time."}]})
"""It says more, and asks the same."""
TIDIER: Final = draft({"/title": "ACME"})
"""The same in other letters."""

Json = Any


def sha(ladder: Ladder) -> str:
    """The content hash of a ladder."""
    return content_sha256(canonical(ladder))


def begun(api: Api, ladder: Ladder, by: str = "ada") -> Ladder:
    """Publish the first release of the small ladder, and write the next draft of it as somebody."""
    api.publish(BASE, "1.0.0", NOW)
    write_draft(api, ladder, by)
    return ladder


def logged(api: Api, *columns: str) -> list[tuple[Any, ...]]:
    """Return these columns of the audit log, oldest entry first."""
    audit = METADATA.tables["audit"]
    with reading(api.application.serving.engine) as connection:
        rows = connection.execute(select(*(audit.c[name] for name in columns)).order_by(audit.c.id))
        return [tuple(row) for row in rows]
