"""Entries of the audit log as sentences: who did what."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from app.rubric.index import Index
from app.rubric.people import COMMAND
from app.store.audit import AuditRecord
from app.web.layout.rendering import display_name
from app.web.translation.messages import N_

_KINDS: Final[Mapping[str, str]] = {
    "track": N_("the track"),
    "level": N_("the level"),
    "scale": N_("the scale"),
    "competency": N_("the competency"),
    "facet": N_("the facet"),
    "expectation": N_("the expectation"),
    "faq": N_("the question"),
    "tip": N_("the tip"),
    "page": N_("the text"),
    "ladder": N_("the description of the ladder"),
}
_Written = tuple[str, tuple[str, ...]]
"""A sentence, and further sentences with details."""
_PLAIN: Final[Mapping[str, Callable[[str, str], str]]] = {
    "ladder.create": lambda who, _: N_("%(who)s created the ladder.", who=who),
    "draft.discard": lambda who, _: N_("%(who)s discarded the draft.", who=who),
    "review.open": lambda who, it: N_("%(who)s opened review %(number)s.", who=who, number=it),
    "review.comment": lambda who, it: N_("%(who)s commented in review %(number)s.", who=who, number=it),
    "review.approve": lambda who, it: N_(
        "%(who)s approved the draft in review %(number)s.", who=who, number=it
    ),
    "review.request-changes": lambda who, it: N_(
        "%(who)s asked for changes in review %(number)s.", who=who, number=it
    ),
    "key.create": lambda who, it: N_("%(who)s created the key %(key)s.", who=who, key=it),
    "key.rotate": lambda who, it: N_("%(who)s replaced the key %(key)s.", who=who, key=it),
    "key.revoke": lambda who, it: N_("%(who)s revoked the key %(key)s.", who=who, key=it),
}
"""The sentences of actions without details."""


def sentence_of(entry: AuditRecord, index: Index | None) -> tuple[str, tuple[str, ...]]:
    """Return an entry as a sentence, and further sentences with details.

    Args:
        entry: The entry.
        index: The present content of the ladder, for the names of entities; None if there is none.
    """
    action, details = entry.action, entry.action.detail or {}
    who, target = _person(entry.actor.who), action.target or ""
    plain = _PLAIN.get(action.name)
    if plain is not None:
        return plain(who, target), ()
    write = _WRITERS.get(action.name)
    if write is not None:
        return write(who, target, details, index)
    return N_("%(who)s: %(action)s %(target)s", who=who, action=action.name, target=target), ()


def _draft_write(who: str, target: str, _: Mapping[str, Any], index: Index | None) -> _Written:
    if not target:
        return N_("%(who)s saved the whole draft.", who=who), ()
    kind, _colon, slug = target.partition(":")
    node = None if index is None else index.find_target(target)
    name = slug.replace("--", ", ").replace("-", " ") if node is None else display_name(node)
    if kind == "ladder":
        return N_("%(who)s edited the description of the ladder.", who=who), ()
    what = _KINDS.get(kind, kind)
    return N_("%(who)s edited %(what)s %(name)s.", who=who, what=what, name=name), ()


def _review_close(who: str, target: str, details: Mapping[str, Any], _: Index | None) -> _Written:
    match details.get("why"):
        case "published":
            words = N_(
                "Review %(number)s ended, because %(who)s published the draft.", number=target, who=who
            )
        case "discarded":
            words = N_(
                "Review %(number)s ended, because %(who)s discarded the draft.", number=target, who=who
            )
        case _:
            words = N_("%(who)s withdrew review %(number)s.", who=who, number=target)
    return words, ()


def _grant(who: str, _target: str, details: Mapping[str, Any], _: Index | None) -> _Written:
    person = details.get("email") or details.get("subject") or ""
    rights = ", ".join(details.get("after") or details.get("rights") or ())
    if not rights:
        return N_("%(who)s took all rights on the ladder from %(person)s.", who=who, person=person), ()
    return N_("%(who)s gave %(person)s these rights: %(rights)s.", who=who, person=person, rights=rights), ()


def _bind(who: str, _target: str, details: Mapping[str, Any], _: Index | None) -> _Written:
    rights = ", ".join(details.get("rights") or ())
    return N_("%(who)s took up an invitation with these rights: %(rights)s.", who=who, rights=rights), ()


def _publish(who: str, target: str, details: Mapping[str, Any], _: Index | None) -> _Written:
    more = []
    if details.get("corrects"):
        more.append(N_("It corrects %(release)s.", release=details["corrects"]))
    if details.get("because"):
        minimum = details.get("minimum", "")
        more.append(
            N_(
                "The number is below the minimum %(minimum)s, because: %(because)s",
                minimum=minimum,
                because=details["because"],
            )
        )
    if details.get("override_review"):
        more.append(N_("The required review was left out, because: %(why)s", why=details["override_review"]))
    return N_("%(who)s published %(release)s.", who=who, release=target), tuple(more)


def _event(who: str, target: str, kind: str, details: Mapping[str, Any]) -> _Written:
    date = str(details.get("effective_from", "")).partition("T")[0]
    words = {
        "deprecate": lambda: N_("%(who)s retired %(release)s.", who=who, release=target),
        "withdraw": lambda: N_("%(who)s withdrew %(release)s.", who=who, release=target),
        "reschedule": lambda: N_(
            "%(who)s moved the date of %(release)s to %(date)s.", who=who, release=target, date=date
        ),
    }[kind]()
    more = [N_("Reason: %(reason)s", reason=details.get("reason", ""))]
    if details.get("successor"):
        more.append(N_("Read %(release)s instead.", release=details["successor"]))
    return words, tuple(more)


def _settings(who: str, _target: str, details: Mapping[str, Any], _: Index | None) -> _Written:
    before, after = details.get("before", {}), details.get("after", {})
    more = []
    if before.get("visibility") != after.get("visibility"):
        more.append(
            N_("Only people with a right on the ladder see it now.")
            if after.get("visibility") == "internal"
            else N_("Everybody can see the ladder now.")
        )
    if before.get("require_review") != after.get("require_review"):
        words = {
            True: N_("A draft needs an approval now."),
            False: N_("A draft needs no approval now."),
            None: N_("The site decides now whether a draft needs an approval."),
        }
        more.append(words[after.get("require_review")])
    if before.get("allow_lower_version") != after.get("allow_lower_version"):
        more.append(
            N_("Lower numbers are allowed now, with a reason.")
            if after.get("allow_lower_version")
            else N_("Lower numbers are forbidden now.")
        )
    return N_("%(who)s changed the settings.", who=who), tuple(more)


_WRITERS: Final[Mapping[str, Callable[[str, str, Mapping[str, Any], Index | None], _Written]]] = {
    "draft.write": _draft_write,
    "review.close": _review_close,
    "release.publish": _publish,
    "release.deprecate": lambda who, it, details, _: _event(who, it, "deprecate", details),
    "release.withdraw": lambda who, it, details, _: _event(who, it, "withdraw", details),
    "release.reschedule": lambda who, it, details, _: _event(who, it, "reschedule", details),
    "settings.change": _settings,
    "person.grant": _grant,
    "person.bind": _bind,
}


def _person(who: str) -> str:
    """Return the name of an actor; of a command on the server, the account."""
    if who.startswith(COMMAND):
        return N_("%(account)s (on the server)", account=who.removeprefix(COMMAND))
    return who
