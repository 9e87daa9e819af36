"""The tables, one SQLModel class each; `METADATA` holds them all.

What is not content lies in `identity`, one table for each word of the domain in `content`, one for each list
that an entity owns in `lists`, what authors and operators keep beside releases in `authoring`, what search
reads in `searching`.
"""

from app.store.tables import authoring, content, identity, lists, searching
from app.store.tables.base import METADATA

__all__ = ["METADATA", "authoring", "content", "identity", "lists", "searching"]
