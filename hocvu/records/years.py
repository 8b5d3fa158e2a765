"""Frozen snapshots in chunks of lines, annexes in a chain. Rows are only ever added; triggers see to that."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.records.tables_year import Annex, Snapshot, SnapshotChunk

CHUNK_LINES = 2000


@dataclass(frozen=True)
class KeyedLine:
    """One line of a part, without its line break; key: what the part is sorted by."""

    key: str
    text: bytes


def add_chunks(s: Session, snapshot_id: str, part: str, lines: Iterable[KeyedLine]) -> None:
    """Store a part's lines in their order. The snapshot's row comes after, when its hashes are known: flush then."""
    waiting: list[KeyedLine] = []
    number = 0
    for line in lines:
        waiting.append(line)
        if len(waiting) == CHUNK_LINES:
            _add_chunk(s, snapshot_id, part, number, waiting)
            number, waiting = number + 1, []
    if waiting:
        _add_chunk(s, snapshot_id, part, number, waiting)


def add_snapshot(s: Session, snapshot: Snapshot) -> None:
    s.add(snapshot)
    s.flush()


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
    for number in _chunk_numbers(s, snapshot_id, part):
        chunk = s.get_one(SnapshotChunk, (snapshot_id, part, number))
        yield from zlib.decompress(chunk.body).splitlines(keepends=True)
        s.expunge(chunk)


def snapshot_lines_of(s: Session, snapshot_id: str, part: str, key: str) -> list[bytes]:
    """The lines of the chunks in which a key can be: the caller picks its own."""
    query = select(SnapshotChunk.body).where(
        SnapshotChunk.snapshot_id == snapshot_id,
        SnapshotChunk.part == part,
        SnapshotChunk.first_key <= key,
        SnapshotChunk.last_key >= key,
    )
    return [line for body in s.scalars(query) for line in zlib.decompress(body).splitlines()]


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


def _add_chunk(s: Session, snapshot_id: str, part: str, number: int, lines: Sequence[KeyedLine]) -> None:
    body = zlib.compress(b"".join(line.text + b"\n" for line in lines))
    chunk = SnapshotChunk(
        snapshot_id=snapshot_id,
        part=part,
        number=number,
        first_key=lines[0].key,
        last_key=lines[-1].key,
        body=body,
    )
    s.add(chunk)
    s.flush()
    s.expunge(chunk)


def _chunk_numbers(s: Session, snapshot_id: str, part: str) -> Sequence[int]:
    query = select(SnapshotChunk.number).filter_by(snapshot_id=snapshot_id, part=part)
    return s.scalars(query.order_by(SnapshotChunk.number)).all()
