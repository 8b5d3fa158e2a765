"""The free library and the glossary: open to everybody, no log-in, so that a ward can print and share."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from hocvu.course import Module
from hocvu.portal.access import Running, Visitor
from hocvu.portal.errors import not_found
from hocvu.portal.services import Services
from hocvu.portal.views import render

router = APIRouter(include_in_schema=False)

# file → (what it is, the word of its link); the order of the page
FILES = {
    "bai-hoc.html": ("Bài học", "Đọc trên web"),
    "bai-hoc.pdf": ("Bài học", "PDF khổ A4"),
    "the-nho.html": ("Thẻ nhớ", "Xem trên web"),
    "the-nho.pdf": ("Thẻ nhớ", "PDF khổ A5"),
    "do-hoa.html": ("Áp phích một trang", "Xem trên web"),
    "do-hoa.pdf": ("Áp phích một trang", "PDF khổ A4"),
    "trinh-chieu.html": ("Trình chiếu cho lớp học", "Mở để chiếu"),
    "trinh-chieu.pdf": ("Trình chiếu cho lớp học", "PDF"),
    "chia-se.png": ("Ảnh chia sẻ mạng xã hội", "PNG 1200 × 630"),
}
# A handout is one file with its own styles and fonts in it; it runs nothing and loads nothing.
HANDOUT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; frame-ancestors 'none'"
HOUR = "public, max-age=3600"


@dataclass(frozen=True)
class Shelf:
    """One module's handouts that are there: what → [(file, word of the link, size in MB)]."""

    module: Module
    handouts: dict[str, list[tuple[str, str, float]]]
    has_card: bool


@router.get("/thu-vien")
def show_library(request: Request, visitor: Visitor, services: Running) -> Response:
    """Every open module's handouts."""
    shelves = [_shelf(services, module) for module in services.course.published]
    return render(request, "library.html", {"shelves": [shelf for shelf in shelves if shelf.handouts]})


@router.get("/thu-vien/{slug}/{name}")
def get_handout(slug: str, name: str, services: Running) -> Response:
    """One file of the library; only names that we make are known."""
    module = services.course.find_module(slug)
    if module is None or not module.published or name not in FILES:
        raise not_found()
    path = _folder(services, module) / name
    if not path.is_file():
        raise not_found()
    return FileResponse(path, headers={"Content-Security-Policy": HANDOUT_POLICY, "Cache-Control": HOUR})


@router.get("/thuat-ngu")
def show_glossary(request: Request, visitor: Visitor, services: Running) -> Response:
    """Every term of the course with its English name and its meaning."""
    terms = sorted(services.course.glossary.values(), key=lambda term: term.term.lower())
    return render(request, "glossary.html", {"terms": terms})


def _folder(services: Services, module: Module) -> Path:
    return services.settings.var.resolve() / "library" / module.slug


def _shelf(services: Services, module: Module) -> Shelf:
    handouts: dict[str, list[tuple[str, str, float]]] = {}
    for name, (what, word) in FILES.items():
        path = _folder(services, module) / name
        if path.is_file():
            handouts.setdefault(what, []).append((name, word, path.stat().st_size / 1e6))
    return Shelf(module, handouts, "Ảnh chia sẻ mạng xã hội" in handouts)
