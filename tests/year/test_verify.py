"""A bundle is checked offline: by our own verb, and by a second implementation that knows nothing of it."""

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hocvu.cli.commands import main
from hocvu.records.years import list_snapshots
from hocvu.signing import KEY_FILE as PRIVATE_KEY
from hocvu.signing import open_signing_key
from hocvu.year.annex import Correction, correct_frozen
from hocvu.year.bundle import PARTS
from hocvu.year.faulty import withdraw_item
from hocvu.year.verify import BadBundle, verify_bundle
from tests.year.city import HALF, RIGHT, City, at

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture
def bundle(city: City) -> Path:
    """A final snapshot with two annexes."""
    city.hands_in("Lan", "01/06/2027 09:00", HALF)
    city.hands_in("Hùng", "01/06/2027 09:00", RIGHT)
    deciders = [city.people["Giảng"], city.people["Mai"]]
    with city.records.session() as s:
        withdraw_item(s, city.desk, "1-4", "Đề in sai", deciders, at("02/06/2027 09:00"))
    final = city.freezes_for_good()
    for moment, name in (("10/12/2027 09:00", "Lan"), ("11/12/2027 09:00", "Đào")):
        correction = Correction(f"CB-{name}", "Sửa sai", {"NL2": 1})
        correct_frozen(city.desk, correction, city.people["Mai"], at(moment))
    return city.bundle(final)


def changed(bundle: Path, change: Change) -> Path:
    """The bundle with its files changed by somebody who has no key."""
    with zipfile.ZipFile(bundle) as old:
        files = {name: old.read(name) for name in old.namelist()}
    change(files)
    path = bundle.with_name("changed.zip")
    with zipfile.ZipFile(path, "w") as new:
        for name, content in files.items():
            new.writestr(name, content)
    return path


def wrong_places(path: Path) -> set[str]:
    return {finding.where for finding in verify_bundle(path).findings if not finding.is_right}


def test_a_bundle_as_it_left_is_right(bundle: Path, city: City) -> None:
    verdict = verify_bundle(bundle, city.desk.key.public_jwk)
    assert verdict.is_right, verdict.findings
    assert verdict.fingerprint == city.desk.key.fingerprint
    assert {f"{part}.jsonl" for part in PARTS} <= {finding.where for finding in verdict.findings}


def test_the_same_snapshot_gives_the_same_bundle(bundle: Path, city: City) -> None:
    first = bundle.read_bytes()
    with city.records.reading() as s:
        (final,) = [one for one in list_snapshots(s) if one.kind == "final"]
    assert city.bundle(final).read_bytes() == first


def test_a_second_implementation_agrees(bundle: Path) -> None:
    """RFC 7515 by hand: Ed25519 of `cryptography` on the signing input, hashes of hashlib; nothing of ours."""
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    key = Ed25519PublicKey.from_public_bytes(from_base64url(json.loads(files["public-key.json"])["x"]))
    tokens = {"manifest.json": "manifest.jws", "annexes.json": "annexes.jws"}
    tokens |= {f"annexes/{n:04d}.json": f"annexes/{n:04d}.jws" for n in (1, 2)}
    for text, token in tokens.items():
        header, payload, signature = files[token].decode().split(".")
        key.verify(from_base64url(signature), f"{header}.{payload}".encode())
        assert from_base64url(payload) == files[text]
        assert json.loads(from_base64url(header))["alg"] == "Ed25519"
        with pytest.raises(InvalidSignature):
            key.verify(from_base64url(signature), f"{header}.{payload[:-2]}AA".encode())
    for part in json.loads(files["manifest.json"])["parts"]:
        assert hashlib.sha256(files[part["file"]]).hexdigest() == part["sha256"]
    first, second = (json.loads(files[f"annexes/{n:04d}.json"]) for n in (1, 2))
    assert first["previous_sha256"] == hashlib.sha256(files["manifest.json"]).hexdigest()
    assert second["previous_sha256"] == hashlib.sha256(files["annexes/0001.json"]).hexdigest()


@pytest.mark.parametrize("part", PARTS)
def test_one_changed_byte_in_any_part_is_found(bundle: Path, part: str) -> None:
    def flip(files: dict[str, bytes]) -> None:
        content = bytearray(files[f"{part}.jsonl"] or b"{}\n")  # a part without rows: one is put in
        content[len(content) // 2] ^= 1
        files[f"{part}.jsonl"] = bytes(content)

    assert wrong_places(changed(bundle, flip)) == {f"{part}.jsonl"}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("results.jsonl", b'"NL1":0', b'"NL1":3'),
        ("results.jsonl", b'"points":16.0', b'"points":15.0'),
        ("roster.jsonl", b"CB-Lan", b"CB-Lam"),
        ("rule.jsonl", b'"min_items":', b'"min_item5":'),
        ("manifest.json", b'"rule_version":"2027', b'"rule_version":"2026'),
    ],
)
def test_a_changed_level_score_person_or_rule_is_found(bundle: Path, file: str, old: bytes, new: bytes) -> None:
    def change(files: dict[str, bytes]) -> None:
        assert old in files[file]
        files[file] = files[file].replace(old, new, 1)

    assert file in wrong_places(changed(bundle, change))


def test_a_person_taken_out_of_roster_and_results_is_found(bundle: Path) -> None:
    def take(files: dict[str, bytes]) -> None:
        for name in ("roster.jsonl", "results.jsonl"):
            files[name] = b"".join(one for one in files[name].splitlines(keepends=True) if b"CB-Lan" not in one)

    assert wrong_places(changed(bundle, take)) == {"roster.jsonl", "results.jsonl"}


@pytest.mark.parametrize(("name", "where"), [("manifest", "manifest.json"), ("annexes", "annexes.json")])
def test_a_changed_signature_is_found(bundle: Path, name: str, where: str) -> None:
    def change(files: dict[str, bytes]) -> None:
        header, payload, signature = files[f"{name}.jws"].split(b".")
        other = b"B" if signature[:1] == b"A" else b"A"
        files[f"{name}.jws"] = b".".join((header, payload, other + signature[1:]))

    assert where in wrong_places(changed(bundle, change))


@pytest.mark.parametrize("part", PARTS)
def test_a_missing_part_is_found(bundle: Path, part: str) -> None:
    assert wrong_places(changed(bundle, lambda files: files.pop(f"{part}.jsonl"))) == {f"{part}.jsonl"}


def test_reordered_rows_are_found_and_called_so(bundle: Path) -> None:
    def reorder(files: dict[str, bytes]) -> None:
        files["results.jsonl"] = b"".join(reversed(files["results.jsonl"].splitlines(keepends=True)))

    (wrong,) = [one for one in verify_bundle(changed(bundle, reorder)).findings if not one.is_right]
    assert wrong.where == "results.jsonl" and "thứ tự" in wrong.text


def test_a_row_put_in_is_found(bundle: Path) -> None:
    def add(files: dict[str, bytes]) -> None:
        files["results.jsonl"] += b'{"staff_code":"ZZ"}\n'

    (wrong,) = [one for one in verify_bundle(changed(bundle, add)).findings if not one.is_right]
    assert "bản kê ghi" in wrong.text


def test_a_manifest_with_other_hashes_is_found(bundle: Path) -> None:
    def forge(files: dict[str, bytes]) -> None:
        files["results.jsonl"] = files["results.jsonl"].replace(b'"NL1":0', b'"NL1":3')
        manifest = json.loads(files["manifest.json"])
        for part in manifest["parts"]:
            part["sha256"] = hashlib.sha256(files[part["file"]]).hexdigest()
        files["manifest.json"] = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()

    assert "manifest.json" in wrong_places(changed(bundle, forge))


def test_a_whole_bundle_signed_with_another_key_is_found(bundle: Path, city: City, tmp_path: Path) -> None:
    published = city.desk.key.public_jwk
    stranger = open_signing_key(tmp_path / "stranger")

    def sign_all(files: dict[str, bytes]) -> None:
        types = {"manifest": "hocvu-snapshot+jws", "annexes": "hocvu-annexes+jws"}
        files["public-key.json"] = json.dumps(stranger.public_jwk).encode()
        for name in [name for name in files if name.endswith(".jws")]:
            stem = name.removesuffix(".jws")
            files[name] = stranger.sign(files[f"{stem}.json"], types.get(stem, "hocvu-annex+jws")).encode()

    forged = changed(bundle, sign_all)
    assert verify_bundle(forged).is_right  # by the key inside: that is why its fingerprint is to be compared
    verdict = verify_bundle(forged, published)
    assert {"public-key.json", "manifest.json", "annexes.json"} <= {
        one.where for one in verdict.findings if not one.is_right
    }


@pytest.mark.parametrize("taken", [1, 2])
def test_a_removed_annex_is_found(bundle: Path, taken: int) -> None:
    def take(files: dict[str, bytes]) -> None:
        files.pop(f"annexes/{taken:04d}.json")
        files.pop(f"annexes/{taken:04d}.jws")

    assert f"annexes/{taken:04d}.json" in wrong_places(changed(bundle, take))


def test_annexes_that_change_places_are_found(bundle: Path) -> None:
    def swap(files: dict[str, bytes]) -> None:
        for kind in ("json", "jws"):
            one, two = f"annexes/0001.{kind}", f"annexes/0002.{kind}"
            files[one], files[two] = files[two], files[one]

    assert {"annexes/0001.json", "annexes/0002.json"} <= wrong_places(changed(bundle, swap))


def test_a_changed_annex_is_found(bundle: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["annexes/0002.json"] = files["annexes/0002.json"].replace(b'"NL2":1', b'"NL2":3')

    assert {"annexes/0002.json"} <= wrong_places(changed(bundle, change))


def test_a_signature_of_one_kind_does_not_pass_for_another(bundle: Path) -> None:
    def pass_off(files: dict[str, bytes]) -> None:
        files["manifest.json"], files["manifest.jws"] = files["annexes/0001.json"], files["annexes/0001.jws"]

    assert "manifest.json" in wrong_places(changed(bundle, pass_off))


def test_a_file_smuggled_in_is_found(bundle: Path) -> None:
    assert wrong_places(changed(bundle, lambda files: files.update({"results2.jsonl": b""}))) == {"results2.jsonl"}


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"not a zip")
    with pytest.raises(BadBundle, match="x.zip"):
        verify_bundle(path)
    with zipfile.ZipFile(path, "w") as empty:
        empty.writestr("a", "b")
    with pytest.raises(BadBundle):
        verify_bundle(path)


def test_the_verb_says_in_vietnamese_what_is_wrong(
    bundle: Path, city: City, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    key = tmp_path / "jwks.json"
    key.write_text(json.dumps({"keys": [city.desk.key.public_jwk]}), encoding="utf-8")
    assert main(["verify", str(bundle), "--public-key", str(key)]) == 0
    said = capsys.readouterr().out
    assert "gói nguyên vẹn" in said and city.desk.key.fingerprint in said
    broken = changed(bundle, lambda files: files.update({"units.jsonl": b"{}\n"}))
    assert main(["verify", str(broken)]) == 1
    said = capsys.readouterr().out
    assert "✘ units.jsonl: đã bị sửa" in said and "KHÔNG nguyên vẹn" in said


def test_the_private_key_is_for_its_owner_only_and_never_in_a_bundle(bundle: Path, city: City) -> None:
    path = city.settings.var / PRIVATE_KEY
    assert path.stat().st_mode & 0o777 == 0o600
    secret = json.loads(path.read_text(encoding="ascii"))["d"].encode()
    with zipfile.ZipFile(bundle) as archive:
        assert all(secret not in archive.read(name) for name in archive.namelist())
    assert open_signing_key(city.settings.var).fingerprint == city.desk.key.fingerprint


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
