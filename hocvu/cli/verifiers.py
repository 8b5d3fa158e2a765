"""A period verified on all cores: people handed batch by batch to worker processes, what they find back as lines."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select

from hocvu.autograde.workers import Message, Workers
from hocvu.course import Rule
from hocvu.errors import HocvuError
from hocvu.ledger.recompute import BATCH, Checked, Difference, Layer, LoadedItems, verify_people, verify_period
from hocvu.records import Person, Records, find_person
from hocvu.records.chunks import chunks

LAYER_NAMES = {
    Layer.ANSWERS: "câu trả lời",
    Layer.RESULT: "kết quả câu",
    Layer.EVIDENCE: "minh chứng",
    Layer.SCORE: "mức năng lực",
}


class NotVerified(HocvuError):
    """Some people could not be looked at, so nothing can be said of the whole."""

    code = "not_verified"


@dataclass(frozen=True)
class Found:
    """What a look at some people says. lines: of the first differences, as people read them."""

    people: int
    attempts: int
    graded_again: int
    taken_as_stored: int
    differences: int
    lines: Sequence[str]


@dataclass(frozen=True)
class Verifier:
    """What verifying a period needs. limit: lines a batch."""

    records: Records
    period_id: str
    rule: Rule
    loaded: LoadedItems
    limit: int

    def look_at(self, person_ids: Sequence[str]) -> Found:
        return self._told(verify_people(self.records, self.period_id, person_ids, self.rule, self.loaded))

    def everybody(self, jobs: int) -> Iterator[Found]:
        """Yield what was found, batch by batch, in no order, by so many processes. Raises NotVerified."""
        with self.records.reading() as s:
            batches = list(chunks(s.scalars(select(Person.id).order_by(Person.id)), BATCH))
        if min(jobs, len(batches)) < 2:
            yield from map(self._told, verify_period(self.records, self.period_id, self.rule, self.loaded))
            return
        self.records.close()  # before the fork: connections must not be shared, SQLite's locks belong to a process
        with Workers(min(jobs, len(batches)), lambda: None, self._handle) as workers:
            for _, reply in workers.replies({"people": batch} for batch in batches):
                if reply is None or "fault" in reply:
                    why = reply["fault"] if reply else "a worker process was killed twice on the same people"
                    raise NotVerified(f"Period {self.period_id}: not verified ({why}). Mend that and run it again.")
                yield Found(**reply)

    def _handle(self, job: Message) -> Message:
        try:
            return asdict(self.look_at(job["people"]))
        except Exception as error:  # the edge of a worker: its parent says so and ends
            return {"fault": f"{type(error).__name__}: {error}"}

    def _told(self, checked: Checked) -> Found:
        lines = tuple(map(self._line, checked.differences[: self.limit]))
        counts = (checked.people, checked.attempts, checked.graded_again, checked.taken_as_stored)
        return Found(*counts, len(checked.differences), lines)

    def _line(self, difference: Difference) -> str:
        with self.records.reading() as s:
            person = find_person(s, difference.person_id)
        code = person.staff_code if person else difference.person_id
        name = LAYER_NAMES[difference.layer]
        return f"{code}  {name}  {difference.place}: đã lưu {difference.stored}, tính lại {difference.computed}"
