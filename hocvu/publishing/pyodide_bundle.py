"""Python for the browser, complete and offline: Pyodide from npm, pure wheels from the package index, one lock file."""

import hashlib
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hocvu.errors import HocvuError
from hocvu.publishing.cache import mark_used
from hocvu.publishing.learner_wheel import empty_wheel

HERE = Path(__file__).parent
PINS = HERE / "pyodide_wheels.txt"
COMPILER = HERE / "compile_wheels.mjs"
LOCK_NAME = "pyodide-lock.json"
RUNTIME_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")

# What Pyodide's lock does not know: the kernel's own wheels, and the packages we chose.
DEPENDS: Mapping[str, tuple[str, ...]] = {
    "comm": (),
    "ipywidgets": ("comm", "ipython", "traitlets"),
    "piplite": ("micropip", "packaging"),
    "pyodide-kernel": ("comm", "ipython"),
    "ipykernel": ("pyodide-kernel",),
    "jedi": (),
    "hocvu": (),
}
PRELOADED = ("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython", "ipywidgets", "hocvu")

Report = Callable[[str], None]


class SiteError(HocvuError):
    """The lesson site cannot be built; the message says what to do next."""

    code = "site"


@dataclass(frozen=True)
class Sources:
    """Where the parts come from: the npm package `pyodide`, the kernel's wheels, and our cache."""

    pyodide: Path
    kernel_wheels: Path
    cache: Path


def make_bundle(sources: Sources, report: Report) -> Path:
    """Return a folder with Pyodide, every wheel but ours, and their lock file; made once, then taken from the cache."""
    check_pyodide(sources.pyodide)
    kernel = sorted(sources.kernel_wheels.glob("*.whl"))
    if not kernel:
        raise SiteError(
            f"{sources.kernel_wheels}: the kernel's wheels are not there. "
            "Install the extra `lite` (pip install '.[lite]'), then build the site again."
        )
    node = shutil.which("node")
    inputs = [sources.pyodide / LOCK_NAME, PINS, COMPILER, Path(__file__), *kernel]
    folder = sources.cache / f"pyodide-{digest_files(inputs)}{'' if node else '-plain'}"
    if (folder / LOCK_NAME).is_file():
        mark_used(folder)
        report("Python cho trình duyệt: đã có sẵn.")
        return folder
    sources.cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pyodide-", dir=sources.cache) as scratch:
        partial = fresh_folder(Path(scratch) / "bundle")
        fill_bundle(partial, sources, kernel, node, report)
        if not folder.exists():  # a build beside this one may have been first
            partial.rename(folder)
    return folder


def fill_bundle(folder: Path, sources: Sources, kernel: list[Path], node: str | None, report: Report) -> None:
    """Gather Pyodide and its wheels in `folder`; the lock file is written last."""
    wheels = [*download_wheels(folder, report), *copy_kernel_wheels(kernel, folder), empty_wheel("jedi", folder)]
    for name in RUNTIME_FILES:
        shutil.copyfile(sources.pyodide / name, folder / name)
    compile_wheels(wheels, sources.pyodide, node, report)
    lock = write_lock_entries(read_lock(sources.pyodide / LOCK_NAME), map(name_by_content, wheels))
    (folder / LOCK_NAME).write_text(json.dumps(lock, sort_keys=True), encoding="utf-8")


def check_pyodide(folder: Path) -> None:
    """Raise SiteError unless the npm package is there and is the version the kernel was made for."""
    if not (folder / "package.json").is_file():
        raise SiteError(f"{folder} is not there. Run `npm ci` in the course root, then build the site again.")
    found = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    try:
        wanted = importlib.import_module("jupyterlite_pyodide_kernel.constants").PYODIDE_VERSION
    except ImportError as error:
        raise SiteError("JupyterLite is not installed: pip install '.[lite]', then build the site again.") from error
    if found != wanted:
        raise SiteError(
            f"{folder} is version {found}, but the installed kernel needs {wanted}. "
            "Set that version in package.json and run `npm install`."
        )


def download_wheels(folder: Path, report: Report) -> list[Path]:
    """Return the pinned pure wheels, fetched into `folder` by pip; their hashes are checked by pip."""
    report("Đang tải các gói Python của bài học (chỉ lần đầu)…")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--require-hashes", "--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none"]
    command += ["--python-version=3.14", f"--dest={folder}", f"--requirement={PINS}"]
    try:
        subprocess.run(command, check=True, timeout=600, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        raise SiteError(
            f"{PINS.name}: pip could not download the wheels ({last_line(error.stderr)}). "
            "Check the network or pip's package index, then build the site again; what is finished is kept."
        ) from error
    except subprocess.TimeoutExpired as error:
        raise SiteError(f"{PINS.name}: pip took longer than 10 minutes. Check the network and try again.") from error
    return sorted(folder.glob("*.whl"))


def copy_kernel_wheels(wheels: Iterable[Path], folder: Path) -> list[Path]:
    """Return copies of the wheels that come with the kernel's extension; the widget stubs are not needed."""
    chosen = [wheel for wheel in wheels if wheel_name(wheel) in DEPENDS]
    return [Path(shutil.copyfile(wheel, folder / wheel.name)) for wheel in chosen]


def compile_wheels(wheels: list[Path], pyodide: Path, node: str | None, report: Report) -> None:
    """Replace each wheel's .py by .pyc, made by Pyodide itself under Node: a third less work at each lesson's start."""
    if node is None:
        report("Máy này không có Node: các gói không được biên dịch trước, bài học khởi động chậm hơn vài giây.")
        return
    report(f"Đang biên dịch {len(wheels)} gói cho Python của trình duyệt…")
    command = [node, str(COMPILER), str((pyodide / "pyodide.mjs").resolve()), *map(str, wheels)]
    try:
        subprocess.run(command, check=True, timeout=600, capture_output=True, text=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        reason = last_line(str(getattr(error, "stderr", "") or error))
        raise SiteError(
            f"{COMPILER.name}: Node could not compile the wheels ({reason}). "
            "Check `node --version` (18 or newer) and run `npm ci` again."
        ) from error


def name_by_content(wheel: Path) -> Path:
    """Rename a wheel so that its name changes with its content: browsers may then keep it for good."""
    name, version, *tags = wheel.name.split("-")
    return wheel.rename(wheel.with_name("-".join((name, version, f"0{digest_files([wheel])}", *tags[-3:]))))


def read_lock(path: Path) -> dict[str, Any]:
    lock: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return lock


def write_lock_entries(lock: Mapping[str, Any], wheels: Iterable[Path]) -> dict[str, Any]:
    """Return a lock that names exactly `wheels`: Pyodide's own entries with our hashes, new entries for the rest.

    A package that we do not ship must not be in the lock, or `import numpy` would end in a failed download.
    """
    packages = {wheel_name(wheel): lock_entry(lock, wheel) for wheel in wheels}
    return {**lock, "packages": dict(sorted(packages.items()))}


def lock_entry(lock: Mapping[str, Any], wheel: Path) -> dict[str, Any]:
    """Return the lock's entry for one wheel file."""
    name = wheel_name(wheel)
    known: Mapping[str, Any] = lock["packages"].get(name, {}) if name not in DEPENDS else {}
    depends = DEPENDS.get(name, known.get("depends", ()))
    return {
        "name": name,
        "version": wheel.name.split("-")[1],
        "file_name": wheel.name,
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "depends": [normal_name(part) for part in depends],
        "imports": list(known.get("imports", [] if name == "jedi" else [name.replace("-", "_")])),
        "install_dir": "site",
        "package_type": "package",
        "unvendored_tests": False,
    }


def wheel_name(wheel: Path) -> str:
    return normal_name(wheel.name.split("-")[0])


def normal_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def digest_files(paths: Iterable[Path]) -> str:
    """Return 12 hex digits that change when any of the files does."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def fresh_folder(folder: Path) -> Path:
    """Return `folder`, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
