"""Frozen years: the signed manifest of a snapshot, to be checked without us."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from hocvu.portal.access import Running
from hocvu.portal.api_callers import SNAPSHOTS, caller_with
from hocvu.portal.api_models import errors
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import ApiError
from hocvu.portal.etags import NOT_MODIFIED, json_body, tagged
from hocvu.portal.pull_models import SnapshotAnswer
from hocvu.portal.words import iso
from hocvu.records import Caller, add_audit
from hocvu.records.years import find_snapshot, list_annexes

router = APIRouter(prefix="/api/v1", tags=["snapshots"])


@router.get(
    "/snapshots/{snapshot_id}",
    response_model=SnapshotAnswer,
    responses={**errors(401, 403, 404, 422), **NOT_MODIFIED},
)
def get_snapshot(
    request: Request,
    services: Running,
    caller: Annotated[Caller, caller_with(SNAPSHOTS)],
    snapshot_id: Annotated[str, Path(max_length=64)],
) -> Response:
    """A snapshot's manifest and signature. It holds hashes and counts, no person; a whole city's, so only callers who
    may see the whole city read it."""
    with services.records.session(durable=False) as s:
        snapshot = find_snapshot(s, clean_text(snapshot_id)) if caller.unit_id is None else None
        if snapshot is None:
            raise ApiError(404, "unknown_snapshot", "Không có bản chốt sổ này trong phạm vi của mã truy cập.")
        annexes = len(list_annexes(s, snapshot.id))
        add_audit(s, caller.actor, "snapshots.read", {"snapshot": snapshot.id}, services.clock())
    answer = {
        "ok": True,
        "id": snapshot.id,
        "period": snapshot.period_id,
        "kind": snapshot.kind,
        "cutoff_at": iso(snapshot.cutoff_at),
        "made_at": iso(snapshot.made_at),
        "people": snapshot.people,
        "sha256": snapshot.sha256,
        "manifest": snapshot.manifest,
        "signature": snapshot.signature,
        "annexes": annexes,
    }
    return tagged(request, json_body(answer))
