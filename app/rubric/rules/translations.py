"""Rules of translation: each gives a text that is there, in another language, once."""

from collections.abc import Iterator
from typing import Final

from app.rubric.ladder import Translation
from app.rubric.rules.findings import Desk, Finding, Rule
from app.rubric.rules.mentions import unknown_target
from app.rubric.shape import ENTITIES, properties, written

_SHOWN: Final = 8
"""How many of an entity's texts a message lists."""


def translations(desk: Desk) -> Iterator[Finding]:
    """A translation names a text of an entity and another language, and none does so twice."""
    fields: dict[str, tuple[str, ...]] = {}
    seen: dict[tuple[str, str, str], int] = {}
    for position, translation in enumerate(desk.ladder.translations):
        path = f"/translations/{position}"
        yield from unknown_target(desk, f"{path}/entity", "a translation is of", translation.entity)
        yield from _field(desk, path, translation, fields)
        if translation.language.lower() == desk.ladder.language.lower():
            message = (
                f"the ladder is written in {desk.ladder.language!r} itself; "
                f"put the text into {translation.entity}, or mend the language"
            )
            yield Finding(f"{path}/language", "translation-same-language", message)
        key = (translation.entity, translation.field, translation.language.lower())
        if seen.setdefault(key, position) != position:
            message = (
                f"`{translation.field}` of {translation.entity} is in {translation.language!r} already, at "
                f"/translations/{seen[key]}; keep one of the two"
            )
            yield Finding(path, "duplicate-translation", message)


def _field(
    desk: Desk, path: str, translation: Translation, fields: dict[str, tuple[str, ...]]
) -> Iterator[Finding]:
    """A finding where the field is none of the entity's texts; `fields` keeps those once read."""
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
        cure = "; name the entity in it by its own `kind:slug`"
    elif first is not None and first.holds is not None and not first.many:
        cure = "; write it in the ladder's own language first"
    else:
        shown = ", ".join(known[:_SHOWN]) + (", …" if len(known) > _SHOWN else "")
        cure = f"{desk.near(translation.field, known)} name one of its texts: {shown}"
    message = f"{translation.entity} has no text at `{translation.field}`{cure}"
    yield Finding(f"{path}/field", "translation-field", message)


RULES: Final[tuple[Rule, ...]] = (translations,)
