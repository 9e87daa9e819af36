"""Rights in the words of the pages, and the parts of a form that choose them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.errors import Fault, Invalid
from app.rubric.suggest import did_you_mean
from app.rubric.text import folded
from app.serving.answers.answer import Answer
from app.serving.serving import Serving
from app.store.access.people import PersonGrant
from app.store.access.rights import RIGHTS, Right
from app.web.layout.account import RIGHT_WORDS
from app.web.layout.draft_notice import drafts_for, titled
from app.web.layout.editing.form_fields import Choice
from app.web.translation.messages import N_, Message

ALL: Final = "*"
"""The value of the choice "all ladders"."""
LADDER: Final = "ladder"
"""The name of the field that chooses a ladder."""
MOST_CHOICES: Final = 200
"""Most ladders in a menu. If there are more, the form asks for a name."""
_MEANINGS: Final[Mapping[Right, Message]] = {
    "read": N_("see ladders that are not public"),
    "write": N_("change drafts and ask for reviews"),
    "review": N_("read drafts, comment, approve or ask for changes"),
    "publish": N_("publish, schedule and withdraw releases"),
    "admin": N_("do all of this, and manage settings, people and keys"),
}


@dataclass(frozen=True, slots=True)
class RightChoice:
    """One right to tick in a form."""

    name: Right
    words: Message
    meaning: Message
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Ladders:
    """The ladders on which a visitor can hand out rights."""

    titles: Mapping[str, str]
    """Their titles, by slug, in order of slug."""
    all_too: bool
    """True if the visitor administers all ladders, also future ones."""

    @property
    def is_short(self) -> bool:
        """True if they fit into a menu."""
        return len(self.titles) <= MOST_CHOICES

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The options of the menu."""
        everything = (Choice(ALL, N_("All ladders, also future ones")),) if self.all_too else ()
        ladders = (Choice(slug, title) for slug, title in self.titles.items())
        return (Choice("", N_("Choose")), *ladders, *everything)

    def words(self, ladder: str | None) -> str:
        """Return the name of a ladder; None stands for all ladders."""
        return N_("All ladders") if ladder is None else self.titles.get(ladder, ladder)

    def chosen(self, given: str) -> str | None:
        """Return the slug of the ladder that a form names by its slug or title; None for all ladders.

        Raises Invalid with the field.
        """
        text = given.strip()
        if text == ALL and self.all_too:
            return None
        if text in self.titles:
            return text
        found = [slug for slug, title in self.titles.items() if folded(title) == folded(text)]
        if len(found) == 1:
            return found[0]
        detail = (
            "Choose a ladder." + did_you_mean(text, self.titles, quoted=False) if text else "Choose a ladder."
        )
        raise Invalid(detail, faults=[Fault(detail, parameter=LADDER)])


def ladders_of(serving: Serving, answer: Answer) -> Ladders:
    """Return the ladders that the visitor administers: published ones, and drafts. Raises Unavailable."""
    catalog, within = answer.catalog, answer.caller.where("admin")
    found = {slug: catalog.shown(slug).title for slug in catalog.releases if within is None or slug in within}
    drafts = {slug for slug in drafts_for(serving, answer) if within is None or slug in within}
    found |= dict(titled(serving, drafts - found.keys()))
    if within is not None:  # ladders that do not exist yet, or have another name by now
        known = catalog.names(found)
        found |= {slug: slug for slug in within if slug not in known}
    return Ladders(dict(sorted(found.items())), within is None)


def right_choices(chosen: Iterable[str]) -> tuple[RightChoice, ...]:
    """Return all rights for a form, with those that are chosen."""
    given = set(chosen)
    return tuple(RightChoice(right, RIGHT_WORDS[right], _MEANINGS[right], right in given) for right in RIGHTS)


def chosen_rights(form: Mapping[str, str]) -> tuple[Right, ...]:
    """Return the rights that are ticked in a form."""
    return tuple(right for right in RIGHTS if form.get(right))


def rights_words(rights: Iterable[Right]) -> tuple[str, ...]:
    """Return the short words for rights."""
    return tuple(RIGHT_WORDS[right] for right in rights)


def grant_lines(
    grants: Iterable[PersonGrant], ladders: Ladders
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the value of the choice, the name of the ladder, and the words of the rights of each grant."""
    for grant in grants:
        yield grant.ladder or ALL, ladders.words(grant.ladder), rights_words(grant.rights)
