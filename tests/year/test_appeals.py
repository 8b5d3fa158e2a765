"""Appeals: received with a number and a due day, decided by two people, applied to all who were touched."""

import pytest

from hocvu.records import list_audit, list_items
from hocvu.records.appeals import ANSWERED, RECEIVED, AppealFilter, appeal_events, find_appeal, list_appeals
from hocvu.records.tables_year import Appeal
from hocvu.year.appeals import (
    AppealRefused,
    Kind,
    Opinion,
    Outcome,
    Petition,
    conclude_appeal,
    is_overdue,
    outcomes_for,
    propose_answer,
    return_to_first,
    send_appeal,
    state_name,
)
from hocvu.year.calendar import day_in_vietnam
from tests.year.city import HALF, PERIOD, City, at

SENT = "18/11/2027 10:00"
LATER = "19/11/2027 10:00"


def sends(
    city: City, name: str, kind: Kind = Kind.ITEM, moment: str = SENT, attempt: str = "", item: str = ""
) -> Appeal:
    with city.records.session() as s:
        return send_appeal(s, city.desk, city.people[name], Petition(kind, "Đáp án sai", attempt, item), at(moment))


def proposes(city: City, appeal: Appeal, name: str, outcome: Outcome = Outcome.KEPT, answer: str = "Vì …") -> Appeal:
    with city.records.session() as s:
        return propose_answer(s, city.desk, appeal.id, city.people[name], Opinion(outcome, answer), at(LATER))


def concludes(city: City, appeal: Appeal, name: str) -> Appeal:
    with city.records.session() as s:
        return conclude_appeal(s, city.desk, appeal.id, city.people[name], at(LATER))


def now_is(city: City, appeal: Appeal) -> Appeal:
    with city.records.reading() as s:
        found = find_appeal(s, appeal.id)
    assert found is not None
    return found


def test_an_appeal_gets_a_number_a_due_day_and_what_it_is_about(city: City) -> None:
    attempt = city.hands_in("Lan", "01/06/2027 09:00", HALF)
    appeal = sends(city, "Lan", attempt=attempt, item="1-2")
    assert (appeal.number, appeal.due_on.isoformat(), appeal.is_late) == ("KN-2027-00001", "2027-12-03", False)
    assert (appeal.attempt_id, appeal.item_id) == (attempt, "1-2") and appeal.item_version_id
    assert sends(city, "Hùng", Kind.ACCESS).number == "KN-2027-00002"


def test_a_request_about_personal_data_is_due_in_two_working_days(city: City) -> None:
    assert sends(city, "Lan", Kind.PERSONAL_DATA).due_on.isoformat() == "2027-11-22"


def test_after_the_window_it_is_kept_and_marked_as_late(city: City) -> None:
    appeal = sends(city, "Lan", Kind.TECHNICAL, "22/11/2027 00:00")
    assert appeal.is_late and appeal.state == RECEIVED
    assert not sends(city, "Lan", Kind.TECHNICAL, "21/11/2027 23:59").is_late
    assert not sends(city, "Lan", Kind.PERSONAL_DATA, "22/11/2027 00:00").is_late  # a right that has no window


def test_somebody_elses_attempt_cannot_be_named(city: City) -> None:
    attempt = city.hands_in("Hùng", "01/06/2027 09:00", HALF)
    with pytest.raises(AppealRefused, match="không tìm thấy lượt nộp"):
        sends(city, "Lan", attempt=attempt, item="1-2")
    with pytest.raises(AppealRefused, match="không có câu 7-7"):
        sends(city, "Hùng", attempt=attempt, item="7-7")
    with pytest.raises(AppealRefused, match="gắn với một lượt nộp"):
        sends(city, "Hùng")


def test_what_was_sent_cannot_be_rewritten(city: City) -> None:
    appeal = sends(city, "Lan", Kind.TECHNICAL)
    with pytest.raises(Exception, match="kept as written"), city.records.session() as s:
        s.get_one(Appeal, appeal.id).text = "khác"


def test_two_people_answer_and_the_log_tells_each_step(city: City) -> None:
    appeal = sends(city, "Lan", Kind.TECHNICAL)
    proposes(city, appeal, "Đào")
    done = concludes(city, appeal, "Mai")
    assert (done.state, done.outcome, done.answer) == (ANSWERED, "kept", "Vì …")
    with city.records.reading() as s:
        assert [event.what for event in appeal_events(s, appeal.id)] == ["received", "proposed", "answered"]
        assert {entry.action for entry in list_audit(s)} == {"appeal.send", "appeal.propose", "appeal.answer"}
    with pytest.raises(AppealRefused, match="đã được trả lời"):
        proposes(city, appeal, "Đào")


def test_one_person_is_not_two(city: City) -> None:
    appeal = sends(city, "Lan", Kind.TECHNICAL)
    with pytest.raises(AppealRefused, match="thứ nhất"):
        concludes(city, appeal, "Mai")
    proposes(city, appeal, "Mai")
    with pytest.raises(AppealRefused, match="người khác"):
        concludes(city, appeal, "Mai")


def test_nobody_reviews_their_own(city: City) -> None:
    appeal = sends(city, "Mai", Kind.TECHNICAL)
    with pytest.raises(AppealRefused, match="người gửi"):
        proposes(city, appeal, "Mai")
    proposes(city, appeal, "Sơn")
    with pytest.raises(AppealRefused, match="người gửi"):
        concludes(city, appeal, "Mai")


def test_authors_alone_do_not_decide_about_items(city: City) -> None:
    attempt = city.hands_in("Lan", "01/06/2027 09:00", HALF)
    appeal = sends(city, "Lan", attempt=attempt, item="1-2")
    proposes(city, appeal, "Giảng")
    with pytest.raises(AppealRefused, match="đều là người biên soạn"):
        concludes(city, appeal, "Biên")
    assert concludes(city, appeal, "Mai").state == ANSWERED


def test_the_second_sends_it_back_with_a_reason(city: City) -> None:
    appeal = sends(city, "Lan", Kind.TECHNICAL)
    proposes(city, appeal, "Đào")
    with pytest.raises(AppealRefused, match="lý do"), city.records.session() as s:
        return_to_first(s, appeal.id, city.people["Mai"], " ", at(LATER))
    with city.records.session() as s:
        return_to_first(s, appeal.id, city.people["Mai"], "Chưa xem nhật ký máy chủ", at(LATER))
    assert (now_is(city, appeal).state, now_is(city, appeal).answer) == (RECEIVED, "")
    proposes(city, appeal, "Mai")
    assert concludes(city, appeal, "Đào").state == ANSWERED


def test_a_faulty_item_is_withdrawn_for_all_and_like_appeals_are_answered(city: City) -> None:
    attempts = {name: city.hands_in(name, "01/06/2027 09:00", HALF) for name in ("Lan", "Hùng", "Sơn")}
    first, alike, others = (sends(city, name, attempt=attempts[name], item="1-2") for name in ("Lan", "Hùng", "Sơn"))
    elsewhere = sends(city, "Hùng", attempt=attempts["Hùng"], item="1-4")
    proposes(city, first, "Giảng", Outcome.FAULTY_ITEM, "Câu 1.2 có hai đáp án đúng.")
    concludes(city, first, "Sơn")
    with city.records.reading() as s:
        assert "1-2" in {item.item_id for item in list_items(s, PERIOD) if item.is_withdrawn}
    assert (now_is(city, alike).state, now_is(city, alike).answer) == (ANSWERED, "Câu 1.2 có hai đáp án đúng.")
    assert now_is(city, elsewhere).state == RECEIVED
    assert now_is(city, others).state == RECEIVED  # sent by one of the two reviewers: others decide it


def test_a_wrong_key_asks_for_re_grading(city: City) -> None:
    attempt = city.hands_in("Lan", "01/06/2027 09:00", HALF)
    appeal = sends(city, "Lan", Kind.GRADING, attempt=attempt, item="1-2")
    proposes(city, appeal, "Giảng", Outcome.REGRADE)
    assert concludes(city, appeal, "Mai").outcome == Outcome.REGRADE


def test_only_appeals_about_items_change_items(city: City) -> None:
    assert Outcome.FAULTY_ITEM not in outcomes_for(Kind.EXEMPTION)
    with pytest.raises(AppealRefused, match="không dùng được"):
        proposes(city, sends(city, "Lan", Kind.EXEMPTION), "Mai", Outcome.REGRADE)


def test_overdue_is_said_and_listed_first(city: City) -> None:
    late = sends(city, "Lan", Kind.PERSONAL_DATA)
    sends(city, "Hùng", Kind.TECHNICAL)
    today = day_in_vietnam(at("23/11/2027 08:00"))
    assert is_overdue(late, today) and state_name(late, today) == "Quá hạn"
    assert not is_overdue(late, late.due_on)
    with city.records.reading() as s:
        assert [one.id for one in list_appeals(s, PERIOD, AppealFilter(overdue_on=today), limit=9)] == [late.id]
        assert list_appeals(s, PERIOD, AppealFilter(), limit=9)[0].id == late.id
        assert list_appeals(s, PERIOD, AppealFilter(unit_ids=[999]), limit=9) == []
