"""Frozen snapshots in chunks of lines, annexes in a chain. Rows are only ever added; triggers see to that."""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.records.tables_year import Annex, Snapshot, SnapshotChunk


@dataclass(frozen=True)
class PackedChunk:
    """Some lines of a part, compressed, with the keys of the first and the last."""

    first_key: str
    last_key: str
    body: bytes


def add_snapshot(s: Session, snapshot: Snapshot, parts: Mapping[str, Sequence[PackedChunk]]) -> None:
    """Store a snapshot with its parts. Raises IntegrityError if the period already has one of this kind."""
    s.add(snapshot)
    s.flush()
    for part, chunks in parts.items():
        for number, packed in enumerate(chunks):
            chunk = SnapshotChunk(snapshot_id=snapshot.id, part=part, number=number, **vars(packed))
            s.add(chunk)
            s.flush()
            s.expunge(chunk)


def find_snapshot(s: Session, snapshot_id: str) -> Snapshot | None:
    return s.get(Snapshot, snapshot_id)


def find_snapshot_by_sha256(s: Session, sha256: str) -> Snapshot | None:
    return s.scalar(select(Snapshot).where(Snapshot.sha256 == sha256))


def list_snapshots(s: Session, period_id: str = "") -> Sequence[Snapshot]:
    """Snapshots, newest first."""
    query = select(Snapshot).order_by(Snapshot.made_at.desc())
    if period_id:
        query = query.where(Snapshot.period_id == period_id)
    return s.scalars(query).all()


def snapshot_lines(s: Session, snapshot_id: str, part: str) -> Iterator[bytes]:
    """The lines of a part in their order, each with its line break; one chunk in memory at a time."""
    for number, _, _ in _chunk_keys(s, snapshot_id, part):
        yield from zlib.decompress(_chunk_body(s, snapshot_id, part, number)).splitlines(keepends=True)


def snapshot_lines_near(s: Session, snapshot_id: str, part: str, key: str) -> list[bytes]:
    """The lines of the chunks in which a key can be: the caller picks its own. Keys are compared as Python does."""
    return [
        line
        for number, first, last in _chunk_keys(s, snapshot_id, part)
        if first <= key <= last
        for line in zlib.decompress(_chunk_body(s, snapshot_id, part, number)).splitlines()
    ]


def frozen_unit(s: Session, period_id: str, unit_code: str) -> tuple[Snapshot, dict[str, Any]] | None:
    """The newest snapshot of a period, and a unit's own row in it; None before the first freeze."""
    for snapshot in list_snapshots(s, period_id):
        for line in snapshot_lines_near(s, snapshot.id, "units", unit_code):
            row: dict[str, Any] = json.loads(line)
            if row["unit_code"] == unit_code:
                return snapshot, row
    return None


def list_annexes(s: Session, snapshot_id: str) -> Sequence[Annex]:
    """The annexes of a snapshot by number."""
    return s.scalars(select(Annex).where(Annex.snapshot_id == snapshot_id).order_by(Annex.number)).all()


def lock_annexes(s: Session, snapshot_id: str) -> Sequence[Annex]:
    """The same, with the snapshot locked until commit: two annexes cannot take one number."""
    s.execute(select(Snapshot.id).where(Snapshot.id == snapshot_id).with_for_update())
    return list_annexes(s, snapshot_id)


def add_annex(s: Session, annex: Annex) -> None:
    s.add(annex)
    s.flush()


def _chunk_keys(s: Session, snapshot_id: str, part: str) -> list[tuple[int, str, str]]:
    query = select(SnapshotChunk.number, SnapshotChunk.first_key, SnapshotChunk.last_key)
    query = query.filter_by(snapshot_id=snapshot_id, part=part).order_by(SnapshotChunk.number)
    return [(number, first, last) for number, first, last in s.execute(query)]


def _chunk_body(s: Session, snapshot_id: str, part: str, number: int) -> bytes:
    query = select(SnapshotChunk.body).filter_by(snapshot_id=snapshot_id, part=part, number=number)
    return s.scalars(query).one()
