"""Free texts are read by people: one answer in twenty, without names, each once. Reading changes no points."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.portal.access import Form, Instructor, Running, check_form, field
from hocvu.portal.errors import not_found
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.questions.assignment import ItemSpec
from hocvu.questions.blanks import Blanks
from hocvu.records import Attempt, AuditEntry, ItemResult, add_audit
from hocvu.results import Status

router = APIRouter(include_in_schema=False)

ONE_IN = 20
LOOKED_THROUGH = 4_000  # newest results that samples are drawn from
SHOWN = 10  # on a page: nobody reads more in one go
READ = "sample.read"
VERDICTS = {
    "on": "Đọc được, đúng việc",
    "sua_cau": "Câu hỏi cần sửa cho rõ",
    "xem_them": "Cần người phụ trách xem thêm",
}


@dataclass(frozen=True)
class Sample:
    """One free-text answer to be read; whose it is stays unknown."""

    attempt_id: str
    item: ItemSpec
    shown: str
    submitted_at: datetime


@router.get("/giang-vien/doc-mau")
def show_samples(request: Request, me: Instructor, services: Running) -> Response:
    """The samples nobody has read yet, and how the read ones came out."""
    with services.records.reading() as s:
        done = _read(s)
        waiting = [one for one in _drawn(s, services) if (one.attempt_id, one.item.id) not in done]
    counts = {word: list(done.values()).count(key) for key, word in VERDICTS.items()}
    context = {"samples": waiting[:SHOWN], "waiting": len(waiting), "counts": counts, "verdicts": VERDICTS}
    return render(request, "samples.html", context)


@router.post("/giang-vien/doc-mau/{attempt_id}/{item_id}")
def mark_read(attempt_id: str, item_id: str, me: Instructor, services: Running, form: Form) -> Response:
    """Note that a sample was read and what the reader found; the same one twice is noted once."""
    check_form(form, me)
    verdict = field(form, "nhan_xet")
    with services.records.session() as s:
        known = {(one.attempt_id, one.item.id) for one in _drawn(s, services)}
        if (attempt_id, item_id) not in known or verdict not in VERDICTS:
            raise not_found()
        if (attempt_id, item_id) not in _read(s):
            detail = {"attempt": attempt_id, "item": item_id, "verdict": verdict}
            add_audit(s, me.person.id, READ, detail, services.clock())
    return RedirectResponse("/giang-vien/doc-mau", 303)


def is_drawn(attempt_id: str, item_id: str) -> bool:
    """Whether an answer is among the one in twenty: by chance, but the same chance every time one asks."""
    return int.from_bytes(hashlib.sha256(f"{attempt_id}:{item_id}".encode()).digest()[:4]) % ONE_IN == 0


def _free_texts(services: Services) -> dict[str, ItemSpec]:
    return {
        item.id: item
        for assignment in services.assignments.values()
        for item in assignment.spec.items
        if isinstance(item.question, Blanks) and not item.question.expects
    }


def _drawn(s: Session, services: Services) -> list[Sample]:
    items = _free_texts(services)
    query = (
        select(ItemResult.attempt_id, ItemResult.item_id, ItemResult.shown, Attempt.submitted_at)
        .join(Attempt, Attempt.id == ItemResult.attempt_id)
        .where(ItemResult.item_id.in_(items), ItemResult.status == Status.GRADED.value)
        .order_by(Attempt.submitted_at.desc())
        .limit(LOOKED_THROUGH)
    )
    return [
        Sample(attempt_id, items[item_id], shown, submitted_at)
        for attempt_id, item_id, shown, submitted_at in s.execute(query)
        if is_drawn(attempt_id, item_id)
    ]


def _read(s: Session) -> Mapping[tuple[str, str], str]:
    """Return (attempt, item) → what its reader found."""
    details = s.scalars(select(AuditEntry.detail).where(AuditEntry.action == READ))
    return {(one["attempt"], one["item"]): one["verdict"] for one in details}
