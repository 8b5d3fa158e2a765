"""What moves a score without an answer: content that grows must not, what people confirmed must."""

import pytest

from hocvu.cli.confirm import confirm
from hocvu.errors import HocvuError
from hocvu.records import list_contributions
from tests.ledger.books import Ledger
from tests.ledger.easy_rule import ask_for_nothing
from tests.story import RIGHT_OR_LEFT


def test_content_that_grows_within_a_period_changes_nobody(books: Ledger) -> None:
    """A new item is there to be done, but enters the set that counts only with the next period."""
    books.hands_in("lan", {"1-2": "a"})
    before = books.score("lan")
    books.later(days=40)
    new = RIGHT_OR_LEFT.replace("1-2", "1-5")
    books.adds(("1-5", new, 20.0))
    assert books.rescores() == 0 and books.differences() == []
    books.hands_in("lan", {"1-2": "a", "1-5": "b"})
    after = books.score("lan")
    assert (after.coverage, after.points, after.max_points) == (before.coverage, before.points, before.max_points)
    assert "1-5" not in books.counting()


@pytest.mark.parametrize(("days", "counts"), [(0, True), (1, False)])
def test_the_set_is_open_on_its_first_day(books: Ledger, days: int, counts: bool) -> None:
    books.later(days=days)
    books.adds(("1-5", RIGHT_OR_LEFT.replace("1-2", "1-5"), 4.0))
    assert ("1-5" in books.counting()) is counts


def test_a_pilot_may_keep_the_set_open_longer(books: Ledger) -> None:
    file = books.root / "course" / "scoring.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("opening_days = 0", "opening_days = 60"), encoding="utf-8")
    books.later(days=60)
    books.adds(("1-5", RIGHT_OR_LEFT.replace("1-2", "1-5"), 4.0))
    assert "1-5" in books.counting()


def gives_band_3(books: Ledger, login: str) -> None:
    """The small course cannot give band 3, so its rule asks for nothing."""
    ask_for_nothing(books.root)
    books.restart()
    books.hands_in(login)
    assert books.score(login).band == 3


def test_band_4_is_confirmed_by_another_person_and_can_be_taken_back(
    books: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    gives_band_3(books, "lan")
    asked = ("confirm", "CB-lan", "--by", "CB-hr_tp", "--kind", "2", "--note", "Quyết định 12 ngày 01/12/2026")
    assert books.runs(confirm, *asked) == 0
    assert "mức hoàn thành 4" in capsys.readouterr().out
    assert books.score("lan").band == 4 and books.differences() == []
    assert books.rescores() == 0, "a confirmation counts in every way of computing"
    books.hands_in("lan", {"1-2": "b"})
    assert books.score("lan").band == 4, "also after the next submission"
    assert books.runs(confirm, "confirm", "CB-lan", "--by", "CB-hr_tp", "--revoke", "1") == 0
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
        books.runs(confirm, "confirm", "CB-lan", *[word for pair in asked.items() for word in pair])
