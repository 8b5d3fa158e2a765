"""Large pages under the warm heap: forking then copies one entry where there were 512, and a child's end drops one.

They cost or save time only. A kernel that has none (before 6.1, or switched off) leaves the heap as it is.
"""

import contextlib
from pathlib import Path

from hocvu.sandbox import linux

SYS_MADVISE, MADV_COLLAPSE = 28, 25
LARGE = 1 << 21


def gather_heap() -> None:
    """Put the private memory of this process, as far as it fills whole large pages, into such pages."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        fields = line.split(maxsplit=5)
        start, end = (int(address, 16) for address in fields[0].split("-"))
        is_heap = len(fields) == 5 or fields[5] == "[heap]"
        first, last = -(-start // LARGE) * LARGE, end // LARGE * LARGE
        if is_heap and fields[1] == "rw-p" and first < last:
            with contextlib.suppress(OSError):
                linux.call(SYS_MADVISE, first, last - first, MADV_COLLAPSE, what="madvise")
