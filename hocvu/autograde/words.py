"""What `hocvu autograde` says to the person at the terminal, in Vietnamese or English."""

from collections.abc import Mapping

VI = {
    # why a submission was not graded
    "odd_name": "tên thư mục {name!r} không dùng được (cần chữ Unicode dựng sẵn NFC, không ký tự ẩn, "
    "tối đa 128 ký tự). Đổi tên thư mục theo mã học viên rồi chạy lại.",
    "not_a_folder": "{path} không phải thư mục. Đặt bài vào thư mục mang tên bài tập.",
    "link": "{path} là liên kết (symlink). Thay bằng tệp thật rồi chạy lại.",
    "special_file": "{path} không phải tệp thường (đường ống, thiết bị, …). Xóa tệp đó rồi chạy lại.",
    "too_large": "{path} lớn quá: {size} byte, tối đa {most}. Yêu cầu học viên nộp lại bản gọn hơn.",
    "too_many_files": "có hơn {most} tệp. Bỏ bớt tệp thừa rồi chạy lại.",
    "unreadable_file": "không đọc được {path}: {said}. Kiểm tra quyền đọc rồi chạy lại.",
    "no_notebook": "có tệp nhưng không có sổ tay nào; bài này cần {expected}. Yêu cầu học viên nộp lại.",
    "unknown_notebooks": "không sổ tay nào thuộc bài này; cần {expected}, thấy {found}. Đổi tên tệp rồi chạy lại.",
    "bad_notebook": "{path}: không phải sổ tay đọc được ({said}). Yêu cầu học viên lưu và nộp lại.",
    "foreign_cell": "{path}: ô chấm điểm {cell!r} không thuộc bài này. Kiểm tra xem học viên có nộp nhầm bài.",
    "not_graded": "{path}: {said}",
    "bad_answers": "{path}: {said}. Yêu cầu học viên nộp lại.",
    "bad_timestamp": "timestamp.txt không phải thời điểm: {said!r}. Sửa tệp rồi chạy lại.",
    "no_student": "sổ điểm chưa có học viên này, và create_student đang tắt. Thêm bằng `nbgrader db student add`.",
    "not_available": "sổ tay {name} có mã lệnh của học viên mà máy này chưa chấm được: {said}.",
    "not_written": "không ghi được kết quả vào {path}: {said}. Kiểm tra quyền ghi rồi chạy lại.",
    "worker_died": "tiến trình chấm bị dừng hai lần khi chấm bài này. Chấm riêng bằng --student để xem vì sao.",
    "internal": "lỗi của hệ thống khi chấm: {said}. Bài được giữ nguyên; báo đội kỹ thuật kèm dòng này.",
    # what an assignment lacks
    "no_submissions": "Không có bài nộp nào khớp {pattern}. Kiểm tra tên bài tập và thư mục khóa học.{near}",
    "did_you_mean": " Có phải ý anh/chị là {name}?",
    "no_assignment": "Sổ điểm không có bài {name!r}. Chạy `nbgrader generate_assignment {name}` trước.",
    "source_changed": "source/{assignment}: ô {cell!r} đã khác bản trong sổ điểm. "
    "Chạy `hocvu release {assignment}` rồi chấm lại.",
    "waiting_for_other_run": "Đang chờ lượt chấm khác trên cùng khóa học kết thúc…",
    "disk_full": "Đĩa đã đầy khi ghi {path}. Giải phóng dung lượng rồi chạy lại cùng lệnh: "
    "bài đã ghi sổ được giữ, bài còn lại được chấm tiếp.",
    # notes that change nothing
    "unknown_answers": "answers.json có câu không thuộc bài này: {items}. Đã bỏ qua.",
    "skipped_notebook": "bỏ qua sổ tay lạ {names}.",
    "not_checked": "{count} câu chưa chấm được do lỗi của hệ thống, chờ người chấm: {items}.",
    "lost_cell": "ô tự luận {cell!r} bị xóa khỏi bài; đã đặt lại và chờ người chấm.",
    "needs_review": "{path} chờ người xem: {said}",
    "always_run": "--no-execute không dùng ở đây: kết quả có sẵn trong bài nộp có thể bị sửa, nên luôn chạy lại.",
    "late": "nộp trễ {seconds:.0f} giây.",
    # progress and summary
    "progress": "đã chấm {done}/{all} bài · {rate:.0f} bài/giây · còn khoảng {left}",
    "start": "{assignment}: {all} bài nộp, {jobs} tiến trình.",
    "problem": "  {student}: {text}",
    "more_problems": "  … và {count} dòng nữa; xem đủ bằng --NbGrader.logfile=<tệp>.",
    "problems": "Chưa chấm được:",
    "notes": "Lưu ý:",
    "summary": "Tổng kết {assignment}",
    "graded": "đã chấm xong",
    "waiting": "đã chấm, chờ người chấm tiếp",
    "unchanged": "không đổi, bỏ qua",
    "earlier": "đã chấm trước đây bằng nbgrader, bỏ qua (--force để chấm lại)",
    "empty": "thư mục trống",
    "failed": "chưa chấm được",
    "took": "{seconds:.1f} giây, {rate:.0f} bài/giây.",
    "about_a_second": "1 giây",
    "seconds_left": "{count} giây",
    "minutes_left": "{count} phút",
}

EN = {
    "odd_name": "the folder name {name!r} cannot be used (needs composed Unicode (NFC), no hidden characters, at most "
    "128 characters). Rename the folder to the learner's id and run again.",
    "not_a_folder": "{path} is not a folder. Put the submission into a folder named after the assignment.",
    "link": "{path} is a symbolic link. Replace it by a real file and run again.",
    "special_file": "{path} is not a regular file (a pipe, a device, …). Remove it and run again.",
    "too_large": "{path} is too large: {size} bytes, at most {most}. Ask the learner to hand in a smaller one.",
    "too_many_files": "more than {most} files. Remove what does not belong and run again.",
    "unreadable_file": "cannot read {path}: {said}. Check its permissions and run again.",
    "no_notebook": "there are files but no notebook; expected {expected}. Ask the learner to hand in again.",
    "unknown_notebooks": "no notebook of this assignment; expected {expected}, found {found}. Rename it and run again.",
    "bad_notebook": "{path}: not a readable notebook ({said}). Ask the learner to save it and hand in again.",
    "foreign_cell": "{path}: graded cell {cell!r} is not of this assignment. Was the wrong notebook handed in?",
    "not_graded": "{path}: {said}",
    "bad_answers": "{path}: {said}. Ask the learner to hand in again.",
    "bad_timestamp": "timestamp.txt is not a time: {said!r}. Mend the file and run again.",
    "no_student": "the gradebook has no such student, and create_student is off. Use `nbgrader db student add`.",
    "not_available": "notebook {name} holds learner code that this machine cannot grade: {said}.",
    "not_written": "cannot write the result to {path}: {said}. Check permissions and run again.",
    "worker_died": "the grading process died twice on this submission. Grade it alone with --student to see why.",
    "internal": "a fault of ours while grading: {said}. Nothing is lost; report this line.",
    "no_submissions": "No submissions match {pattern}. Check the assignment's name and the course directory.{near}",
    "did_you_mean": " Did you mean {name}?",
    "no_assignment": "The gradebook has no assignment {name!r}. Run `nbgrader generate_assignment {name}` first.",
    "source_changed": "source/{assignment}: cell {cell!r} is not what the gradebook has. "
    "Run `hocvu release {assignment}`, then grade again.",
    "waiting_for_other_run": "Waiting for another grading run on this course to end…",
    "disk_full": "The disk is full at {path}. Make room and run the same command again: "
    "what is recorded stays, the rest is graded then.",
    "unknown_answers": "answers.json has items that are not of this assignment: {items}. Ignored.",
    "skipped_notebook": "skipped unknown notebook {names}.",
    "not_checked": "{count} item(s) could not be checked by a fault of ours and wait for a person: {items}.",
    "lost_cell": "the free-text cell {cell!r} was deleted; it was put back and waits for a person.",
    "needs_review": "{path} waits for a person: {said}",
    "always_run": "--no-execute has no effect here: outputs in a submission can be forged, so it is always run again.",
    "late": "handed in {seconds:.0f} s late.",
    "progress": "{done}/{all} graded · {rate:.0f} a second · about {left} left",
    "start": "{assignment}: {all} submissions, {jobs} processes.",
    "problem": "  {student}: {text}",
    "more_problems": "  … and {count} more; see all with --NbGrader.logfile=<file>.",
    "problems": "Could not be graded:",
    "notes": "Notes:",
    "summary": "Summary of {assignment}",
    "graded": "graded",
    "waiting": "graded, waiting for a person",
    "unchanged": "unchanged, skipped",
    "earlier": "graded earlier by nbgrader, skipped (--force grades again)",
    "empty": "empty folder",
    "failed": "could not be graded",
    "took": "{seconds:.1f} s, {rate:.0f} a second.",
    "about_a_second": "1 s",
    "seconds_left": "{count} s",
    "minutes_left": "{count} min",
}


class Words:
    """The texts of one language."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """Return the text with its values filled in; control characters of learners' names are shown, not obeyed."""
        shown = {name: _harmless(value) if isinstance(value, str) else value for name, value in values.items()}
        return self._texts[key].format(**shown)


def _harmless(text: str) -> str:
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def choose_words(lang: str, environment: Mapping[str, str]) -> Words:
    """Return English for lang "en" or an English locale, else Vietnamese."""
    given = lang or environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return Words(EN if given.lower().startswith("en") else VI)
