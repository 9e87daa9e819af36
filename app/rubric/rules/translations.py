"""Rules of translations: each translates an existing text into another language, once."""

from collections.abc import Iterator
from typing import Final

from app.rubric.entities import Node
from app.rubric.ladder import Translation
from app.rubric.rules.findings import Finding, Rule, RuleContext
from app.rubric.rules.mentions import unknown_target
from app.rubric.shape import ENTITIES, properties, written

_SHOWN: Final = 8
"""Most texts of an entity that a message lists."""


def translations(context: RuleContext) -> Iterator[Finding]:
    """Find translations of unknown texts, into the ladder's own language, or repeated."""
    texts = _Texts()
    seen: dict[tuple[str, str, str], int] = {}
    for position, translation in enumerate(context.ladder.translations):
        path = f"/translations/{position}"
        yield from unknown_target(context, f"{path}/entity", "a translation is of", translation.entity)
        yield from _field(context, path, translation, texts)
        yield from _source(context, path, translation, texts)
        if translation.language.lower() == context.ladder.language.lower():
            message = (
                f"the ladder itself is written in {context.ladder.language!r}; "
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


class _Texts(dict[str, dict[str, str]]):
    """The texts of entities by target and field, each entity read once."""

    def of(self, node: Node) -> dict[str, str]:
        """Return the texts of an entity by field, without its translations."""
        known = self.get(node.target)
        if known is None:
            texts = ((text.pointer, text.text) for text in written(node.entity))
            known = self[node.target] = {
                field: text for field, text in texts if not field.startswith("translations/")
            }
        return known


def _field(context: RuleContext, path: str, translation: Translation, texts: _Texts) -> Iterator[Finding]:
    """Find a field that is not a text of its entity."""
    node = context.index.find_target(translation.entity)
    if node is None:
        return
    known = tuple(texts.of(node))
    if translation.field in known:
        return
    first = properties(type(node.entity)).get(translation.field.partition("/")[0])
    if first is not None and first.part in ENTITIES:
        cure = "; name the inner entity by its own `kind:slug`"
    elif first is not None and first.holds is not None and not first.many:
        cure = "; write it in the ladder's own language first"
    else:
        shown = ", ".join(known[:_SHOWN]) + (", …" if len(known) > _SHOWN else "")
        cure = f"{context.near(translation.field, known)} use one of its texts: {shown}"
    message = f"{translation.entity} has no text at `{translation.field}`{cure}"
    yield Finding(f"{path}/field", "translation-field", message)


def _source(context: RuleContext, path: str, translation: Translation, texts: _Texts) -> Iterator[Finding]:
    """Find a translation that was made from another text than the one it belongs to."""
    node = context.index.find_target(translation.entity)
    if node is None or translation.source is None:
        return
    now = texts.of(node).get(translation.field)
    if now is None or now == translation.source:
        return
    found = next(_places_of(context, node, translation, texts), None)
    if found is not None:
        entity, field = found
        message = (
            f"the translation was made from a text that is now `{field}` of {entity}; "
            "move the translation there, and translate the text that it belongs to now"
        )
        yield Finding(path, "misplaced-translation", message)
        return
    message = (
        f"`{translation.field}` of {translation.entity} has changed since it was translated; "
        "check the translation, then write the present text in `source`"
    )
    yield Finding(f"{path}/source", "stale-translation", message)


def _places_of(
    context: RuleContext, node: Node, translation: Translation, texts: _Texts
) -> Iterator[tuple[str, str]]:
    """Give the places where the source text is now, as entity and field.

    Only places with a position in their name can shift: items of a list, and entities without a slug.
    """
    if any(part.isdigit() for part in translation.field.split("/")):
        name = translation.field.partition("/")[0]
        for field, text in texts.of(node).items():
            if field.partition("/")[0] == name and text == translation.source:
                yield node.target, field
    if node.owner is not None and node.uuid is None:
        for other in context.index.inside.get(node.owner, ()):
            if other.kind == node.kind and texts.of(other).get(translation.field) == translation.source:
                yield other.target, translation.field


RULES: Final[tuple[Rule, ...]] = (translations,)
