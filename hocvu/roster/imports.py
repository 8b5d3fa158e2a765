"""An import from file to roster: check and keep what was read; later apply exactly what was shown, or say why not."""

import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hocvu.records import Period, Records, RosterImport, add_audit, find_unit, list_units
from hocvu.records.roster import APPLIED, CHECKED, LATE_DAYS, add_import, drop_old_files, find_import
from hocvu.roster.apply import Act, mark_left, write_plans
from hocvu.roster.check import Desk, Options, Outcome, compare, open_desk, sum_up
from hocvu.roster.errors import ImportRefused
from hocvu.roster.issues import Issue, Issues
from hocvu.roster.reading import FileAbout, open_roster
from hocvu.roster.rows import RosterRow, RowReader
from hocvu.roster.staging import RowPacker, pack_report, unpack_report, unpack_rows

WRITES = ("new", "changed", "moved", "left", "returned", "dates", "leave", "exemption")
SHOWN_MISSING = 5000
_AGAIN = "Anh/chị nạp tệp và xem trước lại."


@dataclass(frozen=True)
class Officer:
    """Who imports. by: a person's id, or the command's name; unit_id: top of their units, None = the whole city."""

    by: str
    unit_id: int | None = None


@dataclass(frozen=True)
class Checked:
    """A dry run: what it found and what would change. id: to apply it."""

    id: str
    about: FileAbout
    issues: list[Issue]
    counts: dict[str, int]

    @property
    def writes(self) -> int:
        return sum(self.counts.get(kind, 0) for kind in WRITES)


def check_import(
    records: Records, data: bytes, options: Options, officer: Officer, now: datetime, today: date
) -> Checked:
    """Read and compare a file, keep the result for a day, return it. Raises RosterError; then nothing is kept."""
    opened = open_roster(data)
    issues = Issues()
    reader, packer = RowReader(issues, today), RowPacker()
    for row in opened.rows(issues, reader):
        packer.add(row)
    body = packer.finish()
    with records.reading() as s:
        options = _settled(s, options, officer)
        desk = _desk(s, options, officer, today)
        outcome = sum_up(s, desk, compare(s, desk, unpack_rows(body), issues), reader.codes)
    counts = _counts(outcome, issues, packer.rows)
    made = RosterImport(
        id=str(uuid.uuid4()),
        period_id=options.period_id,
        made_at=now,
        made_by=officer.by,
        unit_id=officer.unit_id,
        file_sha256=opened.about.sha256,
        size_bytes=opened.about.size_bytes,
        rows=packer.rows,
        state=CHECKED,
        options=asdict(options),
        counts=counts,
        plan_sha256=outcome.fingerprint,
        body=None if issues.errors else body,
        report=pack_report(_report(opened.about, desk, outcome, issues), issues.in_order()),
        applied_at=None,
        applied_by="",
    )
    with records.session() as s:
        drop_old_files(s, now)
        add_import(s, made)
        add_audit(
            s, officer.by, "roster.check", {"roster": made.id, "rows": packer.rows, "sha256": made.file_sha256}, now
        )
    return Checked(made.id, opened.about, issues.in_order(), counts)


def apply_import(
    records: Records,
    import_id: str,
    officer: Officer,
    now: datetime,
    today: date,
    *,
    missing_left_on: date | None = None,
) -> dict[str, int]:
    """Write what the dry run showed, in one transaction; return the counts. Raises ImportRefused: nothing is written.

    missing_left_on: also end, on that day, the stay of everybody whom a complete file does not list.
    """
    try:
        with records.session() as s:
            return _apply(s, import_id, officer, now, today, missing_left_on)
    except IntegrityError as error:
        raise ImportRefused(f"Chưa ghi gì: một lần nạp khác vừa ghi cùng những người này. {_AGAIN}") from error


def read_report(found: RosterImport) -> tuple[dict[str, Any], list[Issue]]:
    """Return what a dry run reported; empty once the file was applied or its day is over."""
    return unpack_report(found.report) if found.report else ({}, [])


def _apply(
    s: Session, import_id: str, officer: Officer, now: datetime, today: date, missing_left_on: date | None
) -> dict[str, int]:
    found = find_import(s, import_id, lock=True)
    if found is None:
        raise ImportRefused(f"Không có lần nạp {import_id}. {_AGAIN}")
    if found.state == APPLIED:
        raise ImportRefused("Lần nạp này đã được ghi rồi; không ghi hai lần.")
    if found.counts["errors"]:
        raise ImportRefused("Chưa ghi gì: tệp còn lỗi. Anh/chị sửa các lỗi trong bảng rồi nạp lại tệp.")
    if found.body is None:
        raise ImportRefused(f"Tệp đã kiểm tra quá một ngày nên không còn giữ. {_AGAIN}")
    options = Options(**found.options)
    desk = _desk(s, options, officer, today)
    act = Act(found.id, officer.by, now, today, options.reason)
    issues, codes = Issues(), set[str]()
    plans = compare(s, desk, _noted(unpack_rows(found.body), codes), issues)
    outcome = sum_up(s, desk, write_plans(s, desk, act, plans), codes)
    if issues.errors or outcome.fingerprint != found.plan_sha256:
        raise ImportRefused(f"Chưa ghi gì: danh sách trên hệ thống đã khác lúc xem trước. {_AGAIN}")
    counts = dict(outcome.counts)
    if missing_left_on is not None:
        counts["marked_left"] = _mark_missing(s, desk, act, outcome, found, missing_left_on)
    found.state, found.applied_at, found.applied_by = APPLIED, now, officer.by
    found.body, found.counts = None, {**found.counts, **counts}
    detail = {"roster": found.id, "sha256": found.file_sha256, "rows": found.rows}
    add_audit(s, officer.by, "roster.apply", detail | {kind: counts[kind] for kind in WRITES if counts.get(kind)}, now)
    s.flush()
    return counts


def _mark_missing(s: Session, desk: Desk, act: Act, outcome: Outcome, found: RosterImport, last_day: date) -> int:
    if len(outcome.missing) != found.counts.get("missing", 0):
        raise ImportRefused(f"Chưa ghi gì: số người không có trong tệp đã khác lúc xem trước. {_AGAIN}")
    if not act.reason:
        raise ImportRefused("Chưa ghi gì: đánh dấu người rời danh sách cần lý do chung. Anh/chị nạp lại và ghi lý do.")
    if last_day > act.today:
        raise ImportRefused("Chưa ghi gì: ngày làm việc cuối ở tương lai. Anh/chị chọn hôm nay hoặc một ngày trước đó.")
    return mark_left(s, act, [code for _, code, _, _ in outcome.missing], last_day, desk.options.period_id)


def _noted(rows: Iterator[RosterRow], codes: set[str]) -> Iterator[RosterRow]:
    for row in rows:
        codes.add(row.staff_code.casefold())
        yield row


def _settled(s: Session, options: Options, officer: Officer) -> Options:
    """New units of a unit's own officer go below that unit and into its bloc; others must choose one that exists."""
    if not options.create_units:
        return options
    own = find_unit(s, officer.unit_id) if officer.unit_id is not None else None
    bloc = own.bloc if own else options.bloc
    if bloc not in {unit.bloc for unit in list_units(s)}:
        raise ImportRefused("Anh/chị chọn khối cho đơn vị mới, hoặc bỏ dấu ở ô «Tạo đơn vị chưa có».")
    return Options(**{**asdict(options), "bloc": bloc})


def _desk(s: Session, options: Options, officer: Officer, today: date) -> Desk:
    near = timedelta(days=LATE_DAYS)
    periods = s.scalars(select(Period).where(Period.ends_on > today - near, Period.ends_on < today + near)).all()
    return open_desk(s, options, officer.unit_id, today, periods)


def _counts(outcome: Outcome, issues: Issues, rows: int) -> dict[str, int]:
    return {"rows": rows, "errors": issues.errors, "notes": issues.notes, **outcome.counts}


def _report(about: FileAbout, desk: Desk, outcome: Outcome, issues: Issues) -> dict[str, Any]:
    return {
        "header_row": about.header.row,
        "unknown": list(about.header.unknown),
        "columns": list(about.header.places),
        "sheet": about.sheet,
        "encoding": about.encoding,
        "changes": outcome.shown,
        "missing": [[code, name, desk.codes.get(unit, "")] for _, code, name, unit in outcome.missing[:SHOWN_MISSING]],
        "new_units": [[place.code, place.name] for place in desk.made.values()],
        "not_listed": issues.not_listed(),
    }
