"""Old builds leave the cache; what a build uses stays."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hocvu.publishing.cache import KEPT, mark_used, sweep_cache

NOW = datetime.now(UTC)  # marking takes the machine's own clock


def made(path: Path, age: timedelta) -> Path:
    """A file, or a folder with a file in it, last used so long ago."""
    inside = path if path.suffix else path / "a.txt"
    inside.parent.mkdir(parents=True, exist_ok=True)
    inside.write_text("x", encoding="utf-8")
    moment = (NOW - age).timestamp()
    for one in (inside, path):
        os.utime(one, (moment, moment))
    return path


def test_what_no_build_has_used_for_two_weeks_is_removed(tmp_path: Path) -> None:
    old, young = KEPT + timedelta(minutes=1), KEPT - timedelta(minutes=1)
    names = ("pyodide-1", "hocvu-1.whl", "packed/1.gz", "stage-x", "pyodide-2-hocvu/1.whl")
    others = ("hocvu-2.whl", "packed/2.gz", "pyodide-2-hocvu/2.whl", "pyodide-2")
    gone, kept = [made(tmp_path / name, old) for name in names], [made(tmp_path / name, young) for name in others]
    used = made(tmp_path / "pyodide-3", old)
    mark_used(used)
    assert sweep_cache(tmp_path, NOW) == len(gone)
    assert not any(path.exists() for path in gone) and all(path.exists() for path in [*kept, used])
    assert (tmp_path / "packed").is_dir() and sweep_cache(tmp_path, NOW) == 0


def test_a_link_is_removed_and_never_followed(tmp_path: Path) -> None:
    cache, outside = tmp_path / "cache", made(tmp_path / "outside", timedelta())
    cache.mkdir()
    (cache / "link").symlink_to(outside)
    os.utime(cache / "link", (0, 0), follow_symlinks=False)
    assert sweep_cache(cache, NOW) == 1 and (outside / "a.txt").exists()
