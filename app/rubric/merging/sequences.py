"""Orders of one list in three ladders, merged into one."""

from collections.abc import Collection, Sequence


def reordered(before: Sequence[int], after: Sequence[int]) -> bool:
    """Return whether the items that both have stand in different orders."""
    ours, theirs = set(before), set(after)
    return [one for one in before if one in theirs] != [one for one in after if one in ours]


def merged_order(first: Sequence[int], second: Sequence[int], kept: Collection[int]) -> list[int]:
    """Return the kept items in the order of the first list, with those of the second after their predecessors."""
    fixed = [one for one in first if one in kept]
    known = set(fixed)
    start: list[int] = []
    following: dict[int, list[int]] = {}
    run = start
    for one in second:
        if one in known:
            run = following.setdefault(one, [])
        elif one in kept:
            run.append(one)
    return [*start, *(item for one in fixed for item in (one, *following.get(one, ())))]
