"""Moments as pages show them: in UTC, and in the time zone of the organisation."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.web.layout.rendering import day


def in_zones(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment in words: `1 January 2027, 00:00 UTC (01:00 Europe/Berlin)`."""
    there, name = moment.astimezone(zone), zone.key.replace("_", " ")
    utc = moment.astimezone(UTC)
    words = f"{day(utc)}, {utc:%H:%M} UTC"
    if zone.key == "UTC":
        return words
    date = "" if there.date() == utc.date() else f"{day(there)}, "
    return f"{words} ({date}{there:%H:%M} {name})"
