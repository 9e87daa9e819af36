"""The tables, one SQLModel class each; `METADATA` holds them all.

`identity` has ladders and releases, `content` one table for each kind of entity, `lists` one for each list that an
entity owns, `authoring` the data of authors and operators apart from releases, `people` the rights that admins
granted, `searching` the search index, and `derived` what follows from several releases.
"""

from app.store.tables import authoring, content, derived, identity, lists, people, searching
from app.store.tables.base import METADATA

__all__ = ["METADATA", "authoring", "content", "derived", "identity", "lists", "people", "searching"]
