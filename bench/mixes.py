"""wrk scripts that ask for more than one URL. Each gives wrk the finished text of the next request."""

import json
import random
from collections.abc import Sequence
from typing import Final

_LENGTH: Final = 20_000
"""Requests after which a zipf mix begins anew."""

_ZIPF: Final = """
local paths = {paths}
local order = {order}
local requests, place = {{}}, 0
init = function() for i, path in ipairs(paths) do requests[i] = wrk.format("GET", path) end end
request = function() place = place % #order + 1; return requests[order[place]] end
"""

_FIRST_READS: Final = """
local path, fields, share = {path}, {fields}, {share}
local hot, asked, fresh = nil, 0, os.time() * 1000000
init = function() hot = wrk.format("GET", path) end
request = function()
  asked = asked + 1
  if asked % share ~= 0 then return hot end
  fresh = fresh + 1
  local rest, names = fresh, {{}}
  while rest > 0 do
    names[#names + 1] = fields[rest % #fields + 1]
    rest = math.floor(rest / #fields)
  end
  return wrk.format("GET", path .. "?fields=" .. table.concat(names, ","))
end
"""


def zipf_order(count: int) -> list[int]:
    """Places, from 1, in a list of that many URLs: the n-th most asked for is asked for 1/n as often."""
    chance = random.Random(count)  # noqa: S311 - a mix that repeats, not a secret
    places = list(range(1, count + 1))
    chance.shuffle(places)
    return chance.choices(places, weights=[1 / rank for rank in range(1, count + 1)], k=_LENGTH)


def zipf(paths: Sequence[str]) -> str:
    """Return a script that asks for some URLs often and for most seldom (Zipf's law), the same way each time."""
    return _ZIPF.format(paths=_lua(paths), order=_lua(zipf_order(len(paths))))


def with_first_reads(path: str, fields: Sequence[str], share: int) -> str:
    """Return a script that asks for one URL, and each `share`-th time for it with a list of fields never seen before.

    A counter that starts at the present second is written with field names for digits, so no two are the same.
    """
    return _FIRST_READS.format(path=_lua(path), fields=_lua(fields), share=share)


def _lua(value: str | Sequence[str] | Sequence[int]) -> str:
    """Plain texts and lists of texts or numbers, as Lua writes them."""
    if isinstance(value, str):
        return json.dumps(value)
    return "{" + ", ".join(json.dumps(item) for item in value) + "}"
