"""The wheel of `hocvu` that lessons load in the browser: the learner's side only, without the server's code."""

import ast
import base64
import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

# Where lessons start; what these import goes with them, and the server's parts stay at home.
ENTRANCES = frozenset({"__init__", "questions", "datasets", "labs", "widgets"})
LONG_AGO = (2027, 1, 1, 0, 0, 0)  # one date for all: the same files give the same bytes, so browsers keep their copy


def pack_learner_wheel(package: Path, into: Path, version: str) -> Path:
    """Return `hocvu-<version>-….whl` in `into`, zipped from the package's folder; needs no build tool."""
    paths = sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    files = {f"{package.name}/{path.relative_to(package).as_posix()}": path.read_bytes() for path in paths}
    return write_wheel(package.name, version, learners_files(files), into)


def trim_wheel(wheel: Path, into: Path) -> Path:
    """Return the learner's part of an ordinary wheel, its name carrying a digest of its contents."""
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in sorted(archive.namelist()) if ".dist-info/" not in name}
    name, version = wheel.name.split("-")[:2]
    return write_wheel(name, version, learners_files(files), into)


def empty_wheel(name: str, into: Path) -> Path:
    """Return a wheel without modules.

    The kernel insists on installing jedi (1.6 MB, for completing code as one types); lessons have no typing.
    """
    return write_wheel(name, "0", {}, into)


def learners_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of the parts (package/part/…, package/part.py) that lessons reach by their imports."""
    parts, before = set(ENTRANCES), set[str]()
    while parts != before:
        before = set(parts)
        for name, data in files.items():
            if name.endswith(".py") and part_of(name) in before:
                parts |= imported_parts(data, name.split("/")[0])
    return {name: data for name, data in files.items() if part_of(name) in parts}


def part_of(name: str) -> str:
    return name.split("/")[1].removesuffix(".py")


def imported_parts(source: bytes, package: str) -> set[str]:
    """Return the parts of `package` that a module imports: {"errors"} for `from hocvu.errors import X`."""
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return {name.split(".")[1] for name in names if name.startswith(f"{package}.")}


def write_wheel(name: str, version: str, files: Mapping[str, bytes], into: Path) -> Path:
    """Write a pure wheel; the build tag is a digest, because browsers may keep a file of the same name for a year."""
    info = f"{name}-{version}.dist-info"
    contents = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: hocvu\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    contents[f"{info}/RECORD"] = record(contents, info)
    digest = hashlib.sha256(contents[f"{info}/RECORD"]).hexdigest()[:12]
    path = into / f"{name}-{version}-0{digest}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, data in contents.items():
            archive.writestr(zipfile.ZipInfo(inside, LONG_AGO), data, zipfile.ZIP_DEFLATED)
    return path


def record(contents: Mapping[str, bytes], info: str) -> bytes:
    """Return the wheel's RECORD: path, hash and size of each file."""
    lines = []
    for name, data in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(data)}")
    return "\n".join([*lines, f"{info}/RECORD,,", ""]).encode()
