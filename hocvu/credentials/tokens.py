"""VC-JWT with Ed25519 under the name that verifiers of Open Badges know today, "EdDSA" (RFC 8037)."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hocvu.signing import BadSignature, SigningKey

ALGORITHM = "EdDSA"  # RFC 9864 renames it "Ed25519"; no verifier of badges that we tried takes the new name yet


def sign_token(key: SigningKey, payload: Mapping[str, Any], key_address: str) -> str:
    """Return the payload as a compact JWS. key_address: where the public key is published, as `kid`."""
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": key_address, "jwk": _bare(key.public_jwk)}
    text = f"{_encode(header)}.{_encode(payload)}"
    private = key.key.get_op_key("sign")
    if not isinstance(private, Ed25519PrivateKey):
        raise BadSignature("Khóa ký không phải khóa Ed25519.")
    return f"{text}.{_base64(private.sign(text.encode()))}"


def open_token(key: SigningKey, token: str) -> dict[str, Any]:
    """Return the payload of a token of ours. Raises BadSignature."""
    text, _, signature = token.rpartition(".")
    public = key.key.get_op_key("verify")
    try:
        if not isinstance(public, Ed25519PublicKey) or json.loads(_bytes(text.split(".")[0])).get("alg") != ALGORITHM:
            raise ValueError("another algorithm")
        public.verify(_bytes(signature), text.encode())
        payload: dict[str, Any] = json.loads(_bytes(text.split(".")[1]))
    except (InvalidSignature, ValueError, IndexError, AttributeError) as error:
        raise BadSignature("Chữ ký của chứng nhận không khớp với nội dung hoặc với khóa của hệ thống.") from error
    return payload


def _bare(jwk: Mapping[str, Any]) -> dict[str, Any]:
    return {name: jwk[name] for name in ("kty", "crv", "x")}


def _encode(value: Mapping[str, Any]) -> str:
    return _base64(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
