"""The wheel of `hocvu` that lessons load in the browser: the learner's side only, without the server's code."""

import base64
import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

# The browser needs what questions, labs and widgets import; the rest is the server's and would only be weight.
SERVER_PARTS = frozenset(
    {"cli", "demo", "portal", "scoring", "grading", "publishing", "records", "gradebook", "notebooks", "course"}
)
LONG_AGO = (2027, 1, 1, 0, 0, 0)  # one date for all: the same files give the same bytes, so browsers keep their copy


def pack_learner_wheel(package: Path, into: Path, version: str) -> Path:
    """Return `hocvu-<version>-….whl` in `into`, zipped from the package's folder; needs no build tool."""
    files = {f"{package.name}/{path.relative_to(package).as_posix()}": path for path in sorted(package.rglob("*"))}
    kept = {name: path.read_bytes() for name, path in files.items() if path.is_file() and is_for_learners(name)}
    return write_wheel(package.name, version, kept, into)


def trim_wheel(wheel: Path, into: Path) -> Path:
    """Return the learner's part of an ordinary wheel, its name carrying a digest of its contents."""
    with zipfile.ZipFile(wheel) as archive:
        kept = {name: archive.read(name) for name in sorted(archive.namelist()) if is_for_learners(name)}
    name, version = wheel.name.split("-")[:2]
    return write_wheel(name, version, kept, into)


def empty_wheel(name: str, into: Path) -> Path:
    """Return a wheel without modules.

    The kernel insists on installing jedi (1.6 MB, for completing code as one types); lessons have no typing.
    """
    return write_wheel(name, "0", {}, into)


def is_for_learners(name: str) -> bool:
    """Whether a file `package/part/…` of the wheel belongs in the browser."""
    parts = name.split("/")
    if name.endswith("/") or "__pycache__" in parts or parts[0].endswith(".dist-info"):
        return False
    return parts[1].removesuffix(".py") not in SERVER_PARTS


def write_wheel(name: str, version: str, files: Mapping[str, bytes], into: Path) -> Path:
    """Write a pure wheel; the build tag is a digest, because browsers may keep a file of the same name for a year."""
    info = f"{name}-{version}.dist-info"
    contents = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: hocvu\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    contents[f"{info}/RECORD"] = record(contents, info)
    digest = hashlib.sha256(contents[f"{info}/RECORD"]).hexdigest()[:10]
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
