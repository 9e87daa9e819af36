"""Editing a ladder, one entity at a time: each function takes a ladder and gives a new one.

A ladder stays of the right shape whatever is done here; whether it keeps the rules is asked afterwards (`check`).
`base` is the release that a draft builds on: what is in it was published, so its slugs are remembered and its
removal is worth a word. None means that the ladder was never published.

| module | what it gives |
|---|---|
| `putting.py` | put an entity, new or in the place of the one that is there |
| `root.py` | what the ladder says of itself |
| `renaming.py` | another slug, with everything that names the entity |
| `removing.py` | take an entity away, and say why |
| `ordering.py` | siblings in another order |
| `tree.py` | the ladder with one place changed |
| `mentions.py` | what names entities as `kind:address`, and goes along when addresses change |
"""

from app.rubric.editing.ordering import reorder
from app.rubric.editing.putting import Edited, put
from app.rubric.editing.removing import Parting, remove
from app.rubric.editing.renaming import rename
from app.rubric.editing.root import LadderRoot, put_root

__all__ = ["Edited", "LadderRoot", "Parting", "put", "put_root", "remove", "rename", "reorder"]
