"""What is stored follows from the stored answers; tampering shows; a new rule reaches everybody once."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text, update

from hocvu.cli import verifiers
from hocvu.cli.recompute import recompute
from hocvu.ledger import recompute as ledger
from hocvu.ledger import rescore
from hocvu.ledger.recompute import Layer, load_items, verify_period
from hocvu.ledger.rescore import RescoreRefused
from hocvu.records import (
    Evidence,
    ItemResult,
    ItemVersion,
    StoredScore,
    last_seq,
    ledger_lines,
    list_audit,
    list_items,
    save_scores,
)
from hocvu.records.tables_year import Snapshot
from hocvu.scoring import score_person
from hocvu.year.faulty import restore_item, withdraw_item
from tests.ledger.books import WHOLE, Ledger
from tests.portal.world import OWN_NUMBER, RULES, SLUG, TEXT
from tests.story import RIGHT_OR_LEFT, Course


def test_everything_stored_follows_from_the_answers(books: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    books.hands_in("lan", {"1-2": "b", "1-4": "3"})
    books.hands_in("lan")
    books.hands_in("hung", {"1-2": "a"})
    assert books.differences() == []
    assert books.runs(recompute, "recompute", "--verify") == 0
    said = capsys.readouterr().out
    assert books.runs(recompute, "recompute", "--verify", "--stored-results") == 0
    assert "chấm lại 0 kết quả" in capsys.readouterr().out
    assert "3 lượt nộp" in said and "0 kết quả lấy như đã lưu" in said and "Quy tắc tính điểm 2027.1" in said


@pytest.mark.parametrize(
    ("layer", "statement"),
    [
        (Layer.RESULT, update(ItemResult).where(ItemResult.item_id == "1-2").values(points=4.0, status="graded")),
        (Layer.EVIDENCE, update(Evidence).where(Evidence.item_id == "1-2").values(share=1.0, points=4.0)),
        (Layer.SCORE, update(StoredScore).values(band=3)),
        (Layer.SCORE, update(StoredScore).values(rule_version="2026.9")),
    ],
)
def test_whoever_changes_a_number_is_found(
    books: Ledger, capsys: pytest.CaptureFixture[str], layer: Layer, statement: Any
) -> None:
    books.hands_in("lan", {"1-2": "b"})
    books.changes(statement)
    assert layer in books.layers()
    assert books.runs(recompute, "recompute", "--verify", "--person", "CB-lan") == 1
    said = capsys.readouterr().out
    assert "CB-lan" in said and "khác với dữ liệu đã lưu" in said
    assert books.runs(recompute, "recompute", "--verify", "--person", "CB-hung") == 0


def test_changed_answers_do_not_fit_their_receipt(books: Ledger) -> None:
    books.hands_in("lan", {"1-2": "b"})
    with books.services.records.engine.begin() as connection:  # who can drop the guard can change the answers
        guards = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'attempts'")
        )
        for (name,) in guards.all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text('UPDATE attempts SET answers = \'{"1-2":"a"}\''))
    assert books.layers() >= {Layer.ANSWERS, Layer.RESULT, Layer.EVIDENCE}


def test_a_result_of_another_content_is_taken_as_it_was_stored(books: Ledger) -> None:
    """Nobody is judged by a key that did not exist when they answered."""
    books.hands_in("lan", {"1-2": "a"})
    with Course(books.root, SLUG) as course:
        course.markdown("# Bài tập thử").question("1-2", RIGHT_OR_LEFT.replace('q.key("a"', 'q.key("b"'), 4.0)
        course.question("1-3", RULES, 8.0).question("1-4", OWN_NUMBER, 4.0).question("1-7", TEXT, 0.0)
        assert course.source.is_file()
    books.restart()
    specs = [assignment.spec for assignment in books.services.assignments.values()]
    (checked,) = verify_period(books.services.records, "2027", books.rule, load_items(specs))
    assert (checked.differences, checked.graded_again, checked.taken_as_stored) == ((), 3, 1)


def test_a_withdrawn_and_restored_item_is_accounted_for(books: Ledger) -> None:
    books.hands_in("lan", {"1-2": "b"})
    books.decides(withdraw_item, "1-2")
    assert books.differences() == []
    books.hands_in("hung", {"1-2": "b"})
    assert books.differences() == []
    books.decides(restore_item, "1-2")
    books.hands_in("giang", {"1-2": "b"})
    assert books.differences() == []
    shares = {}
    for login in ("lan", "hung", "giang"):
        with books.services.records.reading() as s:
            (line,) = ledger_lines(s, books.people[login], "2027")
        shares[login] = line.share
    assert shares == {"lan": 1.0, "hung": 1.0, "giang": 0.0}


def test_the_ledger_names_attempt_seed_and_versions(books: Ledger) -> None:
    attempt_id = books.hands_in("lan", {"1-2": "a"})
    spec = books.services.assignments[SLUG].spec
    with books.services.records.reading() as s:
        (line,) = ledger_lines(s, books.people["lan"], "2027")
        version = s.query(ItemVersion).filter_by(item_id="1-2").one()
    assert (line.attempt_id, line.share, line.version) == (attempt_id, 1.0, spec.version)
    assert line.content_hash == version.content_hash and line.engine_version == "1"
    assert line.seed == books.services.seed_maker(books.people["lan"], SLUG)(1)


def test_a_new_rule_reaches_everybody_in_batches_once(books: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescore, "BATCH", 2)
    monkeypatch.setattr(ledger, "BATCH", 2)
    for login in ("lan", "hung", "giang"):
        books.hands_in(login)
    easier = replace(books.rule, version="2027.2", levels=replace(books.rule.levels, min_items=1, min_modules=1))
    assert {one.place for one in books.differences(easier)} >= {"rule_version"}
    assert books.rescores(easier) == 3
    assert books.differences(easier) == []
    seq = books.score("lan").seq
    assert books.rescores(easier) == 0 and books.score("lan").seq == seq
    assert books.runs(recompute, "recompute", "--write") == 0
    assert books.score("lan").rule_version == "2027.1" and books.differences() == []
    with books.services.records.reading() as s:
        assert list_audit(s, action="scores.recomputed")[0].detail["changed"] == 3


def test_writing_gives_what_one_by_one_would(books: Ledger) -> None:
    """Incremental is from scratch: the score after each submission equals the one computed from all evidence."""
    for login, answers in (("lan", {"1-2": "b"}), ("hung", {"1-4": "1"}), ("lan", WHOLE), ("giang", {"1-2": "a"})):
        books.hands_in(login, answers)
    assert books.rescores() == 0


def test_a_period_frozen_for_good_is_not_computed_anew(books: Ledger) -> None:
    books.hands_in("lan")
    with books.services.records.session() as s:
        kept = {"period_id": "2027", "kind": "final", "cutoff_at": books.now, "made_at": books.now, "made_by": "HR"}
        s.add(Snapshot(id="2027-final", people=1, manifest="{}", sha256="0" * 64, signature="", **kept))
    with pytest.raises(RescoreRefused, match="phụ lục điều chỉnh"):
        books.rescores()


def test_a_stale_score_is_found_and_mended(books: Ledger) -> None:
    books.hands_in("lan")
    with books.services.records.session() as s:
        save_scores(s, "2027", {books.people["lan"]: score_person({}, list_items(s, "2027"), books.rule)}, books.now)
        before = last_seq(s)
    assert books.layers() == {Layer.SCORE}
    assert books.rescores() == 1 and books.differences() == []
    assert books.score("lan").seq == before + 1


def test_on_postgresql_too(books: Ledger, postgresql: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One moment for all queries of a batch, connections of its own for each process, people locked meanwhile."""
    monkeypatch.setattr(verifiers, "BATCH", 2)
    books.services.records.close()
    books.settings = replace(books.settings, database_url=postgresql.new_database())
    books.start()
    books._settle()
    books.hands_in("lan")
    books.decides(withdraw_item, "1-2")
    books.hands_in("hung", {"1-2": "b"})
    assert books.differences() == []
    assert books.runs(recompute, "recompute", "--verify", "--jobs", "2") == 0
    easier = replace(books.rule, version="2027.2")
    assert books.rescores(easier) == 2 and books.differences(easier) == []
