"""Checking a bundle offline: hashes, signatures, the chain of annexes; what is right and what was tampered with."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hocvu.errors import HocvuError
from hocvu.signing import BadSignature, check_signature, fingerprint_of
from hocvu.year.annex import ANNEX_TYP, is_downward
from hocvu.year.annex import FORMAT as ANNEX_FORMAT
from hocvu.year.bundle import (
    ANNEXES,
    ANNEXES_JWS,
    HEAD_TYP,
    KEY_FILE,
    MANIFEST,
    MANIFEST_JWS,
    PARTS,
    READ_ME,
    annex_file,
    annex_jws,
    sha256_of,
)
from hocvu.year.freeze import FORMAT, KIND_NAMES, SNAPSHOT_TYP, Kind

SMALL_BYTES = 5_000_000  # a manifest, key or annex
BLOCK_BYTES = 1 << 20
SORTED_BY_PERSON = ("roster.jsonl", "results.jsonl")


class BadBundle(HocvuError):
    """The file is not a bundle that can be read at all."""

    code = "bad_bundle"


@dataclass(frozen=True)
class Finding:
    """One line of the report. where: the part of the bundle."""

    is_right: bool
    where: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """The whole report; fingerprint of the key that the signatures were checked with."""

    findings: tuple[Finding, ...]
    fingerprint: str
    sha256: str

    @property
    def is_right(self) -> bool:
        return all(finding.is_right for finding in self.findings)


def verify_bundle(path: Path, public_jwk: Mapping[str, Any] | None = None) -> Verdict:
    """Return the verdict on a bundle. public_jwk: the key one trusts; None: the one inside, to be compared by hand.

    Raises BadBundle if the file is no bundle, BadKey if a key is none.
    """
    try:
        with zipfile.ZipFile(path) as bundle:
            own = _key_inside(bundle)
            trusted = dict(public_jwk or own)
            text = _read(bundle, MANIFEST)
            manifest = _object(text)
            findings = tuple(_findings(bundle, manifest, text, own, trusted))
            return Verdict(findings, fingerprint_of(trusted), sha256_of(text))
    except (zipfile.BadZipFile, OSError, KeyError, NotImplementedError, EOFError) as error:
        raise BadBundle(f"{path}: không đọc được như một gói chốt sổ ({error}). Anh/chị tải lại gói.") from error


def read_public_key(path: Path) -> dict[str, Any]:
    """Return the key of a JWK or JWKS file. Raises BadBundle."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        return dict(value["keys"][0] if "keys" in value else value)
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise BadBundle(f"{path}: không phải tệp khóa công khai (JWK hoặc JWKS).") from error


def _findings(
    bundle: zipfile.ZipFile,
    manifest: Mapping[str, Any],
    text: bytes,
    own: Mapping[str, Any],
    trusted: Mapping[str, Any],
) -> Iterator[Finding]:
    if fingerprint_of(own) != fingerprint_of(trusted):
        yield Finding(False, KEY_FILE, "khóa trong gói không phải khóa công khai anh/chị đưa vào")
    yield _signature(_read(bundle, MANIFEST_JWS), text, trusted, SNAPSHOT_TYP, MANIFEST, "chữ ký của bản kê")
    if manifest.get("format") != FORMAT or manifest.get("kind") not in set(Kind):
        yield Finding(False, MANIFEST, "bản kê không đúng dạng của một bản chốt sổ")
        return
    name = KIND_NAMES[Kind(manifest["kind"])].lower()
    yield Finding(True, MANIFEST, f"{name} kỳ {manifest['period']['code']}, quy tắc {manifest['rule_version']}")
    yield from _parts(bundle, manifest)
    yield from _annexes(bundle, sha256_of(text), trusted)
    yield from _strangers(bundle, manifest)


def _parts(bundle: zipfile.ZipFile, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    listed = {part["file"]: part for part in manifest["parts"]}
    for name in (f"{part}.jsonl" for part in PARTS):
        if name not in listed or name not in bundle.namelist():
            yield Finding(False, name, "thiếu phần này")
            continue
        sha256, lines, in_order = _digest(bundle, name, listed[name]["size_bytes"])
        if sha256 == listed[name]["sha256"]:
            yield Finding(True, name, f"{lines} dòng, đúng mã SHA-256")
        elif not in_order:
            yield Finding(False, name, "đã bị sửa: các dòng không còn theo thứ tự mã CBCCVC hoặc có dòng lặp")
        elif lines != listed[name]["lines"]:
            yield Finding(False, name, f"đã bị sửa: có {lines} dòng, bản kê ghi {listed[name]['lines']} dòng")
        else:
            yield Finding(False, name, "đã bị sửa: sai mã SHA-256")


def _digest(bundle: zipfile.ZipFile, name: str, size_bytes: int) -> tuple[str, int, bool]:
    """SHA-256, number of lines, and whether staff codes grow. Reads no more than was signed, and a little."""
    digest, lines, in_order, last, seen = hashlib.sha256(), 0, True, "", 0
    with bundle.open(name) as file:
        for line in file:
            digest.update(line)
            lines, seen = lines + 1, seen + len(line)
            if seen > size_bytes + BLOCK_BYTES:
                break
            if name in SORTED_BY_PERSON:
                code = _code(line)
                in_order, last = in_order and code > last, code
    return digest.hexdigest(), lines, in_order


def _annexes(bundle: zipfile.ZipFile, manifest_sha256: str, trusted: Mapping[str, Any]) -> Iterator[Finding]:
    head_text = _read(bundle, ANNEXES)
    yield _signature(_read(bundle, ANNEXES_JWS), head_text, trusted, HEAD_TYP, ANNEXES, "chữ ký của danh mục phụ lục")
    head = _object(head_text)
    if head.get("snapshot_sha256") != manifest_sha256:
        yield Finding(False, ANNEXES, "danh mục phụ lục thuộc về một bản chốt khác")
    previous, number = manifest_sha256, 0
    for number in range(1, int(head.get("count", 0)) + 1):
        name = annex_file(number)
        if name not in bundle.namelist() or annex_jws(number) not in bundle.namelist():
            yield Finding(False, name, "phụ lục này đã bị lấy đi")
            return
        text = _read(bundle, name)
        yield _signature(_read(bundle, annex_jws(number)), text, trusted, ANNEX_TYP, name, "chữ ký của phụ lục")
        yield _link(name, _object(text), number, previous, manifest_sha256)
        previous = sha256_of(text)
    if head.get("last_sha256") != previous:
        yield Finding(False, ANNEXES, "phụ lục cuối không phải phụ lục mà danh mục ghi")
    elif number:
        yield Finding(True, ANNEXES, f"{number} phụ lục nối nhau đủ và đúng")
    else:
        yield Finding(True, ANNEXES, "chưa có phụ lục")


def _link(name: str, annex: Mapping[str, Any], number: int, previous: str, manifest_sha256: str) -> Finding:
    if annex.get("format") != ANNEX_FORMAT or annex.get("number") != number:
        return Finding(False, name, "số thứ tự hoặc dạng của phụ lục không đúng")
    if annex.get("snapshot_sha256") != manifest_sha256:
        return Finding(False, name, "phụ lục này thuộc về một bản chốt khác")
    if annex.get("previous_sha256") != previous:
        return Finding(False, name, "phụ lục không nối với phụ lục trước: có phụ lục bị sửa, đổi chỗ hoặc lấy đi")
    if is_downward(annex["before"], annex["after"]) and not annex.get("decision"):
        return Finding(False, name, "phụ lục làm giảm kết quả mà không ghi quyết định")
    return Finding(True, name, f"mã {annex['staff_code']}, nối đúng với phụ lục trước")


def _strangers(bundle: zipfile.ZipFile, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    names = bundle.namelist()
    count = int(_object(_read(bundle, ANNEXES)).get("count", 0))
    known = {MANIFEST, MANIFEST_JWS, ANNEXES, ANNEXES_JWS, KEY_FILE, READ_ME, *(f"{part}.jsonl" for part in PARTS)}
    known |= {name(number) for number in range(1, count + 1) for name in (annex_file, annex_jws)}
    for name in sorted({name for name in names if name not in known or names.count(name) > 1}):
        yield Finding(False, name, "tệp này không thuộc về gói, hoặc có hai lần")


def _signature(token: bytes, text: bytes, trusted: Mapping[str, Any], typ: str, where: str, what: str) -> Finding:
    try:
        signed = check_signature(token.decode("ascii", "replace"), trusted, typ)
    except BadSignature as error:
        return Finding(False, where, f"{what} sai: {error.message}")
    if signed != text:
        return Finding(False, where, f"{what} sai: nội dung không phải nội dung đã ký")
    return Finding(True, where, f"{what} đúng")


def _key_inside(bundle: zipfile.ZipFile) -> Mapping[str, Any]:
    return _object(_read(bundle, KEY_FILE))


def _read(bundle: zipfile.ZipFile, name: str) -> bytes:
    with bundle.open(name) as file:
        text = file.read(SMALL_BYTES + 1)
    if len(text) > SMALL_BYTES:
        raise BadBundle(f"{name}: lớn bất thường. Đây không phải gói do hệ thống lập.")
    return text


def _object(text: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _code(line: bytes) -> str:
    return str(_object(line).get("staff_code", ""))
