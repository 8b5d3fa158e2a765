"""People and units with the worst names: in every file and on every page one text, run by nobody, changed by nobody."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from python_calamine import CalamineWorkbook

from hocvu.credentials import open_token
from hocvu.portal.certificates import certificate_pdf, initials, issue_certificate
from hocvu.portal.page_accounts import PAGE_ADDRESS
from hocvu.portal.pdf_sheet import PdfSheet
from hocvu.records import Person, add_unit, find_scored_person, save_score
from hocvu.scores import Score
from hocvu.signing import open_signing_key
from hocvu.vietnamese import nfc
from tests.portal.test_roster import HEADER, uploads
from tests.portal.world import Browser, World

NAMES = {
    "formula": "=1+1",
    "command": "=cmd|' /C calc'!A0",
    "plus": "+84 28",
    "minus": "-2+3",
    "at": "@SUM(A1)",
    "wide": "＝1+1",
    "tab": "\tx",
    "space": " =1",
    "comma": "Nguyễn Văn A, B",
    "quotes": 'A "B"; C\' D',
    "newline": "Nguyễn\nVăn A",
    "zeros": "007",
    "day": "1/2/2027",
    "html": "<img src=x onerror=alert(1)><b>&amp;</b>",
    "script": "</td></table><script>alert(1)</script>",
    "attribute": '" autofocus onfocus="alert(1)',
    "template": "{{ 7 * 7 }} {% raw %} ${7*7}",
    "latex": r"\textbf{x} $\input{/etc/passwd}$ \\",
    "xml": "]]> _x000D_ &#10; <!--",
    "format": "%s %(name)s {0}",
    "rtl": "\u202eGNUHN nễyugN\u202c",
    "arabic": "محمد علي",
    "zero-width": "Lê\u200b Thị\u2060 Hoa\ufeff",
    "nfd": "Nguyê\u0303n Thi\u0323 A\u0301nh",
    "chinese": "李小龍",
    "emoji": "Hoa 🌺👩‍💻",
    "highland": "Y Brŏih K’Thčñ",
    "long": "Nguyễn " * 28 + "Dài",
    "no spaces": "A" * 200,
}
FORMULA = ("=", "+", "-", "@", "＝", "\t")
DONE = Score(1.0, {f"NL{n}": 2 for n in range(1, 7)}, 2, 40.0, 44.0, "2027.1")
WANTED = "?cot=ma&cot=ho_ten&cot=chuc_vu&cot=don_vi&cot=phong"


def code_of(case: str) -> str:
    return f"XAU-{list(NAMES).index(case):02d}"


PRINTED = ("command", "newline", "html", "latex", "rtl", "arabic", "emoji", "highland", "long", "no spaces")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[World]:
    """A city where everybody of NAMES works, in units of the same names, as positions and departments too."""
    with World(tmp_path_factory.mktemp("names"), root) as world:
        _settle(world, root)
        yield world


@pytest.fixture(scope="module")
def hr(world: World) -> Browser:
    return world.log_in("hr_tp")


def _settle(world: World, root: Path) -> None:
    (world.root / "node_modules").symlink_to(root / "node_modules")  # the fonts
    for case, name in NAMES.items():
        with world.services.records.session() as s:
            unit = add_unit(s, f"DV-{code_of(case)}", name, "Phường", parent_id=1)
        world.settle(code_of(case), name, unit.id)
        with world.services.records.session() as s:
            person = s.get_one(Person, world.people[code_of(case)])
            person.staff_code, person.position, person.department = code_of(case), name, name
            save_score(s, person.id, "2027", DONE, world.now)


def rows_of(rows: list[list[str]]) -> dict[str, list[str]]:
    return {str(row[0]): [str(cell) for cell in row[1:]] for row in rows[1:] if str(row[0]).startswith("XAU")}


def workbooks(hr: Browser) -> Iterator[bytes]:
    yield hr.get(f"/hr/ket-qua.xlsx{WANTED}").content
    yield hr.get(f"/hr/ket-qua.xlsx{WANTED}&sap=-ho_ten").content


def test_in_spreadsheets_every_name_is_a_text_to_the_letter(hr: Browser) -> None:
    expected = {code_of(case): [name] * 4 for case, name in NAMES.items()}
    for content in workbooks(hr):
        assert (
            rows_of(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()) == expected
        )
        sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
        assert not re.search("<f[ >]|<hyperlink", sheet)
    text = hr.get(f"/hr/ket-qua.csv{WANTED}").content.decode("utf-8-sig")
    found = rows_of(list(csv.reader(io.StringIO(text, newline=""))))
    assert {code: [cell.removeprefix("'") for cell in cells] for code, cells in found.items()} == expected
    assert not [cell for cells in found.values() for cell in cells if cell.lstrip(" \n")[:1] in FORMULA]


class Elements(HTMLParser):
    """What a browser would make of a page: its elements, handlers, and the text of each cell and option."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "autofocus"]
        self.text += "".join(value or "" for name, value in attrs if name in ("value", "aria-label"))

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_only_text(page: str, names: list[str]) -> None:
    seen = Elements(page)
    assert seen.handlers == [] and "img" not in seen.tags and "b" not in seen.tags
    assert "<script>" not in page
    for name in names:
        assert name in seen.text, name


def test_on_pages_of_hr_and_administrators_every_name_is_only_text(world: World, hr: Browser) -> None:
    everybody = list(NAMES.values())
    assert_only_text(hr.get("/hr?don_vi=TP").text + hr.get("/hr?don_vi=TP&trang=2").text, everybody)
    assert_only_text(hr.get("/hr/don-vi").text, everybody)
    assert_only_text(hr.get(PAGE_ADDRESS).text, everybody)
    assert_only_text(world.log_in("admin").get("/quan-tri/he-thong").text, everybody)
    for case, name in NAMES.items():
        assert_only_text(hr.get(f"/hr/qua-trinh?ma={code_of(case)}").text, [name])
        issued = hr.send(f"{PAGE_ADDRESS}/mot-nguoi", {"ma": code_of(case)}, page=PAGE_ADDRESS)
        assert issued.status_code == 201
        assert_only_text(issued.text, [name])
        assert hr.get(f"/hr?tim={quote(name[:90])}").status_code == 200


def test_a_persons_own_pages_and_certificate_show_the_name_and_run_nothing(
    world: World, hr: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    key, services = open_signing_key(world.settings.var), world.services
    for case, name in NAMES.items():
        with services.records.session() as s:
            person = s.get_one(Person, world.people[code_of(case)])
            score = find_scored_person(s, period_id="2027", staff_code=code_of(case))
            assert score is not None
            made = issue_certificate(s, services, person, score, world.now)
        holder = open_token(key, made.token)["credentialSubject"]["identifier"][0]
        assert holder["identityHash"] == name and holder["hashed"] is False
        if case in PRINTED:
            paper = certificate_pdf(services.settings.root, services, made)
            assert paper.startswith(b"%PDF-") and paper.count(b"/Type /Page\n") == 1
        check = world.visitor().get(f"/chung-nhan/{made.id}").text
        assert_only_text(check, [initials(name)])
        assert len(name) < 4 or name not in check
    for case in ("script", "attribute", "template", "rtl"):
        browser = world.log_in(code_of(case))
        for path in ("/", "/nang-luc", "/chung-nhan", "/du-lieu-cua-toi"):
            assert_only_text(browser.get(path).text, [NAMES[case]])
    assert "missing the following glyphs" not in caplog.text


def test_printed_lists_and_slips_hold_every_name_and_say_what_the_fonts_lack(
    hr: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    assert hr.get("/hr/ket-qua.pdf?don_vi=TP").content.startswith(b"%PDF-")
    slips = hr.send(f"{PAGE_ADDRESS}/mot-nguoi", {"ma": code_of("long")}, page=PAGE_ADDRESS)
    assert slips.status_code == 201
    assert "missing the following glyphs" not in caplog.text


def test_what_the_fonts_lack_is_a_question_mark_and_told(root: Path) -> None:
    sheet = PdfSheet(root)
    shown = {case: sheet.shown(name) for case, name in NAMES.items()}
    lacking = {case for case, name in NAMES.items() if sheet.lacks(name)}
    assert lacking == {"rtl", "arabic", "zero-width", "chinese", "emoji", "wide"}
    assert (
        shown["chinese"] == "???" and shown["highland"] == NAMES["highland"] and shown["zero-width"] == "Lê? Thị? Hoa?"
    )
    for case in NAMES.keys() - lacking:
        assert shown[case] == " ".join(NAMES[case].split())
    sheet.add_page()
    for case in ("long", "no spaces"):
        sheet.fit(20, 84, 170, NAMES[case], "B", 24)
        assert sheet.get_y() - 84 < 24 * 0.42 + 2  # two lines of half the size, where one line stands otherwise
    assert sheet.finish().startswith(b"%PDF-")


def test_other_systems_read_every_name_to_the_letter(world: World, hr: Browser) -> None:
    token = world.token("scores:read", "scores:read.names", "units:read")
    caller = world.visitor()
    read = caller.get("/api/v1/scores?fields=names", Authorization=f"Bearer {token}").content
    names = {row["staff_code"]: row["name"] for row in json.loads(read)["scores"]}
    assert names == {code_of(case): name for case, name in NAMES.items()}
    units = caller.get("/api/v1/units", Authorization=f"Bearer {token}").json()["units"]
    assert {unit["name"] for unit in units} >= set(NAMES.values())


def test_a_roster_takes_no_such_name_without_a_word(hr: Browser) -> None:
    """Each row is refused, or told what was mended, or taken as it is. Rows whose name is a name are taken."""
    file = io.StringIO()
    writer = csv.writer(file)
    for case, name in NAMES.items():
        writer.writerow([f"MOI-{code_of(case)}", name, "công chức", "P01", "", "", "", ""])
    address = uploads(hr, HEADER + file.getvalue()).headers["location"]
    report = hr.get(f"{address}/loi.csv").content.decode("utf-8-sig")
    told = {int(row[0]) for row in list(csv.reader(io.StringIO(report, newline="")))[1:]}
    lines = list(csv.reader(io.StringIO(HEADER + file.getvalue(), newline="")))
    silent = {row[1] for place, row in enumerate(lines, 1) if place > 1 and place not in told}
    assert silent <= {"Y Brŏih K’Thčñ", NAMES["long"]} and all(nfc(name) == name for name in silent)
    assert_only_text(hr.get(address).text, [])
