"""Which credentials have been revoked, as one signed list (Bitstring Status List): nobody learns who asks for whom."""

import base64
import gzip
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from hocvu.credentials.badge import issuer_id, key_address, status_address
from hocvu.credentials.tokens import sign_token
from hocvu.signing import SigningKey

BITS = 1 << 20  # credentials that one list has room for
LIFETIME = timedelta(days=2)  # an older copy is refused, so that a kept one cannot hide a revocation for long


def status_token(revoked: Iterable[int], origin: str, key: SigningKey, now: datetime) -> str:
    """Return the list as a VC-JWT. revoked: the indexes whose bit is set."""
    address = status_address(origin)
    credential: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_id(origin),
        "validFrom": _moment(now),
        "validUntil": _moment(now + LIFETIME),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": _encode(revoked),
        },
    }
    claims = {"iss": issuer_id(origin), "jti": address, "nbf": int(now.timestamp())}
    return sign_token(key, {**credential, **claims}, key_address(origin))


def _encode(revoked: Iterable[int]) -> str:
    """The first credential is the leftmost bit; gzip, base64url without padding, "u" says so (multibase)."""
    bits = bytearray(BITS // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> (index % 8)
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
