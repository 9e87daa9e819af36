"""Moments as pages show them: in UTC, and in the time zone of the organisation."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.web.translation.messages import N_, Message


def in_zones(moment: datetime, zone: ZoneInfo) -> Message:
    """Return a moment in words: `1 January 2027, 00:00 UTC (01:00 Europe/Berlin)`."""
    there, name = moment.astimezone(zone), zone.key.replace("_", " ")
    utc = moment.astimezone(UTC)
    time, local = f"{utc:%H:%M}", f"{there:%H:%M}"
    if zone.key == "UTC":
        return N_("%(day)s, %(time)s UTC", day=utc, time=time)
    if there.date() == utc.date():
        return N_("%(day)s, %(time)s UTC (%(local)s %(zone)s)", day=utc, time=time, local=local, zone=name)
    return N_(
        "%(day)s, %(time)s UTC (%(local_day)s, %(local)s %(zone)s)",
        day=utc,
        time=time,
        local_day=there,
        local=local,
        zone=name,
    )
