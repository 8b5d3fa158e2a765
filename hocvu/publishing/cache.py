"""The cache of builds (`var/cache`): what a build uses is marked, what none has used for long is removed."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

KEPT = timedelta(days=14)
PACKED = "packed"  # gzip copies that the server makes; a new site has new files, so older copies are never asked for


def mark_used(*paths: Path) -> None:
    """Say that a build uses these now. The moment is the file's own date."""
    for path in paths:
        os.utime(path)


def sweep_cache(cache: Path, now: datetime) -> int:
    """Remove what nobody has made or used for KEPT; return how many entries. All of it can be made again.

    Another build beside this one is safe: what it uses it has just marked or made.
    """
    oldest = (now - KEPT).timestamp()
    stale = [path for path in _entries(cache) if path.lstat().st_mtime < oldest]
    for path in stale:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(stale)


def _entries(cache: Path) -> Iterator[Path]:
    yield from (path for path in cache.iterdir() if path.name != PACKED)
    yield from cache.glob(f"{PACKED}/*")
    yield from cache.glob("pyodide-*-hocvu/*")
