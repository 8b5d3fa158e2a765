"""Tracebacks that look like IPython's, at a fiftieth of its price: no parsing, no highlighting of the source.

IPython spends 8 ms of CPU on each error; an all-wrong notebook has dozens of them.
"""

import linecache
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType

OURS = str(Path(__file__).parent)
CONTEXT = 2  # lines before and after the one that failed
MAX_FRAMES = 20
MAX_CHAIN = 3
DASHES = "\x1b[31m" + "-" * 75 + "\x1b[39m"
CAUSE = "\nThe above exception was the direct cause of the following exception:\n"
CONTEXT_OF = "\nDuring handling of the above exception, another exception occurred:\n"
NameCell = Callable[[str], tuple[str, str] | None]


def format_error(error: BaseException, trace: TracebackType | None, name_cell: NameCell) -> list[str]:
    """Return the lines of a traceback. name_cell: ("Cell", "In[3]") for the file name of a cell, else None."""
    chain: list[tuple[BaseException, TracebackType | None, str]] = [(error, trace, "")]
    while len(chain) < MAX_CHAIN:
        last = chain[-1][0]
        if last.__cause__ is not None:
            chain.append((last.__cause__, last.__cause__.__traceback__, CAUSE))
        elif last.__context__ is not None and not last.__suppress_context__:
            chain.append((last.__context__, last.__context__.__traceback__, CONTEXT_OF))
        else:
            break
    lines = [DASHES]
    for one, its_trace, joined in reversed(chain):
        lines += [_header(type(one).__name__), *_frames(its_trace, name_cell), _last_line(one)]
        lines += [joined] if joined else []
    return lines


def _header(name: str) -> str:
    title = "Traceback (most recent call last)"
    return f"\x1b[31m{name}\x1b[39m{title:>{max(len(title) + 1, 75 - len(name))}}"


def _last_line(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:
        text = "<exception str() failed>"
    return f"\x1b[31m{type(error).__name__}\x1b[39m: {text}"


def _frames(trace: TracebackType | None, name_cell: NameCell) -> list[str]:
    found: list[tuple[FrameType, int]] = []
    while trace is not None:
        if not is_ours(trace.tb_frame.f_code.co_filename):
            found.append((trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    half = MAX_FRAMES // 2
    if len(found) <= MAX_FRAMES:
        return [_frame(frame, line, name_cell) for frame, line in found]
    skipped = f"    [... skipping {len(found) - MAX_FRAMES} frames]"
    first, last = found[:half], found[-half:]
    return [*(_frame(f, n, name_cell) for f, n in first), skipped, *(_frame(f, n, name_cell) for f, n in last)]


def is_ours(filename: str) -> bool:
    """Tell whether a frame belongs to the machinery, which says nothing to a learner."""
    return filename.startswith(OURS) or filename.endswith("IPython/core/interactiveshell.py")


def _frame(frame: FrameType, number: int, name_cell: NameCell) -> str:
    filename, function = frame.f_code.co_filename, frame.f_code.co_name
    named = name_cell(filename)
    place = (
        f"{named[0]} \x1b[32m{named[1]}\x1b[39m, line {number}"
        if named
        else f"File \x1b[32m{filename}:{number}\x1b[39m"
    )
    inside = "" if function == "<module>" else f", in {function}()"
    shown = []
    lines = linecache.getlines(filename)
    for line in range(max(1, number - CONTEXT), min(len(lines), number + CONTEXT) + 1):
        text = lines[line - 1].rstrip("\n")
        shown.append(f"\x1b[32m{f'----> {line}' if line == number else line:>7}\x1b[39m {text}")
    return "\n".join([place + inside, *shown])
