"""Bands as Open Badges 3.0: valid by the official schema, and checked by a verifier that is not ours."""

import copy
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jsonschema import Draft201909Validator
from openbadgeslib.ob3.status import check_credential_status
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from hocvu.course import Course, read_course
from hocvu.credentials import Badge, badge_credential, badge_token, open_token, status_token
from hocvu.signing import BadSignature, SigningKey, open_signing_key

ORIGIN = "https://hocvu.example"
NOW = datetime.now(UTC) - timedelta(minutes=5)  # the verifier has its own clock
LEVELS = {"NL1": 2, "NL2": 1, "NL3": 2, "NL4": 2, "NL5": 2, "NL6": 3}


@pytest.fixture(scope="module")
def course(root: Path) -> Course:
    return read_course(root)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return open_signing_key(tmp_path_factory.mktemp("var"))


@pytest.fixture
def badge() -> Badge:
    ids = "8a4c1d1e-0f5e-4a39-9d4d-5b1a7d0c7a11", "0d3f2b6a-7c1e-4a52-8f0e-2b9c4d5e6f70"
    return Badge(*ids, "CB-000123", "Nguyễn Thị Ánh", "2027", 2, LEVELS, "2027.1", NOW, 41)


def public_pem(key: SigningKey) -> bytes:
    return key.key.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def check(token: str, key: SigningKey) -> Any:
    return OB3Verifier(pubkey_pem=public_pem(key)).verify(token)


def test_the_credential_is_valid_by_the_official_schema(badge: Badge, course: Course, root: Path) -> None:
    path = root / "tests/data/ob_v3p0_achievementcredential_schema.json"
    validator = Draft201909Validator(json.loads(path.read_text(encoding="utf-8")))
    credential = badge_credential(badge, course, ORIGIN)
    assert list(validator.iter_errors(credential)) == []
    wrong = copy.deepcopy(credential)
    del wrong["credentialSubject"]["achievement"]["criteria"]
    assert list(validator.iter_errors(wrong))


def test_another_verifier_accepts_it_and_reads_the_band(badge: Badge, course: Course, key: SigningKey) -> None:
    found = check(badge_token(badge, course, ORIGIN, key), key)
    assert found.recipient_id == f"urn:uuid:{badge.person_id}"
    assert found.issuer.id == f"{ORIGIN}/chung-nhan/don-vi-cap" and found.achievement.name == "Vận dụng"


def test_a_changed_token_is_refused_by_both(badge: Badge, course: Course, key: SigningKey) -> None:
    head, body, signature = badge_token(badge, course, ORIGIN, key).split(".")
    other = badge_token(Badge(**{**vars(badge), "band": 3}), course, ORIGIN, key).split(".")[1]
    for forged in (f"{head}.{other}.{signature}", f"{head}.{body}.{signature[:-8]}AAAAAAAA", f"{head}.{body}.", "x"):
        with pytest.raises(OB3VerificationError):
            check(forged, key)
        with pytest.raises(BadSignature):
            open_token(key, forged)
    assert open_token(key, f"{head}.{body}.{signature}")["credentialSubject"]["achievement"]["name"] == "Vận dụng"


def test_a_token_of_another_key_is_refused(badge: Badge, course: Course, key: SigningKey, tmp_path: Path) -> None:
    foreign = badge_token(badge, course, ORIGIN, open_signing_key(tmp_path))
    with pytest.raises(OB3VerificationError):
        check(foreign, key)
    with pytest.raises(BadSignature):
        open_token(key, foreign)


@pytest.mark.parametrize(("revoked", "valid"), [([], True), ([40, 42], True), ([41], False)])
def test_the_status_list_says_who_is_revoked(
    badge: Badge, course: Course, key: SigningKey, revoked: list[int], valid: bool
) -> None:
    found = check(badge_token(badge, course, ORIGIN, key), key)
    listed = status_token(revoked, ORIGIN, key, NOW).encode()
    if valid:
        check_credential_status(found, lambda _: listed, verify_list=True, list_pubkey_pem=public_pem(key))
    else:
        with pytest.raises(OB3VerificationError, match="index 41"):
            check_credential_status(found, lambda _: listed, verify_list=True, list_pubkey_pem=public_pem(key))


def test_an_old_copy_of_the_status_list_is_refused(badge: Badge, course: Course, key: SigningKey) -> None:
    found = check(badge_token(badge, course, ORIGIN, key), key)
    old = status_token([], ORIGIN, key, NOW - timedelta(days=3)).encode()
    with pytest.raises(OB3VerificationError):
        check_credential_status(found, lambda _: old, verify_list=True, list_pubkey_pem=public_pem(key))


def test_the_staff_code_is_not_in_it_in_clear(badge: Badge, course: Course) -> None:
    text = json.dumps(badge_credential(badge, course, ORIGIN), ensure_ascii=False)
    assert badge.staff_code not in text and badge.holder in text
