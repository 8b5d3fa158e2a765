"""Moments as callers write them: RFC 3339 with a zone, nothing looser."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator

_FORM = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def read_moment(value: Any) -> Any:
    """Return the moment in UTC; one before the calendar begins, or after it ends, is its first or last moment."""
    if value is None:
        return None
    if not isinstance(value, str) or not _FORM.fullmatch(value):
        raise ValueError("must be like 2027-01-31T08:00:00+07:00")
    moment = datetime.fromisoformat(value.upper().replace(":60", ":59"))
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return (datetime.min if moment.year == 1 else datetime.max).replace(tzinfo=UTC)


Moment = Annotated[datetime, BeforeValidator(read_moment)]
