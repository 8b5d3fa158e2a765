"""Log-ins, tickets and tokens: only hashes stored, an end to each, tickets work once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hocvu.errors import HocvuError
from hocvu.records import (
    ApiToken,
    Ticket,
    WebSession,
    add_unit,
    allowed_units,
    create_api_token,
    create_session,
    create_ticket,
    end_session,
    end_sessions_of,
    expire_sessions,
    find_api_token,
    find_caller,
    find_session,
    revoke_api_token,
    use_ticket,
)

HOUR = timedelta(hours=1)


def logs_in(office: Any, name: str, scope: str = "portal") -> str:
    with office.records.session() as s:
        token, _ = create_session(s, office.id(name), scope, lifetime=HOUR, now=office.now)
    return token


def finds(office: Any, token: str, scope: str = "portal") -> str | None:
    with office.records.reading() as s:
        session = find_session(s, token, scope, office.now)
    return None if session is None else session.person_id


def test_a_session_is_found_by_its_token_in_its_scope_until_it_ends(office: Any) -> None:
    token = logs_in(office, "Ada")
    assert finds(office, token) == office.id("Ada")
    assert finds(office, token, "lite") is None
    assert finds(office, token + "x") is None
    office.later(hours=1)
    assert finds(office, token) is None


def test_logging_out_ends_one_session_and_leaving_ends_all(office: Any) -> None:
    first, second, binh = logs_in(office, "Ada"), logs_in(office, "Ada", "lite"), logs_in(office, "Bình")
    with office.records.session() as s:
        end_session(s, first)
    assert finds(office, first) is None
    assert finds(office, second, "lite") == office.id("Ada")
    with office.records.session() as s:
        end_sessions_of(s, office.id("Ada"))
    assert finds(office, second, "lite") is None
    assert finds(office, binh) == office.id("Bình")


def test_no_token_is_stored_in_clear(office: Any) -> None:
    token = logs_in(office, "Ada")
    with office.records.session() as s:
        ticket = create_ticket(s, office.id("Ada"), now=office.now)
        key, _ = create_api_token(s, "HR", {"scores:read"}, now=office.now)
        stored = [*s.scalars(select(WebSession.token_hash)), *s.scalars(select(Ticket.hash))]
        stored += s.scalars(select(ApiToken.token_hash))
    assert all(len(one) == 64 for one in stored)
    assert not {token, ticket, key} & set(stored)


def test_a_ticket_works_once_within_its_minute(office: Any) -> None:
    with office.records.session() as s:
        ticket = create_ticket(s, office.id("Ada"), now=office.now)
        late = create_ticket(s, office.id("Ada"), now=office.now - timedelta(minutes=1))
    with office.records.session() as s:
        assert use_ticket(s, late, office.now) is None
        assert use_ticket(s, "unknown", office.now) is None
        assert use_ticket(s, ticket, office.now) == office.id("Ada")
        assert use_ticket(s, ticket, office.now) is None


def test_of_two_users_of_one_ticket_one_wins(office: Any) -> None:
    with office.records.session() as s:
        ticket = create_ticket(s, office.id("Ada"), now=office.now)

    def use(_: int) -> str | None:
        with office.records.session() as s:
            return use_ticket(s, ticket, office.now)

    with ThreadPoolExecutor(6) as pool:
        assert [person for person in pool.map(use, range(6)) if person] == [office.id("Ada")]


def test_what_has_ended_is_swept_away(office: Any) -> None:
    old = logs_in(office, "Ada")
    office.later(hours=2)
    new = logs_in(office, "Ada")
    with office.records.session() as s:
        create_ticket(s, office.id("Ada"), now=office.now - HOUR)
        expire_sessions(s, office.now)
        assert s.scalars(select(Ticket)).all() == []
        assert len(s.scalars(select(WebSession)).all()) == 1
    assert finds(office, old) is None
    assert finds(office, new) == office.id("Ada")


def test_a_token_carries_its_scopes_and_units(office: Any) -> None:
    with office.records.session() as s:
        below = add_unit(s, "P01-1", "Tổ", "Phường", parent_id=office.unit_id)
        add_unit(s, "P02", "Phường khác", "Phường")
        text, _ = create_api_token(s, "HR", ["scores:read"], now=office.now, unit_id=office.unit_id)
        everywhere, _ = create_api_token(s, "Sở", ["scores:read"], now=office.now)
    with office.records.reading() as s:
        caller = find_caller(s, text, office.now)
        assert caller is not None and caller.scopes == {"scores:read"}
        assert allowed_units(s, caller) == {office.unit_id, below.id}
        wide = find_caller(s, everywhere, office.now)
        assert wide is not None and allowed_units(s, wide) is None


def test_a_token_ends_by_its_date_or_by_being_revoked(office: Any) -> None:
    with office.records.session() as s:
        dated, _ = create_api_token(s, "HR", ["scores:read"], now=office.now, expires_at=office.now + HOUR)
        revoked, token = create_api_token(s, "HR", ["scores:read"], now=office.now)
        assert find_api_token(s, dated, office.now) is not None
        assert find_api_token(s, dated, office.now + HOUR) is None
        revoke_api_token(s, token.id, office.now)
        assert find_api_token(s, revoked, office.now) is None
        with pytest.raises(HocvuError, match="no such token"):
            revoke_api_token(s, 999, office.now)
