"""Parts of generated entities: the properties that all entities share, and the texts inside them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from hypothesis import strategies as st

from tests.scalars import days, lines, slugs, texts, urls

Json = dict[str, object]


@dataclass(frozen=True)
class PartWriter:
    """Writes parts of entities from what hypothesis draws; knows which slugs are taken.

    One draw decides which optional properties are there, so that a ladder costs few draws.
    """

    draw: st.DrawFn
    max_size: int
    """Longest list."""
    taken: Counter[str] = field(default_factory=Counter)
    """How often each `kind:slug` was wanted."""
    targets: list[str] = field(default_factory=list)
    """What may be mentioned, as `kind:slug`."""

    def some(self, **choices: st.SearchStrategy[object]) -> Json:
        """Some of the optional properties: one draw says which."""
        chosen = self.draw(st.integers(0, 2 ** len(choices) - 1))
        return {
            name: self.draw(choice) for bit, (name, choice) in enumerate(choices.items()) if chosen >> bit & 1
        }

    def chance(self) -> bool:
        return self.draw(st.booleans())

    def size(self) -> int:
        return self.draw(st.integers(0, self.max_size))

    def slug(self, kind: str) -> str:
        """Return a slug that no other entity of the kind has or had."""
        base = self.draw(slugs)
        self.taken[f"{kind}:{base}"] += 1
        number = self.taken[f"{kind}:{base}"]
        return base if number == 1 else f"{base}-n{number}"

    def many(self, kind: str, **more: object) -> list[Json]:
        """Fresh entities of a kind, with slug and title only."""
        made = [{"slug": self.slug(kind), "title": self.draw(lines), **more} for _ in range(self.size())]
        self.targets.extend(f"{kind}:{entity['slug']}" for entity in made)
        return made

    def shared(self, kind: str, *, named: bool = True) -> Json:
        """Return the lists that every entity ends with; most entities have none."""
        return self.lists(kind, named=named) if self.draw(st.integers(0, 3)) == 3 else {}

    def lists(self, kind: str, *, named: bool = True) -> Json:
        """Some of those lists, with a former slug where the entity has a slug (`named`)."""
        found = self.some(
            references=st.lists(self.links(), min_size=1, max_size=2, unique_by=_link_slug),
            sources=st.lists(self.sources(), min_size=1, max_size=2),
            alignments=st.lists(self.alignments(), min_size=1, max_size=2),
            external_ids=st.lists(_EXTERNAL_IDS, min_size=1, max_size=2),
        )
        if named and self.chance():
            found["formerly"] = [self.slug(kind) for _ in range(self.draw(st.integers(1, 2)))]
        return found

    def licences(self) -> st.SearchStrategy[Json]:
        return st.fixed_dictionaries({"title": lines}, optional={"url": urls})

    def links(self) -> st.SearchStrategy[Json]:
        optional = {"slug": slugs, "kind": st.sampled_from(["tool", "book"]), "summary": texts}
        return st.fixed_dictionaries({"title": lines, "url": urls}, optional=optional)

    def sources(self) -> st.SearchStrategy[Json]:
        optional = {"url": urls, "author": lines, "licence": lines, "retrieved": days, "note": texts}
        return st.fixed_dictionaries({"title": lines}, optional=optional)

    def alignments(self) -> st.SearchStrategy[Json]:
        match = st.sampled_from(["exact", "close", "broader", "narrower", "related"])
        words = {"title": lines, "note": texts}
        choices: list[st.SearchStrategy[Json]] = [
            st.fixed_dictionaries({"match": match, "uri": urls}, optional={"framework": lines, **words}),
            st.fixed_dictionaries({"match": match, "framework": lines}, optional=words),
            st.fixed_dictionaries(
                {"match": match, "entity": st.just("level:l9"), "ladder": st.just("elsewhere-x")},
                optional=words,
            ),
        ]
        if self.targets:
            here = {"match": match, "entity": st.sampled_from(self.targets)}
            choices.append(st.fixed_dictionaries(here, optional={"framework": lines, **words}))
        return st.one_of(choices)

    def example(self) -> Json:
        named: Json = {"slug": self.slug("example")} if self.chance() else {}
        return {
            "text": self.draw(texts),
            **named,
            **self.some(title=lines),
            **self.shared("example", named=bool(named)),
        }

    def examples(self) -> list[Json]:
        return [self.example() for _ in range(self.draw(st.sampled_from([0, 0, 1, 2])))]

    def statement(self) -> Json:
        named: Json = {"slug": self.slug("statement")} if self.chance() else {}
        return {
            "text": self.draw(texts),
            "examples": self.examples(),
            **named,
            **self.some(kind=st.sampled_from(["core", "growth", "indicator", "task"])),
            **self.shared("statement", named=bool(named)),
        }

    def statements(self) -> list[Json]:
        return [self.statement() for _ in range(self.size())]


_EXTERNAL_IDS: Final = st.fixed_dictionaries({"system": slugs, "id": lines})


def _link_slug(link: Mapping[str, object]) -> object:
    return link.get("slug", id(link))
