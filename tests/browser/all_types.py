"""A course with one question of each type: `AllTypes(folder).root` is a course root that a portal can serve."""

import shutil
from pathlib import Path

from tests.story import Course

SLUG, CASE_SLUG = "01-ai-quanh-ta", "02-may-hoc-tu-du-lieu"
RULES = (
    '[Rule("Nói rõ việc", any_of=["soạn", "tóm tắt"]), Rule("Đủ dài", min_words=6),'
    ' Rule("Không lộ dữ liệu", no_personal_data=True)]'
)
STEPS = '{"doc": "Đọc kỹ bản nháp", "sua": "Sửa chỗ sai và số liệu", "trinh": "Trình người có thẩm quyền ký"}'
TEXT = "Phường hẹn trả hồ sơ trong 3 ngày. Luật cho phép thu phí 50.000 đồng. Anh/chị vui lòng mang theo giấy hẹn."
SENTENCES = "Phường hẹn trả hồ sơ trong ba ngày. Luật cho phép thu phí rất cao. Anh/chị vui lòng mang theo giấy hẹn."
QUESTIONS = {
    "1-1": ('choose_one("1-1", "Việc nào là AI tạo sinh?", {about}, a="Soạn thư", b="Đếm hồ sơ")', '"a"'),
    "1-2": (
        'choose_many("1-2", "Chọn các việc nên làm.", {about}, a="Đọc lại", b="Ghi nguồn", c="Gửi luôn")',
        '{"a", "b"}',
    ),
    "1-3": (
        'classify("1-3", "Xếp hai việc.", {about}, cards={"x": "Đếm hồ sơ", "y": "Viết thư"},'
        ' groups={"m": "Phần mềm luật cứng", "t": "AI tạo sinh"})',
        '{"x": "m", "y": "t"}',
    ),
    "1-4": (
        'match("1-4", "Ghép việc với người.", {about}, items={"x": "Ký văn bản", "y": "Soạn nháp"},'
        ' partners={"a": "Chủ tịch", "b": "Chuyên viên"})',
        '{"x": "a", "y": "b"}',
    ),
    "1-5": ('number("1-5", "3 + 4 là mấy?", {about}, unit="hồ sơ")', "7"),
    "1-6": ('blanks("1-6", "Điền ô.", {about}, viec="Một việc ở cơ quan")', "None"),
    "1-7": (f'order("1-7", "Xếp các bước theo thứ tự.", {{about}}, items={STEPS})', '["doc", "sua", "trinh"]'),
    "1-8": (
        f'spans("1-8", "Câu nào cần kiểm lại?", {{about}}, text="{SENTENCES}")',
        '["Luật cho phép thu phí rất cao."]',
    ),
    "1-9": (
        f'spans("1-9", "Những tiếng nào nói số tiền?", {{about}}, text="{TEXT}", pieces_are="tiếng")',
        '["50.000 đồng."]',
    ),
    "1-10": (
        f'prompt("1-10", "Viết yêu cầu cho AI soạn thư mời họp.", {{about}}, rules={RULES})',
        '"Hãy soạn giúp tôi một thư mời họp ngắn gọn."',
    ),
    "1-11": (
        'experiment("1-11", "Đặt luật từ khóa.", {about}, lab=KEYWORD_RULES)',
        'Goal(full=0.02, half=0.01, salt="thu", reference={"rules": [["rác", "RAC"]]})',
    ),
}
ABOUT = 'competency="NL1", level=1'
CASE = """
def telling(place):
    part = {"id": "", "competency": "", "level": 0}
    return Variant(
        f"Sáng nay ở {place} có một thư góp ý.\\n\\nMáy đề xuất trả lời ngay.",
        {
            "ai": choose_one(prompt="Báo ai trước?", **part, a="Người phụ trách", b="Không báo ai"),
            "buoc": order(prompt="Thứ tự làm?", **part, items={"doc": "Đọc thư", "hoi": "Hỏi lại", "tra": "Trả lời"}),
            "loi": spans(prompt="Câu nào sai?", **part, text=f"Kính gửi {place}. Thư này do máy ký. Trân trọng."),
        },
    )

q = case("2-1", "Thư góp ý", competency="NL1", level=2, variants={"a": telling("phường"), "b": telling("xã")})
q
### BEGIN HIDDEN TESTS
right = {"ai": ("a", {"a": "Đúng người."}), "buoc": ["doc", "hoi", "tra"], "loi": ["Thư này do máy ký."]}
q.key({"a": right, "b": right})
### END HIDDEN TESTS
"""


class AllTypes:
    """The checkout's course with our own exercises: every simple type in module 1, a work scenario in module 2."""

    def __init__(self, root: Path, checkout: Path) -> None:
        self.root = root
        for name in ("course", "docs"):
            shutil.copytree(checkout / name, root / name)
        (root / "node_modules").symlink_to(checkout / "node_modules")
        self._publish_case()
        with Course(root, SLUG) as course:
            course.markdown("# Bài tập đủ các loại câu\n\nMỗi loại một câu.")
            for item_id, (question, key) in QUESTIONS.items():
                source = "from hocvu.labs.keyword_rules import KEYWORD_RULES\n" if "KEYWORD" in question else ""
                source += f"q = {question.replace('{about}', ABOUT)}\nq\n"
                hidden = f"### BEGIN HIDDEN TESTS\nq.key({key})\n### END HIDDEN TESTS"
                course.question(item_id, source + hidden, 0.0 if key == "None" else 4.0)
            assert course.source.is_file()
        with Course(root, CASE_SLUG) as course:
            course.markdown("# Bài tình huống").question("2-1", CASE.strip(), 6.0)
            assert course.source.is_file()

    def _publish_case(self) -> None:
        path = self.root / "course" / "course.toml"
        before, slug, after = path.read_text(encoding="utf-8").partition(f'slug = "{CASE_SLUG}"\n')
        if "published = true" not in after.partition("[[module]]")[0]:
            path.write_text(f"{before}{slug}published = true\n{after}", encoding="utf-8")
