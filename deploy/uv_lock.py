"""Write uv.lock for people who work with `uv sync`: the versions of requirements.lock, this machine's registry.

uv writes the registry's address into every entry, so the file is made where it is used and never committed
(docs/decisions/0001-locks-without-hosts.md).
"""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PIN = re.compile(r"^([A-Za-z0-9][\w.-]*==[^\s;\\]+(?:\s*;[^\\]+)?)", re.MULTILINE)
TABLE = "[tool.uv]\n"


def main() -> None:
    """Make the lock beside pyproject.toml; ends with a message if it would pin anything else than requirements.lock."""
    pins = [pin.strip() for pin in PIN.findall((ROOT / "requirements.lock").read_text(encoding="utf-8"))]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert TABLE in project
    with tempfile.TemporaryDirectory() as scratch:
        pinned = project.replace(TABLE, f"{TABLE}constraint-dependencies = {pins!r}\n")
        Path(scratch, "pyproject.toml").write_text(pinned, encoding="utf-8")
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([str(uv), "lock", "--quiet", "--project", scratch], check=True)
        made = Path(scratch, "uv.lock")
        check_same(pins, made.read_text(encoding="utf-8"))
        shutil.copy(made, ROOT / "uv.lock")
    print(f"uv.lock: {len(pins)} thư viện, cùng phiên bản với requirements.lock. Dùng: uv sync --frozen --all-extras")


def check_same(pins: list[str], lock: str) -> None:
    """Exit unless both name the same packages in the same versions."""
    wanted = {tuple(pin.partition(";")[0].strip().split("==")) for pin in pins}
    locked = {(package["name"], package["version"]) for package in tomllib.loads(lock)["package"]}
    others = sorted(wanted ^ {pair for pair in locked if pair[0] != "hocvu"})
    if others:
        sys.exit(
            f"uv.lock khác requirements.lock ở: {', '.join('=='.join(pair) for pair in others)}. Chạy `make lock`."
        )


if __name__ == "__main__":
    main()
