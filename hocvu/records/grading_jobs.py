"""The queue as people see it: which attempts wait, how long grading took lately, which workers are alive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from hocvu.records.tables import Attempt
from hocvu.records.tables_jobs import GradingJob, Worker

ALIVE_S = 60  # a worker that has not been seen for longer is not counted on, and its jobs are taken over
RECENT_JOBS = 50  # behind an estimate


class JobState(StrEnum):
    """queued and running count as ahead of others; retry waits for its time; done is graded."""

    QUEUED = "queued"
    RUNNING = "running"
    RETRY = "retry"
    DONE = "done"


@dataclass(frozen=True)
class Waiting:
    """Where an attempt stands. place: 1 = next or being graded, 0 = tried in vain and put aside until next_try_at.

    wait_s: measured on recent jobs, None when there is nothing to measure it on or no worker is alive.
    """

    place: int
    is_running: bool
    wait_s: float | None
    next_try_at: datetime | None
    tries: int


def add_job(s: Session, attempt_id: str, now: datetime) -> GradingJob:
    """Return the attempt's job, put on the list when it is new."""
    job = s.get(GradingJob, attempt_id)
    if job is None:
        job = GradingJob(
            attempt_id=attempt_id,
            state=JobState.QUEUED.value,
            queued_at=now,
            started_at=None,
            finished_at=None,
            next_try_at=None,
            tries=1,
            seconds=None,
            worker="",
        )
        s.add(job)
        s.flush()
    return job


def start_job(s: Session, attempt_id: str, worker: str, now: datetime) -> None:
    """Note that a worker has the attempt in hand."""
    job = add_job(s, attempt_id, now)
    job.state, job.worker, job.started_at, job.next_try_at = JobState.RUNNING.value, worker, now, None


def finish_job(s: Session, attempt_id: str, now: datetime, seconds: float | None) -> None:
    """Note that the attempt is graded. seconds None: it had been graded before, nothing was measured."""
    job = add_job(s, attempt_id, now)
    job.state, job.next_try_at = JobState.DONE.value, None
    job.finished_at = job.finished_at or now
    if seconds is not None:
        job.seconds = seconds


def put_off_job(s: Session, attempt_id: str, try_no: int, next_try_at: datetime) -> None:
    """Put a job that could not be done aside: try number `try_no` comes at `next_try_at`."""
    job = add_job(s, attempt_id, next_try_at)
    job.state, job.next_try_at, job.tries = JobState.RETRY.value, next_try_at, try_no


def unfinished_jobs(
    s: Session, now: datetime, *, everything: bool, limit: int
) -> Sequence[tuple[Attempt, GradingJob | None]]:
    """Attempts that are not graded with their jobs, oldest first; None: nobody has put it on the queue yet.

    Without `everything`, those that are put aside and whose time has not come are left out.
    """
    query = (
        select(Attempt, GradingJob)
        .outerjoin(GradingJob, GradingJob.attempt_id == Attempt.id)
        .where(Attempt.graded_at.is_(None))
        .order_by(Attempt.submitted_at, Attempt.id)
        .limit(limit)
    )
    if not everything:
        query = query.where(or_(GradingJob.next_try_at.is_(None), GradingJob.next_try_at <= now))
    return [(attempt, job) for attempt, job in s.execute(query)]


def find_waiting(s: Session, attempt_id: str, now: datetime) -> Waiting | None:
    """Return where an attempt stands in the queue; None when it is not on it."""
    job = s.get(GradingJob, attempt_id)
    if job is None or job.state == JobState.DONE.value:
        return None
    if job.state == JobState.RETRY.value:
        return Waiting(0, False, None, job.next_try_at, job.tries)
    active = GradingJob.state.in_([JobState.QUEUED.value, JobState.RUNNING.value])
    earlier = or_(
        GradingJob.queued_at < job.queued_at,
        and_(GradingJob.queued_at == job.queued_at, GradingJob.attempt_id < attempt_id),
    )
    place = 1 + (s.scalar(select(func.count()).select_from(GradingJob).where(active, earlier)) or 0)
    is_running = job.state == JobState.RUNNING.value
    return Waiting(place, is_running, _estimate(s, place, now), None, job.tries)


def _estimate(s: Session, place: int, now: datetime) -> float | None:
    """The mean of recent gradings times the rounds until this place has been served by the slots that are alive."""
    query = select(GradingJob.seconds).where(GradingJob.seconds.is_not(None))
    recent = s.scalars(query.order_by(GradingJob.finished_at.desc()).limit(RECENT_JOBS)).all()
    slots = sum(worker.slots for worker in live_workers(s, now))
    if not recent or not slots:
        return None
    rounds = -(-place // slots)
    return rounds * sum(seconds for seconds in recent if seconds is not None) / len(recent)


def beat(s: Session, name: str, slots: int, now: datetime) -> None:
    """Keep the heartbeat of a worker."""
    worker = s.get(Worker, name)
    if worker is None:
        s.add(Worker(name=name, slots=slots, started_at=now, seen_at=now))
    else:
        worker.slots, worker.seen_at = slots, now


def forget_worker(s: Session, name: str) -> None:
    """Take a worker that stops in order off the list."""
    worker = s.get(Worker, name)
    if worker is not None:
        s.delete(worker)


def live_workers(s: Session, now: datetime) -> Sequence[Worker]:
    """Workers seen within the last minute."""
    return s.scalars(select(Worker).where(Worker.seen_at >= now - timedelta(seconds=ALIVE_S))).all()


def silent_workers(s: Session, now: datetime) -> Sequence[Worker]:
    """Workers whose heartbeat stopped without a farewell: their jobs need somebody else."""
    return s.scalars(select(Worker).where(Worker.seen_at < now - timedelta(seconds=ALIVE_S))).all()
