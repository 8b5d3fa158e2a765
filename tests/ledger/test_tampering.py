"""Whatever is put in, taken out or changed behind the portal's back is found, at the layer where it happened."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text

from hocvu.cli import verifiers
from hocvu.cli.recompute import recompute
from hocvu.cli.verifiers import NotVerified
from hocvu.ledger import recompute as ledger
from hocvu.ledger.recompute import Checked, Layer
from hocvu.records import Attempt
from hocvu.records.attempts import attempts_of
from tests.ledger.books import Ledger

PUT_IN = (
    "INSERT INTO evidence (person_id, period_id, assignment, item_id, attempt_id, share, points, max_points,"
    " achieved_at) SELECT person_id, period_id, {}, attempt_id, 1, 4, 4, achieved_at FROM evidence WHERE share = 0"
)
SCORED = (
    "INSERT INTO scores (person_id, period_id, seq, coverage, levels, band, points, max_points, rule_version,"
    " updated_at) SELECT (SELECT id FROM people WHERE login = 'giang'), period_id, seq + 1000, coverage, levels, band,"
    " points, max_points, rule_version, updated_at FROM scores WHERE points = 4"
)
TAMPERED = [
    ({Layer.RESULT}, "UPDATE results SET points = 0"),
    ({Layer.RESULT}, "UPDATE results SET max_points = 2, points = 2 WHERE points = 4"),
    ({Layer.EVIDENCE, Layer.SCORE}, "DELETE FROM results WHERE item_id = '1-2'"),
    ({Layer.EVIDENCE}, "UPDATE evidence SET share = 1, points = 4 WHERE share = 0"),
    ({Layer.EVIDENCE}, "DELETE FROM evidence WHERE share = 1"),
    ({Layer.EVIDENCE}, PUT_IN.format("assignment, '1-4'")),
    ({Layer.EVIDENCE}, PUT_IN.format("'00-cu', item_id")),  # beside the true row, before and after it
    ({Layer.EVIDENCE}, PUT_IN.format("'99-cu', item_id")),
    ({Layer.SCORE}, """UPDATE scores SET levels = replace(levels, '"NL1":0', '"NL1":3')"""),
    ({Layer.SCORE}, "UPDATE scores SET points = points + 1e-9"),
    ({Layer.SCORE}, "DELETE FROM scores WHERE points = 4"),
    ({Layer.SCORE}, SCORED),
]


@pytest.fixture
def kept(books: Ledger) -> Ledger:
    """Lan has item 1-2 wrong, Hùng has it right, Giảng has handed in nothing."""
    books.hands_in("lan", {"1-2": "b"})
    books.hands_in("hung", {"1-2": "a"})
    return books


def test_whoever_tampers_with_the_store_is_found(kept: Ledger) -> None:
    tables = ("results", "evidence", "scores")
    changes(kept, *[f"CREATE TABLE true_{one} AS SELECT * FROM {one}" for one in tables])
    for layers, statement in TAMPERED:
        assert changes(kept, statement), statement
        assert kept.layers() == layers, statement
        for one in tables:
            changes(kept, f"DELETE FROM {one}", f"INSERT INTO {one} SELECT * FROM true_{one}")
    assert kept.differences() == []


def changes(books: Ledger, *statements: str) -> int:
    """How many rows somebody who writes into the database itself changed."""
    with books.services.records.engine.begin() as connection:
        return sum(connection.exec_driver_sql(one).rowcount for one in statements)


def test_a_rule_that_was_changed_is_found(kept: Ledger) -> None:
    """Also under its old name: the levels are computed by what it says now."""
    easier = replace(kept.rule, levels=replace(kept.rule.levels, min_items=1, min_modules=1))
    assert {one.place for one in kept.differences(easier)} == {"levels"}


def test_all_cores_find_what_one_finds(
    kept: Ledger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in (ledger, verifiers):
        monkeypatch.setattr(module, "BATCH", 2)
    kept.changes(text("UPDATE evidence SET share = 0.5"))
    said = []
    for jobs in ("1", "2"):
        assert kept.runs(recompute, "recompute", "--verify", "--jobs", jobs) == 1
        said.append(sorted(capsys.readouterr().out.splitlines()))
    assert said[0] == said[1] and sum("minh chứng" in line and "0.5" in line for line in said[0]) == 2


def test_people_who_could_not_be_looked_at_are_no_good_news(kept: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any) -> Checked:
        raise OSError("disk gone")

    monkeypatch.setattr(verifiers, "BATCH", 2)
    monkeypatch.setattr(verifiers, "verify_people", breaks)
    with pytest.raises(NotVerified, match="OSError: disk gone"):
        kept.runs(recompute, "recompute", "--verify", "--jobs", "2")


def test_a_batch_reads_the_attempts_of_its_people_only(kept: Ledger) -> None:
    """By the index of the period each batch would read the whole city: quadratic, and unseen in a small store."""
    query = select(Attempt.id).where(*attempts_of("2027", list(kept.people.values())))
    with kept.services.records.engine.connect() as connection:
        asked = query.compile(connection, compile_kwargs={"literal_binds": True})
        (plan,) = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").all()
    assert "person_id=?" in plan[-1], plan
