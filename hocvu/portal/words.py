"""How numbers, times and states are said in Vietnamese on every page."""

from datetime import UTC, datetime, timedelta, timezone

from hocvu.questions.text import show_number

# Việt Nam keeps one offset all year; a fixed zone needs no time-zone database on the server.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

LEVELS = ("M0", "M1", "M2", "M3", "M4")
LEVEL_NAMES = ("Chưa đạt M1", "Nhận biết", "Vận dụng", "Thành thạo", "Lan tỏa")
KIND_NAMES = {
    "MC1": "một đáp án",
    "MCn": "nhiều đáp án",
    "CLS": "phân loại",
    "MAT": "ghép cặp",
    "NUM": "nhập số",
    "TXT": "viết ngắn",
    "EXP": "thí nghiệm",
    "ORD": "sắp thứ tự",
    "SEL": "đánh dấu",
    "PRM": "viết yêu cầu",
    "CASE": "tình huống",
    "COD": "ô mã",
}


def vietnam_time(moment: datetime | None) -> str:
    """Return `14:05, 24/11/2026`; an em dash for None."""
    return local(moment).strftime("%H:%M, %d/%m/%Y") if moment else "—"


def vietnam_day(moment: datetime | None) -> str:
    """Return `24/11/2026`; an em dash for None."""
    return local(moment).strftime("%d/%m/%Y") if moment else "—"


def vietnam_clock(moment: datetime) -> str:
    """Return `14:05`."""
    return local(moment).strftime("%H:%M")


def local(moment: datetime) -> datetime:
    """Return the moment on a Vietnamese clock; a moment without a zone is UTC (SQLite drops the zone)."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(VIETNAM)


def iso(moment: datetime) -> str:
    """Return the moment in ISO 8601, UTC, whole seconds: `2026-11-24T07:05:00Z`."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def points(value: float) -> str:
    """Return points the Vietnamese way: `3,5`."""
    return show_number(round(value, 2))


def percent(share: float) -> str:
    """Return a share in 0..1 as `83%`."""
    return f"{show_number(round(100 * share))}%"


def exact_percent(share: float) -> str:
    """Return a share as `69,2%`, rounded down: 69.99% is not yet 70%."""
    return f"{show_number(int(round(share * 1000, 6)) / 10)}%"


def level_label(level: int) -> str:
    """Return a level as every screen calls it: `M2 Vận dụng`; nobody is "M0", one has not reached M1 yet."""
    return f"M{level} {LEVEL_NAMES[level]}" if level else LEVEL_NAMES[0]


def sentence(text: str) -> str:
    """Return a message as a sentence: a capital first, a full stop last."""
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def item_number(item_id: str) -> str:
    """Return the number people see: item id `1-2` is shown as 1.2."""
    return item_id.replace("-", ".")
