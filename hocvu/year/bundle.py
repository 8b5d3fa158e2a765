"""The bundle of a snapshot: a zip that anybody can check offline. The same snapshot and annexes give the same bytes."""

import hashlib
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import IO

from sqlalchemy.orm import Session

from hocvu.records.tables_year import Annex, Snapshot
from hocvu.records.years import list_annexes, snapshot_lines
from hocvu.signing import SigningKey
from hocvu.year.calendar import VIETNAM
from hocvu.year.parts import canonical_line

PARTS = ("rule", "items", "engines", "roster", "results", "units", "withdrawn", "not_counted", "late_changes")
MANIFEST, MANIFEST_JWS = "manifest.json", "manifest.jws"
ANNEXES, ANNEXES_JWS = "annexes.json", "annexes.jws"
KEY_FILE, READ_ME = "public-key.json", "DOC-TRUOC.txt"
HEAD_FORMAT, HEAD_TYP = "hocvu-annexes/1", "hocvu-annexes+jws"

READ_ME_TEXT = """Bản chốt sổ {id} (kỳ {period}), khóa học AI trong công vụ.

Gói này có họ tên và kết quả của cán bộ: xin bảo quản như dữ liệu cá nhân.

Kiểm tra gói, không cần mạng:   hocvu verify TÊN-TỆP.zip
Vân tay khóa công khai:         {fingerprint}
SHA-256 của bản kê manifest:    {sha256}
Số phụ lục khi tải gói:         {annexes}

Anh/chị đối chiếu vân tay, mã SHA-256 và số phụ lục với trang công khai /xac-minh của cổng học.
Chữ ký chỉ chứng minh gói không bị sửa kể từ khi ký; nó không quyết định xếp loại, danh hiệu hay
khen thưởng: người có thẩm quyền quyết định.

rule       quy tắc tính điểm và mọi ngưỡng      items      câu tính điểm và phiên bản
engines    phiên bản bộ chấm                    roster     danh sách lúc chốt
results    kết quả từng người                   units      kết quả theo đơn vị
withdrawn  câu đã rút và lý do                  annexes/   phụ lục điều chỉnh, nối nhau bằng SHA-256
not_counted   người không tính vào N và lý do   late_changes   thay đổi danh sách gần ngày chốt
"""


def annex_file(number: int) -> str:
    return f"annexes/{number:04d}.json"


def annex_jws(number: int) -> str:
    return f"annexes/{number:04d}.jws"


def write_bundle(s: Session, snapshot: Snapshot, key: SigningKey) -> IO[bytes]:
    """Return an open temporary file, at its start, that is gone once closed."""
    annexes = list_annexes(s, snapshot.id)
    file = tempfile.TemporaryFile()  # noqa: SIM115  the caller reads and closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        moment = (annexes[-1] if annexes else snapshot).made_at
        for name, text in _small_files(snapshot, annexes, key):
            bundle.writestr(_entry(name, moment), text)
        for part in PARTS:
            with bundle.open(_entry(f"{part}.jsonl", moment), "w") as out:
                for line in snapshot_lines(s, snapshot.id, part):
                    out.write(line)
    file.seek(0)
    return file


def _small_files(snapshot: Snapshot, annexes: Sequence[Annex], key: SigningKey) -> list[tuple[str, bytes]]:
    head = canonical_line(
        {
            "format": HEAD_FORMAT,
            "snapshot_sha256": snapshot.sha256,
            "count": len(annexes),
            "last_sha256": annexes[-1].sha256 if annexes else snapshot.sha256,
        }
    )
    about = READ_ME_TEXT.format(
        id=snapshot.id,
        period=snapshot.period_id,
        fingerprint=key.fingerprint,
        sha256=snapshot.sha256,
        annexes=len(annexes),
    )
    files = [
        (READ_ME, about.encode()),
        (KEY_FILE, canonical_line(key.public_jwk)),
        (MANIFEST, snapshot.manifest.encode()),
        (MANIFEST_JWS, snapshot.signature.encode()),
        (ANNEXES, head),
        (ANNEXES_JWS, key.sign(head, HEAD_TYP).encode()),
    ]
    for annex in annexes:
        files.append((annex_file(annex.number), annex.body.encode()))
        files.append((annex_jws(annex.number), annex.signature.encode()))
    return files


def _entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    local = moment.astimezone(VIETNAM)
    info = zipfile.ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, local.second))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def sha256_of(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
