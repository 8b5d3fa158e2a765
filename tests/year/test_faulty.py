"""A faulty item: credit for all who tried it, out of the set, public note; back by another decision only."""

import pytest

from hocvu.cli.commands import main
from hocvu.records import ItemRow, list_audit, list_items, person_evidence, register_items
from hocvu.records.tables_year import ItemCredit, ItemDecision
from hocvu.records.withdrawals import list_item_decisions, withdrawn_items
from hocvu.year.faulty import ItemRefused, restore_item, withdraw_item
from hocvu.year.freeze import Kind
from tests.year.city import HALF, ITEMS, PERIOD, RIGHT, City, at

NOW = at("02/06/2027 09:00")


def withdraws(city: City, item_id: str, *names: str, note: str = "Đáp án in sai") -> ItemDecision:
    with city.records.session() as s:
        return withdraw_item(s, city.desk, item_id, note, [city.people[name] for name in names], NOW)


def counting(city: City) -> set[str]:
    with city.records.reading() as s:
        return {item.item_id for item in list_items(s, PERIOD) if not item.is_withdrawn}


def evidence(city: City, name: str) -> dict[str, float]:
    with city.records.reading() as s:
        return person_evidence(s, city.people[name].id, PERIOD)


def test_everybody_who_tried_it_gets_its_full_share_and_nobody_else(city: City) -> None:
    city.hands_in("Lan", "01/06/2027 09:00", HALF)
    city.hands_in("Hùng", "01/06/2027 09:00", {"1-1": 4.0})
    decision = withdraws(city, "1-2", "Giảng", "Mai")
    assert decision.credited == 1 and counting(city) == {"1-1", "1-3", "1-4"}
    assert evidence(city, "Lan")["1-2"] == 1.0 and "1-2" not in evidence(city, "Hùng")
    with city.records.reading() as s:
        (before,) = s.query(ItemCredit).all()
    assert (before.person_id, before.share) == (city.people["Lan"].id, 0.0)


def test_scores_are_computed_anew(city: City) -> None:
    city.hands_in("Lan", "01/06/2027 09:00", {**RIGHT, "1-2": 0.0, "1-4": 2.0})
    assert city.level("Lan") == 0  # 10 of 16 points
    withdraws(city, "1-2", "Giảng", "Mai")
    assert city.level("Lan") == 1  # 14 of 16


def test_who_tries_it_later_gets_its_full_share_too(city: City) -> None:
    withdraws(city, "1-2", "Giảng", "Mai")
    city.hands_in("Lan", "03/06/2027 09:00", {"1-2": 0.0})
    assert evidence(city, "Lan")["1-2"] == 1.0


def test_starting_the_portal_again_does_not_bring_it_back(city: City) -> None:
    withdraws(city, "1-2", "Giảng", "Mai")
    again = [ItemRow(**{**vars(row), "version": "fedcba987654"}) for row in ITEMS]
    with city.records.session() as s:
        register_items(s, again, now=NOW, period_id=PERIOD)
    assert "1-2" not in counting(city)


def test_only_another_decision_restores_it_and_credit_stays(city: City) -> None:
    city.hands_in("Lan", "01/06/2027 09:00", HALF)
    withdraws(city, "1-2", "Giảng", "Mai")
    with city.records.session() as s:
        restore_item(s, city.desk, "1-2", "Đề đúng, rút nhầm", [city.people["Mai"], city.people["Sơn"]], NOW)
    assert "1-2" in counting(city) and evidence(city, "Lan")["1-2"] == 1.0
    with city.records.reading() as s:
        assert [one.action for one in list_item_decisions(s, PERIOD)] == ["withdraw", "restore"]
        assert withdrawn_items(s, PERIOD) == {}
        assert [entry.action for entry in list_audit(s)] == ["item.restore", "item.withdraw"]


@pytest.mark.parametrize(
    ("item_id", "names", "note", "why"),
    [
        ("9-9", ["Giảng", "Mai"], "Sai", "không nằm trong"),
        ("1-2", ["Mai", "Mai"], "Sai", "hai người khác nhau"),
        ("1-2", ["Giảng", "Biên"], "Sai", "không phải là người biên soạn"),
        ("1-2", ["Giảng", "Mai"], "  ", "lý do"),
    ],
)
def test_refusals(city: City, item_id: str, names: list[str], note: str, why: str) -> None:
    with pytest.raises(ItemRefused, match=why):
        withdraws(city, item_id, *names, note=note)
    assert len(counting(city)) == 4


def test_a_frozen_result_stays_when_an_item_is_withdrawn_later(city: City) -> None:
    city.hands_in("Lan", "01/06/2027 09:00", {**RIGHT, "1-2": 0.0, "1-4": 2.0})
    final = city.freezes_for_good()
    sha256 = final.sha256
    withdraws(city, "1-2", "Giảng", "Mai")
    assert city.level("Lan") == 1
    with pytest.raises(Exception, match="đã có bản"):
        city.freezes(Kind.FINAL, "08/12/2027 09:00")
    assert final.sha256 == sha256


def test_the_verb_withdraws_and_restores(
    city: City, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOCVU_ROOT", str(city.settings.root))
    monkeypatch.setenv("HOCVU_VAR", str(city.settings.var))
    by = ["--by", "CB-Mai", "--by", "CB-Giảng"]
    assert main(["withdraw", "1-2", "--note", "Đề sai", *by]) == 0
    assert "Đã rút câu 1-2" in capsys.readouterr().out and "1-2" not in counting(city)
    assert main(["withdraw", "1-2", "--note", "Rút nhầm", "--restore", *by]) == 0
    assert "1-2" in counting(city)
    assert main(["withdraw", "1-2", "--note", "Đề sai", "--by", "CB-Mai"]) == 1
    assert (
        main(["freeze", "--kind", "provisional"]) == 1
    )  # the period has not ended: only a look, with what is in the way
    assert "Cản trở" in capsys.readouterr().out
