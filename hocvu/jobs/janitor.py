"""What nobody else picks up: attempts on no queue, jobs that ended badly, jobs of a worker that fell silent."""

import logging
from dataclasses import dataclass
from datetime import datetime

from hocvu.jobs.queue import Queue, job_id
from hocvu.records import Records, find_attempt
from hocvu.records.grading_jobs import add_job, forget_worker, silent_workers, unfinished_jobs
from hocvu.records.tables_jobs import GradingJob

log = logging.getLogger("hocvu.jobs")

OVER = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
BATCH = 1000
AGAIN_S = 600.0  # until another try of a job that the engine gave up, e.g. because it took its worker down thrice


@dataclass(frozen=True)
class Janitor:
    """One in every worker. name: the worker's own, whose jobs the engine recovers itself at start."""

    records: Records
    queue: Queue
    name: str

    def look_around(self, now: datetime, *, is_new: bool = False) -> None:
        """Bring what is stored but not graded back on the queue.

        is_new: the worker has just started, maybe with a mended course: jobs put aside are tried at once.
        """
        self._take_over(now)
        waiting = self._waiting(now, everything=is_new)
        states = self.queue.states([job_id(job.attempt_id, job.tries) for job in waiting])
        for job in waiting:
            state = states.get(job_id(job.attempt_id, job.tries), "")
            if not state:
                self.queue.enqueue(job.attempt_id, job.tries)
            elif state in OVER:  # the engine is through with it, the attempt is not graded: another try
                log.warning("attempt %s: try %d ended as %s", job.attempt_id, job.tries, state)
                self._try_again(job, now)
            elif state == "DELAYED" and is_new:
                self.queue.resume([job_id(job.attempt_id, job.tries)])

    def _waiting(self, now: datetime, *, everything: bool) -> list[GradingJob]:
        with self.records.session(durable=False) as s:
            found = unfinished_jobs(s, now, everything=everything, limit=BATCH)
            return [job or add_job(s, attempt.id, now) for attempt, job in found]

    def _try_again(self, job: GradingJob, now: datetime) -> None:
        with self.records.session() as s:
            attempt = find_attempt(s, job.attempt_id)
            if attempt is None or attempt.graded_at is not None:  # graded while we looked
                return
            add_job(s, job.attempt_id, now).tries = job.tries + 1
        self.queue.enqueue(job.attempt_id, job.tries + 1, AGAIN_S)

    def _take_over(self, now: datetime) -> None:
        """Hand on the jobs of workers that stopped without a word (the engine does so only for its own name)."""
        with self.records.reading() as s:
            silent = [worker.name for worker in silent_workers(s, now) if worker.name != self.name]
        for name in silent:
            jobs = self.queue.pending_of(name)
            log.warning("worker %s is silent: taking over %d jobs", name, len(jobs))
            self.queue.resume(jobs)
            with self.records.session(durable=False) as s:
                forget_worker(s, name)
