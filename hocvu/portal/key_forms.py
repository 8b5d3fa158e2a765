"""Keys of other systems on an administrator's pages: one form to make one, one way to end one, fixed or OAuth 2."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from hocvu.portal.access import LogIn, check_form, field
from hocvu.portal.api_callers import SCOPES
from hocvu.portal.errors import not_found
from hocvu.portal.services import Services
from hocvu.records import Unit, UnknownRecord, add_audit, find_unit_by_code

LONGEST_DAYS = 730
EVERYWHERE = "Toàn thành phố"


@dataclass(frozen=True)
class KeyForm:
    """What the form asks for. days None: no whole number of days; problem "": nothing is missing."""

    name: str
    scopes: list[str]
    days: int | None
    unit_code: str

    @property
    def problem(self) -> str:
        if not self.name:
            return "Anh/chị ghi tên hệ thống sẽ kết nối."
        if not self.scopes:
            return "Anh/chị chọn ít nhất một quyền."
        if self.days is None:
            return f"Số ngày có hiệu lực là một số từ 1 đến {LONGEST_DAYS}. Anh/chị nhập lại."
        return ""

    def unit_id(self, s: Session) -> int | None:
        """Return the unit the key is limited to, None = all; 404 for one that does not exist."""
        if not self.unit_code:
            return None
        unit = find_unit_by_code(s, self.unit_code)
        if unit is None:
            raise not_found()
        return unit.id


def read_key_form(form: FormData) -> KeyForm:
    scopes = [scope for scope in SCOPES if scope in form.getlist("quyen")]
    days = read_days(field(form, "so_ngay"), LONGEST_DAYS)
    return KeyForm(field(form, "ten").strip()[:80], scopes, days, field(form, "don_vi"))


def read_days(text: str, most: int, low: int = 1) -> int | None:
    """Return a whole number of days, None if it is none between low and most."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 and low <= int(text) <= most else None


def end_key(
    services: Services,
    me: LogIn,
    form: FormData,
    revoke: Callable[[Session, datetime], object],
    action: str,
    detail: Mapping[str, Any],
) -> None:
    """Revoke a key at once and log it; 404 for one that does not exist or has been revoked."""
    check_form(form, me)
    now = services.clock()
    with services.records.session() as s:
        try:
            revoke(s, now)
        except UnknownRecord as error:
            raise not_found() from error
        add_audit(s, me.person.id, action, detail, now)


def where(unit_id: int | None, units: Mapping[int, Unit]) -> str:
    """Return what a key may see, by name."""
    unit = units.get(unit_id or 0)
    return unit.name if unit else EVERYWHERE
