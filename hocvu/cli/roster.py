"""The verb `roster`: check a file of people, print every finding and what would change; --apply writes it."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from hocvu.cli.say import say
from hocvu.course import read_course
from hocvu.records import Records, ensure_period, open_records
from hocvu.records.roster import find_import
from hocvu.roster.check import Options
from hocvu.roster.errors import UnreadableFile
from hocvu.roster.imports import Checked, Officer, apply_import, check_import, read_report
from hocvu.roster.plan import KIND_NAMES
from hocvu.settings import Settings
from hocvu.year.calendar import day_in_vietnam

COMMAND = Officer("hocvu roster")
SHOWN_MISSING = 50


def roster(settings: Settings, chosen: Namespace) -> int:
    """Check a roster and print the findings; 1 if it has errors. Only --apply changes people, all of them or none."""
    data, now = _read(chosen.file), datetime.now(UTC)
    period = read_course(settings.root).period
    records = open_records(settings.database)
    try:
        with records.session() as s:
            ensure_period(s, period.code, period.starts_on, period.ends_on)
        options = Options(
            period_id=chosen.period or period.code,
            create_units=bool(chosen.create_units),
            bloc=chosen.create_units,
            complete=chosen.complete,
            reason=chosen.reason,
        )
        today = day_in_vietnam(now)
        checked = check_import(records, data, options, COMMAND, now, today)
        _show(records, checked, chosen.limit)
        if checked.counts["errors"]:
            say("Còn lỗi, chưa ghi gì. Anh/chị sửa tệp rồi chạy lại.")
            return 1
        if not chosen.apply:
            say("Chỉ xem trước, chưa ghi gì. Để ghi, thêm --apply.")
            return 0
        left_on = today if chosen.mark_missing_left else None
        counts = apply_import(records, checked.id, COMMAND, now, today, missing_left_on=left_on)
        say(f"Đã ghi. Đánh dấu đã rời: {counts.get('marked_left', 0)}.")
        return 0
    finally:
        records.close()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path}: không mở được ({error.strerror}). Anh/chị kiểm tra đường dẫn.") from error


def _show(records: Records, checked: Checked, limit: int) -> None:
    for one in checked.issues[:limit]:
        level = "LỖI" if one.is_error else "lưu ý"
        value = f" «{one.value}»" if one.value else ""
        say(f"dòng {one.row}, {one.column or 'cả dòng'}{value}: {level}: {one.what}. {one.mend}")
    if len(checked.issues) > limit:
        say(f"… và {len(checked.issues) - limit} mục nữa (--limit).")
    if checked.about.header.unknown:
        say(f"Cột không dùng đến: {', '.join(checked.about.header.unknown)}.")
    counts = checked.counts
    say(
        f"{counts['rows']} dòng, {counts['errors']} lỗi, {counts['notes']} lưu ý; "
        f"không đổi {counts.get('unchanged', 0)}."
    )
    for kind, name in KIND_NAMES.items():
        if counts.get(kind):
            say(f"  {name}: {counts[kind]}")
    if counts.get("missing"):
        with records.reading() as s:
            found = find_import(s, checked.id)
            missing = read_report(found)[0].get("missing", []) if found else []
        say(f"  không có trong danh sách mới: {counts['missing']}")
        for code, name, unit in missing[:SHOWN_MISSING]:
            say(f"    {code}  {name}  {unit}")
