"""What the person at the terminal sees: progress, what could not be graded, and the summary."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TextIO

from hocvu.autograde.problems import Problem
from hocvu.autograde.words import Words

STATES = ("graded", "waiting", "unchanged", "earlier", "empty", "failed")
LINES_SHOWN = 40
REDRAW_S, PLAIN_S = 0.2, 5.0
BAR = 30


@dataclass
class Totals:
    """How many submissions ended how, and what is to be said of single ones."""

    states: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    notes: list[tuple[str, Problem]] = field(default_factory=list)

    @property
    def exit_status(self) -> int:
        """0: every submission was graded, or waits for a person by its nature."""
        return 1 if self.states["failed"] else 0


class Progress:
    """A bar on a terminal, a plain line every few seconds elsewhere."""

    def __init__(self, stream: TextIO, words: Words, all_of_them: int) -> None:
        self._stream, self._words, self._all = stream, words, all_of_them
        self._tty = stream.isatty()
        self._done = 0
        self._began = self._shown = time.monotonic()

    def step(self) -> None:
        """One more submission is done."""
        self._done += 1
        now = time.monotonic()
        if now - self._shown >= (REDRAW_S if self._tty else PLAIN_S):
            self._shown = now
            self._show(now)

    def close(self) -> None:
        """Clear the bar."""
        if self._tty:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _show(self, now: float) -> None:
        rate = self._done / max(now - self._began, 1e-6)
        left = time_left((self._all - self._done) / rate, self._words)
        text = self._words("progress", done=self._done, all=self._all, rate=rate, left=left)
        if self._tty:
            filled = BAR * self._done // max(self._all, 1)
            self._stream.write(f"\r\x1b[K[{'█' * filled}{'░' * (BAR - filled)}] {text}")
        else:
            self._stream.write(f"{text}\n")
        self._stream.flush()


def time_left(seconds: float, words: Words) -> str:
    """Return the time in words."""
    if seconds >= 90:
        return words("minutes_left", count=round(seconds / 60))
    return words("seconds_left", count=max(1, round(seconds)))


def print_summary(stream: TextIO, words: Words, assignment: str, totals: Totals, seconds: float) -> None:
    """Print what could not be graded, the notes, and how many ended how."""
    for title, lines in (("problems", totals.problems), ("notes", totals.notes)):
        if lines:
            print(words(title), file=stream)
        for student, problem in sorted(lines, key=lambda line: line[0])[:LINES_SHOWN]:
            print(words("problem", student=student, text=words(problem.key, **problem.values)), file=stream)
        if len(lines) > LINES_SHOWN:
            print(words("more_problems", count=len(lines) - LINES_SHOWN), file=stream)
    count = sum(totals.states.values())
    took = words("took", seconds=seconds, rate=count / max(seconds, 1e-6))
    print(f"{words('summary', assignment=assignment)}: {took}", file=stream)
    for state in STATES:
        if totals.states[state]:
            print(f"  {totals.states[state]:>7}  {words(state)}", file=stream)
