"""The year's desk for pages: the period at work, and refusals in the form of the portal."""

from datetime import date

from hocvu.portal.errors import ApiError
from hocvu.portal.services import Services
from hocvu.records.years import find_snapshot, list_snapshots
from hocvu.year.calendar import day_in_vietnam
from hocvu.year.desk import Desk, NotAllowed, open_desk
from hocvu.year.freeze import Kind, snapshot_id
from hocvu.year.plan import planned_periods


def desk_of(services: Services, period_id: str = "") -> Desk:
    """Return the desk of a period; "" = the first planned one that is not frozen for good, else the course's."""
    return open_desk(services.records, services.course, services.settings, period_id or _period_at_work(services))


def board_period(services: Services) -> str:
    """Return the period that emulation boards work on: the one frozen last until they are done, else that at work."""
    with services.records.reading() as s:
        newest = next(iter(list_snapshots(s)), None)
    if newest is not None and today(services) <= desk_of(services, newest.period_id).plan.classified_before:
        return newest.period_id
    return _period_at_work(services)


def today(services: Services) -> date:
    return day_in_vietnam(services.clock())


def forbidden(error: NotAllowed) -> ApiError:
    return ApiError(403, error.code, error.message)


def _period_at_work(services: Services) -> str:
    with services.records.reading() as s:
        for period_id in planned_periods(services.settings.root):
            if period_id <= services.period_id and find_snapshot(s, snapshot_id(period_id, Kind.FINAL)) is None:
                return period_id
    return services.period_id
