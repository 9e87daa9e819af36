"""Findings in the words of pages: what is wrong and what to do, by code. The exact message is shown as technical."""

from collections.abc import Mapping
from typing import Final

from app.web.translation.messages import N_

_WORDS: Final[Mapping[str, str]] = {
    "alignment-ladder-without-entity": N_(
        "A match names another ladder, but nothing in it. Name what matches."
    ),
    "alignment-names-nothing": N_("A match names nothing. Name what matches, or delete it."),
    "alignment-to-itself": N_("This is matched with itself. Name what it matches, or delete the match."),
    "ambiguous-address": N_("Two entries would have the same link. Change the short name of one of them."),
    "blank-line": N_("A title or line is empty. Fill it in, or delete it."),
    "blank-text": N_("A text is empty. Fill it in, or delete it."),
    "duplicate-about": N_("This names the same topic twice. Name it once."),
    "duplicate-description": N_("A category or group is described twice. Keep one description."),
    "duplicate-expectation": N_("This level has two expectations for the same competency. Merge them."),
    "dead-link": N_(
        "A link leads to no text of this ladder. Link to one of its texts, or to a whole web address."
    ),
    "duplicate-external-id": N_(
        "Two entries have the same number in another system. Keep it on one of them."
    ),
    "duplicate-former-slug": N_("A former short name is listed twice. Keep it where it belongs."),
    "duplicate-proficiency": N_("One step is described twice here. Merge the two descriptions."),
    "duplicate-rank": N_("Two levels of this track have the same rank. Give one of them another rank."),
    "duplicate-removal": N_("This is listed as removed twice. Keep one of the two."),
    "duplicate-slug": N_("Two entries have the same short name. Give one of them another."),
    "duplicate-successor": N_("The same successor is named twice. Name it once."),
    "duplicate-translation": N_("This is translated twice into the same language. Keep one translation."),
    "empty-ladder": N_("The ladder is empty. Add levels, competencies or texts."),
    "empty-override": N_(
        "This expectation is empty, so it hides the text of the other track. Delete it, or choose “Not in use”."
    ),
    "extending-without-extends": N_("This says how it adds to another track, but the track builds on none."),
    "extends-cycle": N_("Tracks build on one another in a circle. Let one of them build on none."),
    "extends-too-deep": N_("This track builds on too many others, one after the other."),
    "extends-without-ranks": N_(
        "This track builds on another, but not all levels have a rank, so nothing is taken over. Give all a rank."
    ),
    "facet-of-other-competency": N_("This facet belongs to another competency. Choose a facet of this one."),
    "former-slug-in-use": N_("A former short name is in use again. Change one of the two."),
    "former-slug-of-other": N_("A former short name belonged to something else. Take it out of the list."),
    "former-slug-without-slug": N_("This lists former short names, but has none now. Give it one."),
    "invalid-url": N_("A link is not a web address. Use one such as https://example.com/page."),
    "level-without-expectations": N_(
        "This level has no expectations yet, though other levels of its track have."
    ),
    "loose-space": N_("There is a space at the beginning or end, or a line break. Delete it."),
    "missing-former-slugs": N_("The short name was changed, but the former one is not listed. Add it."),
    "misplaced-translation": N_("A translation belongs to a text that has moved. Check it."),
    "mixed-ranks": N_(
        "Some levels of this track have a rank and others have none. Give all a rank, or none."
    ),
    "not-in-use-with-content": N_(
        "This is not in use here, but has text. Delete the text, or put it in use."
    ),
    "rank-order": N_("A level comes after a higher one. Put the levels in order, from the lowest up."),
    "removal-address": N_("The short name of something removed has the wrong form."),
    "removal-of-live": N_("Something is listed as removed, but is still there. Delete one of the two."),
    "removal-of-renamed": N_("Something is listed as removed, but was renamed. Keep one of the two."),
    "reserved-kind": N_("The kind “summary” cannot be used for a line. Choose another word."),
    "reused-slug": N_("This short name was published for something else. Choose one that was never used."),
    "scale-without-steps": N_("This scale has no steps. Add them, the lowest first."),
    "stale-translation": N_("The text was changed after it was translated. Check the translation."),
    "step-without-scale": N_("A step is chosen, but the competency has no scale. Choose a scale for it."),
    "taken-slug": N_("The short name of this ladder belongs to another ladder. Choose another."),
    "threshold-gives-nothing": N_("A range of points leads to no level and no title. Add one, or delete it."),
    "threshold-level-elsewhere": N_(
        "A range of points leads to a level of another track. Choose one of this track."
    ),
    "threshold-range": N_("A range of points ends before it begins. Swap the two numbers."),
    "too-many-cells": N_("The ladder is too large. Split it into several ladders."),
    "too-many-entities": N_("The ladder is too large. Split it into several ladders."),
    "too-many-items": N_("The ladder is too large. Split it into several ladders."),
    "too-many-levels": N_("The ladder has too many levels. Split it into several ladders."),
    "track-without-levels": N_("This track has no levels. Add one."),
    "translation-field": N_("A translation is for a text that cannot be translated."),
    "translation-same-language": N_("A translation is in the language of the ladder. Delete it."),
    "unknown-competency": N_("This names a competency that does not exist. Choose another, or add it."),
    "unknown-entity": N_("This names something that does not exist. Choose something else, or add it."),
    "unknown-facet": N_("This names a facet that does not exist. Choose another, or add it."),
    "unknown-kind": N_("This names something of a kind that does not exist."),
    "unknown-language": N_("The language is not known. Use a code such as en or de."),
    "unknown-level": N_("This names a level that does not exist. Choose another, or add it."),
    "unknown-scale": N_("This names a scale that does not exist. Choose another, or add it."),
    "unknown-step": N_("This names a step that is not in its scale. Choose one of the steps, or add it."),
    "unknown-track": N_("This names a track that does not exist. Choose another, or add it."),
    "unlisted-kind": N_("A line has a kind that this ladder does not list. Choose one that it lists."),
    "unused-category": N_("A category is described, but no competency is in it."),
    "unused-group": N_("A group is described, but no track is in it."),
    "unused-scale": N_("No competency uses this scale. Use it, or delete it."),
    "years-range": N_("The years end before they begin, or are below zero. Correct them."),
}
"""A sentence for each code of `SEVERITIES`."""


def finding_words(code: str) -> str:
    """Return what is wrong, in words for people who edit in the browser."""
    return _WORDS.get(code, code)
