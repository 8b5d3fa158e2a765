"""What is stored follows from the stored answers; tampering shows; a new rule reaches everybody, and growth nobody."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from hocvu.cli.commands import parser
from hocvu.cli.confirm import confirm
from hocvu.cli.recompute import recompute
from hocvu.course import Rule
from hocvu.errors import HocvuError
from hocvu.ledger import recompute as ledger
from hocvu.ledger import rescore
from hocvu.ledger.recompute import Difference, Layer, load_items, verify_period
from hocvu.ledger.rescore import RescoreRefused, rescore_period
from hocvu.records import (
    Evidence,
    ItemResult,
    ItemVersion,
    StoredScore,
    find_person,
    find_score,
    last_seq,
    ledger_lines,
    list_audit,
    list_contributions,
    list_items,
    save_scores,
)
from hocvu.records.tables_year import Snapshot
from hocvu.scoring import score_person
from hocvu.year.faulty import restore_item, withdraw_item
from tests.portal.world import OWN_NUMBER, RULES, SLUG, TEXT, World
from tests.story import RIGHT_OR_LEFT, Course

WHOLE = {"1-2": "a", "1-4": "7", "1-7": {"viec": "Soạn thư mời"}}


class Ledger(World):
    """The small city, whose books are checked."""

    @property
    def rule(self) -> Rule:
        return self.services.course.rule

    def hands_in(self, login: str, answers: dict[str, Any] | None = None) -> str:
        self.later(minutes=1)
        answer = self.log_in(login).hand_in(WHOLE if answers is None else answers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["receipt"]["id"])

    def differences(self, rule: Rule | None = None) -> list[Difference]:
        specs = [assignment.spec for assignment in self.services.assignments.values()]
        checked = verify_period(self.services.records, "2027", rule or self.rule, load_items(specs))
        return [difference for batch in checked for difference in batch.differences]

    def layers(self) -> set[Layer]:
        return {difference.layer for difference in self.differences()}

    def changes(self, statement: Any) -> None:
        with self.services.records.session() as s:
            s.execute(statement)

    def score(self, login: str) -> StoredScore:
        with self.services.records.reading() as s:
            score = find_score(s, self.people[login], "2027")
        assert score is not None
        return score

    def rescores(self, rule: Rule | None = None) -> int:
        done = rescore_period(
            self.services.records, "2027", rule or self.rule, "thử", lambda: self.now, lambda *_: None
        )
        return done.changed

    def decides(self, what: Any, item_id: str) -> None:
        """Two people withdraw or restore an item."""
        self.later(minutes=1)
        services = self.services
        with services.records.session() as s:
            deciders = [find_person(s, self.people[login]) for login in ("giang", "hr_tp")]
            what(s, _Desk(services), item_id, "Đáp án in sai", deciders, self.now)

    def adds(self, *questions: tuple[str, str, float]) -> None:
        """The instructor adds questions; the portal starts again with them."""
        with Course(self.root, SLUG) as course:
            course.markdown("# Bài tập thử").question()
            course.question("1-3", RULES, 8.0).question("1-4", OWN_NUMBER, 4.0).question("1-7", TEXT, 0.0)
            for question in questions:
                course.question(*question)
            assert course.source.is_file()
        self.restart()


class _Desk:
    """What a decision about an item needs of the year's desk."""

    def __init__(self, services: Any) -> None:
        self.course, self.period_id = services.course, services.period_id


@pytest.fixture
def books(tmp_path: Path, root: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path, root) as books:
        yield books


def run(books: Ledger, verb: Any, *arguments: str) -> int:
    chosen: argparse.Namespace = parser().parse_args(arguments)
    return int(verb(books.settings, chosen))


def test_everything_stored_follows_from_the_answers(books: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    books.hands_in("lan", {"1-2": "b", "1-4": "3"})
    books.hands_in("lan")
    books.hands_in("hung", {"1-2": "a"})
    assert books.differences() == []
    assert run(books, recompute, "recompute", "--verify") == 0
    said = capsys.readouterr().out
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
    assert run(books, recompute, "recompute", "--verify", "--person", "CB-lan") == 1
    said = capsys.readouterr().out
    assert "CB-lan" in said and "khác với dữ liệu đã lưu" in said
    assert run(books, recompute, "recompute", "--verify", "--person", "CB-hung") == 0


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
    assert run(books, recompute, "recompute", "--write") == 0
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


def test_content_that_grows_within_a_period_changes_nobody(books: Ledger) -> None:
    """A new item is there to be done, but enters the set that counts only with the next period."""
    books.hands_in("lan")
    before = books.score("lan")
    books.later(days=40)
    new = RIGHT_OR_LEFT.replace("1-2", "1-5")
    books.adds(("1-5", new, 20.0))
    assert books.rescores() == 0 and books.differences() == []
    books.hands_in("lan", {**WHOLE, "1-5": "b"})
    after = books.score("lan")
    assert (after.coverage, after.points, after.max_points) == (before.coverage, before.points, before.max_points)
    assert "1-5" not in _counting(books)


@pytest.mark.parametrize(("days", "counts"), [(0, True), (1, False)])
def test_the_set_is_open_on_its_first_day(books: Ledger, days: int, counts: bool) -> None:
    books.later(days=days)
    books.adds(("1-5", RIGHT_OR_LEFT.replace("1-2", "1-5"), 4.0))
    assert ("1-5" in _counting(books)) is counts


def test_a_pilot_may_keep_the_set_open_longer(books: Ledger) -> None:
    file = books.root / "course" / "scoring.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("opening_days = 0", "opening_days = 60"), encoding="utf-8")
    books.later(days=60)
    books.adds(("1-5", RIGHT_OR_LEFT.replace("1-2", "1-5"), 4.0))
    assert "1-5" in _counting(books)


def _counting(books: Ledger) -> Sequence[str]:
    with books.services.records.reading() as s:
        return [item.item_id for item in list_items(s, "2027")]


def gives_band_3(books: Ledger, login: str) -> None:
    """The small course cannot give band 3, so its rule asks for nothing."""
    file = books.root / "course" / "scoring.toml"
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines():
        name = line.split(" = ")[0]
        easy = {"min_items": 1, "min_modules": 1, "coverage_level": 0, "all_at_least": 0, "count": 0}
        zero = ("enough_data", "capstone_share", "count_at_least")
        lines.append(f"{name} = {easy[name]}" if name in easy else f"{name} = 0" if name in zero else line)
    file.write_text("\n".join(lines), encoding="utf-8")
    books.restart()
    books.hands_in(login)
    assert books.score(login).band == 3


def test_band_4_is_confirmed_by_another_person_and_can_be_taken_back(
    books: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    gives_band_3(books, "lan")
    asked = ("confirm", "CB-lan", "--by", "CB-hr_tp", "--kind", "2", "--note", "Quyết định 12 ngày 01/12/2026")
    assert run(books, confirm, *asked) == 0
    assert "mức hoàn thành 4" in capsys.readouterr().out
    assert books.score("lan").band == 4 and books.differences() == []
    assert books.rescores() == 0, "a confirmation counts in every way of computing"
    books.hands_in("lan", {"1-2": "b"})
    assert books.score("lan").band == 4, "also after the next submission"
    assert run(books, confirm, "confirm", "CB-lan", "--by", "CB-hr_tp", "--revoke", "1") == 0
    assert books.score("lan").band == 3 and books.differences() == []
    with books.services.records.reading() as s:
        (row,) = list_contributions(s, books.people["lan"], "2027")
    assert row.revoked_by == "CB-hr_tp", "it stays on record"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"--by": "CB-lan"}, "Không ai tự xác nhận"),
        ({"--note": " "}, "ghi căn cứ"),
        ({"--kind": "9"}, "choose one of 1 = "),
        ({"--by": "CB-ai"}, "no such staff code"),
        ({"--revoke": "77"}, "there is none that counts"),
    ],
)
def test_a_confirmation_that_cannot_be_is_refused(books: Ledger, change: dict[str, str], message: str) -> None:
    asked = {"--by": "CB-hr_tp", "--kind": "1", "--note": "Quyết định 12", **change}
    with pytest.raises(HocvuError, match=message):
        run(books, confirm, "confirm", "CB-lan", *[word for pair in asked.items() for word in pair])


def test_a_stale_score_is_found_and_mended(books: Ledger) -> None:
    books.hands_in("lan")
    with books.services.records.session() as s:
        save_scores(s, "2027", {books.people["lan"]: score_person({}, list_items(s, "2027"), books.rule)}, books.now)
        before = last_seq(s)
    assert books.layers() == {Layer.SCORE}
    assert books.rescores() == 1 and books.differences() == []
    assert books.score("lan").seq == before + 1


def test_on_postgresql_too(books: Ledger, postgresql: Any) -> None:
    """One moment for all queries of a batch, and people locked while they are scored anew."""
    books.services.records.close()
    books.settings = replace(books.settings, database_url=postgresql.new_database())
    books.start()
    books._settle()
    books.hands_in("lan")
    books.decides(withdraw_item, "1-2")
    books.hands_in("hung", {"1-2": "b"})
    assert books.differences() == []
    easier = replace(books.rule, version="2027.2")
    assert books.rescores(easier) == 2 and books.differences(easier) == []
