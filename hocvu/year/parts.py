"""Parts of a snapshot: lines of canonical JSON, so that the same content always gives the same bytes and hash."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hocvu.records.attempts import canonical_json
from hocvu.records.years import PackedChunk
from hocvu.vietnamese import nfc

CHUNK_LINES = 2000


@dataclass(frozen=True)
class Part:
    """One part, packed. sha256 is over its lines, each with its line break."""

    name: str
    sha256: str
    lines: int
    size_bytes: int
    chunks: tuple[PackedChunk, ...]

    @property
    def file(self) -> str:
        return f"{self.name}.jsonl"


def canonical_line(value: Mapping[str, Any]) -> bytes:
    """Return one JSON object as one line, without its break: NFC, sorted keys, no spaces, UTF-8."""
    return canonical_json(_nfc(value))


def pack_part(name: str, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> Part:
    """Return the part of (key, row) pairs, which come sorted by key; only packed chunks stay in memory."""
    digest, lines, size = hashlib.sha256(), 0, 0
    chunks: list[PackedChunk] = []
    keys: list[str] = []
    texts: list[bytes] = []
    for key, row in rows:
        text = canonical_line(row) + b"\n"
        digest.update(text)
        lines, size = lines + 1, size + len(text)
        keys.append(key)
        texts.append(text)
        if len(texts) == CHUNK_LINES:
            chunks.append(_pack(keys, texts))
            keys, texts = [], []
    if texts:
        chunks.append(_pack(keys, texts))
    return Part(name, digest.hexdigest(), lines, size, tuple(chunks))


def _pack(keys: list[str], texts: list[bytes]) -> PackedChunk:
    return PackedChunk(keys[0], keys[-1], zlib.compress(b"".join(texts)))


def _nfc(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else nfc(value)
    if isinstance(value, Mapping):
        return {nfc(str(key)): _nfc(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_nfc(one) for one in value]
    return value
