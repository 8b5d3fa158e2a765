"""Signatures that anybody can check: Ed25519 in compact JWS. The private key never leaves `var`."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from hocvu.errors import HocvuError

ALGORITHM = "Ed25519"  # RFC 9864; the older name "EdDSA" also covers other curves
KEY_FILE = "signing-key.json"


class BadSignature(HocvuError):
    """A signature does not fit its text or its key."""

    code = "bad_signature"


class BadKey(HocvuError):
    """A file is not an Ed25519 key in JWK form."""

    code = "bad_key"


@dataclass(frozen=True)
class SigningKey:
    """Our private key."""

    key: OKPKey

    @property
    def fingerprint(self) -> str:
        """RFC 7638 thumbprint of the public key, SHA-256 in base64url: what people compare."""
        return self.key.thumbprint()

    @property
    def public_jwk(self) -> dict[str, Any]:
        public = self.key.as_dict(private=False)
        return {**public, "kid": self.fingerprint, "alg": ALGORITHM, "use": "sig"}

    def sign(self, payload: bytes, typ: str) -> str:
        """Return the payload as a compact JWS; typ says what it is, so that one text cannot pass for another."""
        header = {"alg": ALGORITHM, "kid": self.fingerprint, "typ": typ}
        return jws.serialize_compact(header, payload, self.key, algorithms=[ALGORITHM])


def open_signing_key(var: Path) -> SigningKey:
    """Return the key kept in `var`, made on the first call (mode 600)."""
    path = var / KEY_FILE
    if not path.exists():
        _make_key(path)
    return SigningKey(_import_key(path.read_text(encoding="ascii"), str(path)))


def check_signature(token: str, public_jwk: Mapping[str, Any], typ: str) -> bytes:
    """Return the signed payload. Raises BadSignature, BadKey."""
    key = _import_key(json.dumps(dict(public_jwk)), "public key")
    try:
        signed = jws.deserialize_compact(token, key, algorithms=[ALGORITHM])
    except (JoseError, ValueError) as error:
        raise BadSignature("Chữ ký không khớp với nội dung hoặc với khóa công khai này.") from error
    if signed.protected.get("typ") != typ:
        raise BadSignature(f"Chữ ký này thuộc loại văn bản {signed.protected.get('typ')!r}, không phải {typ!r}.")
    return signed.payload


def fingerprint_of(public_jwk: Mapping[str, Any]) -> str:
    """Return the thumbprint of a public key. Raises BadKey."""
    return _import_key(json.dumps(dict(public_jwk)), "public key").thumbprint()


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True))
    # Written aside and linked into place: another process sees no key or the whole key, and only one is ever used.
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:  # another process was first; its key stays
        pass
    finally:
        aside.unlink()


def _import_key(text: str, where: str) -> OKPKey:
    try:
        key = OKPKey.import_key(json.loads(text))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise BadKey(f"{where}: không phải khóa Ed25519 ở dạng JWK.") from error
    if key.as_dict(private=False).get("crv") != "Ed25519":
        raise BadKey(f"{where}: không phải khóa Ed25519.")
    return key
