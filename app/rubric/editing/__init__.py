"""Editing a ladder, one entity at a time: each function takes a ladder and gives a new one.

Every edit keeps the shape of a ladder; `check` reports afterwards whether it follows the rules. `base` is the release
that a draft builds on. Its entities were published, so their slugs are remembered and their removals recorded. None
means that the ladder was never published.

| module | purpose |
|---|---|
| `putting.py` | add or replace an entity |
| `root.py` | the ladder's own properties |
| `renaming.py` | give an entity a new slug, and update references |
| `removing.py` | remove an entity, with a reason |
| `ordering.py` | reorder siblings |
| `copying.py` | a new ladder with the content of another one |
| `tree.py` | the ladder with one place changed |
| `mentions.py` | update mentions (`kind:address`) when addresses change |
"""

from app.rubric.editing.copying import copy_as
from app.rubric.editing.ordering import reorder
from app.rubric.editing.putting import Edited, put
from app.rubric.editing.removing import Parting, parts_of, remove
from app.rubric.editing.renaming import rename
from app.rubric.editing.root import LadderRoot, put_root

__all__ = [
    "Edited",
    "LadderRoot",
    "Parting",
    "copy_as",
    "parts_of",
    "put",
    "put_root",
    "remove",
    "rename",
    "reorder",
]
