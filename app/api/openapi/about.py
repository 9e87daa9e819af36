"""The texts at the head of the OpenAPI document: what the API is, and what each of its tags means."""

from typing import Final

ABOUT: Final = """\
A REST API that serves career ladders as versioned JSON: levels, competencies, facets, examples, FAQs, and views such
as the matrix and the comparison of two levels.

**Ladders and releases.** `netflix-engineering` is the release of that ladder in force today.
`netflix-engineering@1.0.0` is exactly that release; it never changes and can be cached forever. `@latest` is the
newest published release, and `@draft` is the draft that authors edit. Every body names its ladder and release. All
links except `self` and `current` are pinned, so a client that follows links reads one release.

**Bodies.** A field that is not set is left out, never `null`. An optional list is left out if it is empty. The
lists of a page (`items`) are always there. `fields` returns fewer fields.
`expand` adds related entities under `included`, each once. Within `/v1`, new fields, values and problem codes may be
added, so accept values that you do not know (`x-extensible-enum` lists those known today).

**Errors** are problem details (RFC 9457) with a stable `code`. They say what is wrong, where, and how to fix it.

**Caching.** Send the `ETag` of your copy as `If-None-Match`. If nothing has changed, the response is a 304.
"""
TAGS: Final = {
    "start": "Entry points for people and machines.",
    "ladders": "A ladder is one career framework of one organisation.",
    "document": "A whole release in one body, for copies and backups.",
    "findings": "Errors and warnings about a draft or a release.",
    "tracks": "A track is a path through the ladder, such as individual contributor or management.",
    "levels": "A level is a rung of a track.",
    "effective": "The effective expectations of a level: its own and those it inherits.",
    "progression": "The levels that can follow a level, and self-ratings measured against a level.",
    "competencies": "A competency is a quality that is assessed, such as system design mastery.",
    "facets": "A facet is a part of a competency.",
    "expectations": "An expectation is what a level expects in a competency or facet: one cell of the matrix.",
    "matrix": "Levels side by side, with a short form of what each expects in each competency and facet.",
    "tables": "Flat tables without pages, the whole ladder as a workbook, and files for HR systems.",
    "compare": "The differences between two levels of one or two tracks, releases or ladders.",
    "examples": "An example is a concrete illustration of a level, competency, facet, expectation or statement.",
    "scales": "A scale is a list of proficiency steps. Steps may have points.",
    "faqs": "Questions about the ladder, with answers.",
    "tips": "Advice to the reader.",
    "pages": "Longer texts, such as an overview or a history.",
    "pictures": "Pictures in SVG and PNG, for dashboards and wikis.",
    "releases": "A release is an immutable published version of a whole ladder.",
    "diff": "The changes between two releases, or a release and the draft, and what they mean for people.",
    "search": "Full-text search in one ladder or in all.",
    "reviews": "A review asks others to check a draft before it is published.",
    "settings": "Settings of a ladder: who can see it, and whether publishing needs a review.",
    "entities": "Every entity has a UUID that stays the same in every release, and after a rename.",
    "people": "People of the OpenID Connect issuer, and the rights that admins grant to them.",
    "keys": "API keys, with which programs authenticate.",
    "audit": "The audit log: who did what, when, and from where.",
    "health": "Health checks for operators.",
}
