"""Rules of translations: each translates an existing text into another language, once."""

from collections.abc import Iterator
from typing import Final

from app.rubric.ladder import Translation
from app.rubric.rules.findings import Desk, Finding, Rule
from app.rubric.rules.mentions import unknown_target
from app.rubric.shape import ENTITIES, properties, written

_SHOWN: Final = 8
"""Most texts of an entity that a message lists."""


def translations(desk: Desk) -> Iterator[Finding]:
    """Find translations of unknown texts, into the ladder's own language, or repeated."""
    fields: dict[str, tuple[str, ...]] = {}
    seen: dict[tuple[str, str, str], int] = {}
    for position, translation in enumerate(desk.ladder.translations):
        path = f"/translations/{position}"
        yield from unknown_target(desk, f"{path}/entity", "a translation is of", translation.entity)
        yield from _field(desk, path, translation, fields)
        if translation.language.lower() == desk.ladder.language.lower():
            message = (
                f"the ladder itself is written in {desk.ladder.language!r}; "
                f"write the text in {translation.entity}, or correct the language"
            )
            yield Finding(f"{path}/language", "translation-same-language", message)
        key = (translation.entity, translation.field, translation.language.lower())
        if seen.setdefault(key, position) != position:
            message = (
                f"`{translation.field}` of {translation.entity} already has a translation into "
                f"{translation.language!r} at "
                f"/translations/{seen[key]}; keep one of the two"
            )
            yield Finding(path, "duplicate-translation", message)


def _field(
    desk: Desk, path: str, translation: Translation, fields: dict[str, tuple[str, ...]]
) -> Iterator[Finding]:
    """Find a field that is not a text of its entity. `fields` caches the texts of entities."""
    node = desk.index.find_target(translation.entity)
    if node is None:
        return
    if node.target not in fields:
        fields[node.target] = tuple(
            text.pointer for text in written(node.entity) if not text.pointer.startswith("translations/")
        )
    known = fields[node.target]
    if translation.field in known:
        return
    first = properties(type(node.entity)).get(translation.field.partition("/")[0])
    if first is not None and first.part in ENTITIES:
        cure = "; name the inner entity by its own `kind:slug`"
    elif first is not None and first.holds is not None and not first.many:
        cure = "; write it in the ladder's own language first"
    else:
        shown = ", ".join(known[:_SHOWN]) + (", …" if len(known) > _SHOWN else "")
        cure = f"{desk.near(translation.field, known)} use one of its texts: {shown}"
    message = f"{translation.entity} has no text at `{translation.field}`{cure}"
    yield Finding(f"{path}/field", "translation-field", message)


RULES: Final[tuple[Rule, ...]] = (translations,)
