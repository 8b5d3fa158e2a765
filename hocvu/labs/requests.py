"""What a good request to an AI has, as public rules, and a simulated assistant whose draft breaks where one is missing.

The assistant is no AI: it puts a draft together from fixed texts. A part that the request lacks spoils the draft at
just that place, so that cause and effect can be seen. The same request always gives the same draft.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hocvu.questions.prompt import Rule


@dataclass(frozen=True)
class Piece:
    """One piece of a draft: what stands there when the request has the part, and what stands there when it lacks it.

    why: what is wrong with the spoiled text, in a sentence. An empty text is left out.
    """

    needs: str
    good: str
    spoiled: str
    why: str


@dataclass(frozen=True)
class Task:
    """A task of the bench: its story and sources, the rules of a request for it, the pieces of its draft."""

    title: str
    story: str
    sources: Sequence[str]
    rules: Mapping[str, Rule]  # part → rule
    hints: Mapping[str, str]  # part → a sentence that a request without it may add
    pieces: Sequence[Piece]
    model: str  # a request that keeps every rule

    @property
    def components(self) -> Mapping[str, Rule]:
        """The six components that the course teaches, as the bench shows them and the exercises grade them.

        Keeping personal data out belongs to the constraints; the draft still looks at length alone.
        """
        limits = replace(self.rules["do_dai"], name="Ràng buộc: độ dài, không dữ liệu cá nhân", no_personal_data=True)
        six = {part: rule for part, rule in self.rules.items() if part != SAFETY}
        return six | {"do_dai": limits}


@dataclass(frozen=True)
class Drafted:
    """One piece as it came out. why is empty where nothing went wrong."""

    text: str
    why: str


def kept_parts(task: Task, request: str) -> dict[str, bool]:
    """Return part → whether the request has it."""
    return {part: rule.is_kept(request) for part, rule in task.rules.items()}


def draft(task: Task, request: str) -> list[Drafted]:
    """Return the draft of the simulated assistant, piece by piece."""
    kept = kept_parts(task, request)
    pieces = (Drafted(p.good, "") if kept[p.needs] else Drafted(p.spoiled, p.why) for p in task.pieces)
    return [piece for piece in pieces if piece.text]


SAFETY = "an_toan"
NO_PERSONAL_DATA = Rule("Không lộ dữ liệu cá nhân", no_personal_data=True, min_words=3)

BRIEFING = Task(
    title="Tóm tắt năm phản ánh cho buổi giao ban",
    story="Chị Hạnh cần bản tóm tắt năm phản ánh trong ngày để lãnh đạo phường đọc trước giờ giao ban.",
    sources=(
        "(1) 7 giờ 10: mặt đường Hoa Phượng có ổ gà, xe máy té, báo lần thứ 3.",
        "(2) 8 giờ 05: hẻm 42 ngập tới đầu gối sau mưa, nước rút chậm 4 giờ.",
        "(3) 9 giờ 30: rác đầu hẻm 17 hai ngày chưa ai gom.",
        "(4) 14 giờ: quán nhậu đường Sen Vàng mở nhạc tới 23 giờ, báo lần thứ 2.",
        "(5) 15 giờ 20: đèn đường Bằng Lăng tắt, chưa rõ từ ngày nào.",
    ),
    rules={
        "viec": Rule("Việc: làm gì", any_of=("tóm tắt", "tổng hợp", "rút gọn")),
        "nguoi_doc": Rule(
            "Bối cảnh: cho ai, để làm gì", any_of=("giao ban", "lãnh đạo", "chủ tịch", "cuộc họp", "người đọc")
        ),
        "do_dai": Rule(
            "Ràng buộc: độ dài",
            any_of=("120 chữ", "100 chữ", "tối đa", "không quá", "ngắn hơn", "dưới 120", "nhiều nhất"),
        ),
        "nguon": Rule("Nguồn: chỉ dùng điều đã cho", any_of=("chỉ dùng", "chỉ dựa vào", "chỉ căn cứ", "không thêm")),
        "dinh_dang": Rule(
            "Định dạng: trình bày ra sao", any_of=("gạch đầu dòng", "danh sách", "bảng", "đánh số", "mỗi dòng")
        ),
        "danh_dau": Rule(
            "Tiêu chí kiểm: đánh dấu chỗ thiếu",
            any_of=("[cần kiểm tra]", "cần kiểm tra", "chưa rõ", "thiếu thông tin", "đánh dấu"),
        ),
        "an_toan": NO_PERSONAL_DATA,
    },
    hints={
        "viec": "Tóm tắt năm phản ánh dưới đây.",
        "nguoi_doc": "Để lãnh đạo phường đọc trước giờ giao ban.",
        "do_dai": "Không quá 120 chữ, không nêu tên người.",
        "nguon": "Chỉ dùng thông tin trong năm phản ánh.",
        "dinh_dang": "Mỗi lĩnh vực một gạch đầu dòng, nêu số liệu.",
        "danh_dau": "Chỗ nào nguồn không ghi thì viết [CẦN KIỂM TRA].",
    },
    pieces=(
        Piece(
            "nguoi_doc",
            "Báo cáo nhanh gửi lãnh đạo phường trước giờ giao ban.",
            "Chào cả nhà yêu quý, hôm nay phường mình lại rộn ràng ghê!",
            "Yêu cầu không nói ai đọc, nên giọng văn không hợp.",
        ),
        Piece(
            "viec",
            "Trong ngày có 5 phản ánh, 2 việc đã báo nhiều lần:",
            "Phản ánh của người dân là kênh thông tin quan trọng, thể hiện sự quan tâm của cộng đồng.",
            "Yêu cầu không nói rõ việc cần làm, nên máy viết chung chung.",
        ),
        Piece(
            "dinh_dang",
            "• Hạ tầng: ổ gà đường Hoa Phượng, có người té, báo lần 3.",
            "Đường Hoa Phượng có ổ gà và có người té và đã báo lần 3, rồi hẻm 42 ngập và nước rút chậm 4 giờ, "
            "rồi rác hẻm 17 "
            "hai ngày chưa gom, rồi quán nhậu mở nhạc tới 23 giờ, rồi đèn đường tắt.",
            "Yêu cầu không nói định dạng, nên năm việc dồn thành một câu.",
        ),
        Piece("dinh_dang", "• Ngập: hẻm 42, nước rút chậm 4 giờ.", "", ""),
        Piece("dinh_dang", "• Rác: đầu hẻm 17, hai ngày chưa gom.", "", ""),
        Piece("dinh_dang", "• Tiếng ồn: quán đường Sen Vàng, nhạc tới 23 giờ, báo lần 2.", "", ""),
        Piece(
            "danh_dau",
            "• Chiếu sáng: đèn đường Bằng Lăng tắt, [CẦN KIỂM TRA] từ ngày nào.",
            "• Chiếu sáng: đèn đường Bằng Lăng tắt từ ngày 20.",
            "Nguồn không ghi ngày. Yêu cầu không bảo đánh dấu chỗ thiếu, nên máy tự điền.",
        ),
        Piece(
            "nguon",
            "",
            "Số phản ánh tăng 37% so với tuần trước.",
            "Nguồn không có con số này. Yêu cầu không buộc chỉ dùng nguồn, nên máy thêm số.",
        ),
        Piece(
            "do_dai",
            "",
            "Qua đây có thể thấy công tác tiếp nhận phản ánh luôn được quan tâm. Các bộ phận đã chủ động phối "
            "hợp. Trong thời "
            "gian tới, tập thể sẽ tiếp tục phát huy tinh thần trách nhiệm, nâng cao chất lượng phục vụ, góp phần "
            "xây dựng "
            "phường ngày càng văn minh.",
            "Yêu cầu không giới hạn độ dài, nên máy viết thêm câu không có thông tin.",
        ),
    ),
    model=(
        "Tóm tắt năm phản ánh dưới đây để lãnh đạo phường đọc trước giờ giao ban. Không quá 120 chữ, gạch "
        "đầu dòng theo "
        "lĩnh vực, nêu số liệu. Chỉ dùng thông tin trong năm phản ánh; chỗ nào chưa rõ thì ghi [CẦN KIỂM "
        "TRA]. Không nêu "
        "tên người."
    ),
)

REPLY = Task(
    title="Soạn nháp trả lời công dân từ hai đoạn nguồn",
    story="Một người dân hỏi bao giờ có kết quả chứng thực, cần đem gì, phí bao nhiêu. Có hai đoạn nguồn mô phỏng.",
    sources=(
        "(A) Quy trình mô phỏng số 1: hồ sơ chứng thực bản sao trả trong ngày làm việc nếu nộp trước 15 giờ.",
        "(B) Bảng nhắc mô phỏng: đem bản chính và bản sao cần chứng thực. Mức phí: chưa cập nhật.",
    ),
    rules={
        "viec": Rule("Việc: làm gì", any_of=("soạn", "viết thư trả lời", "viết bản nháp", "trả lời công dân")),
        "nguoi_doc": Rule(
            "Bối cảnh: cho ai, giọng thế nào", any_of=("công dân", "người dân", "lịch sự", "dễ hiểu", "bà con")
        ),
        "do_dai": Rule(
            "Ràng buộc: độ dài",
            any_of=("không quá", "tối đa", "nhiều nhất", "dưới 150", "150 chữ", "120 chữ", "100 chữ"),
        ),
        "nguon": Rule("Nguồn: chỉ dùng điều đã cho", any_of=("chỉ dùng", "chỉ dựa vào", "chỉ căn cứ", "không thêm")),
        "dinh_dang": Rule(
            "Định dạng: trình bày ra sao",
            any_of=("mỗi ý", "từng ý", "gạch đầu dòng", "đánh số", "mỗi dòng", "danh sách"),
        ),
        "danh_dau": Rule("Tiêu chí kiểm: đánh dấu [CẦN CĂN CỨ]", any_of=("[cần căn cứ]", "cần căn cứ")),
        "an_toan": NO_PERSONAL_DATA,
    },
    hints={
        "viec": "Soạn bản nháp trả lời ba câu hỏi dưới đây.",
        "nguoi_doc": "Viết cho người dân, lịch sự, dễ hiểu.",
        "do_dai": "Không quá 120 chữ.",
        "nguon": "Chỉ dùng hai đoạn nguồn A và B.",
        "dinh_dang": "Mỗi ý một dòng, ghi nguồn A hay B ở cuối.",
        "danh_dau": "Chỗ nào nguồn không có thì ghi [CẦN CĂN CỨ].",
    },
    pieces=(
        Piece(
            "nguoi_doc",
            "Kính gửi anh/chị, cảm ơn anh/chị đã hỏi.",
            "Đề nghị đương sự nghiên cứu kỹ quy định trước khi liên hệ.",
            "Yêu cầu không nói viết cho ai, nên giọng văn xa cách.",
        ),
        Piece(
            "viec",
            "Hồ sơ chứng thực bản sao được trả trong ngày làm việc nếu nộp trước 15 giờ (nguồn A).",
            "Chứng thực là việc xác nhận giấy tờ. Nhiều người dân quan tâm tới chứng thực.",
            "Yêu cầu không nói phải soạn gì, nên máy giải thích lan man.",
        ),
        Piece(
            "nguon",
            "Anh/chị đem theo bản chính và bản sao cần chứng thực (nguồn B).",
            "Anh/chị đem theo bản chính, hai ảnh thẻ và đơn có xác nhận của tổ dân phố.",
            "Ảnh thẻ và đơn không có trong nguồn. Yêu cầu không buộc chỉ dùng nguồn.",
        ),
        Piece(
            "dinh_dang",
            "",
            "Tóm lại, như đã nêu, kết quả trả trong ngày, giấy tờ thì đem theo như trên, còn lại xin xem các ý ở trên.",
            "Yêu cầu không nói cách trình bày, nên các ý bị nhắc lại dồn vào một câu.",
        ),
        Piece(
            "danh_dau",
            "Mức phí: [CẦN CĂN CỨ].",
            "Mức phí là 2.000 đồng một trang.",
            "Nguồn ghi mức phí chưa cập nhật. Yêu cầu không bảo đánh dấu chỗ thiếu, nên máy tự điền một số.",
        ),
        Piece(
            "do_dai",
            "",
            "Ngoài ra, trong bối cảnh đẩy mạnh cải cách hành chính, đơn vị luôn nỗ lực phục vụ người dân ngày "
            "một tốt hơn, "
            "mong tiếp tục nhận được sự đồng hành, chia sẻ và góp ý.",
            "Yêu cầu không giới hạn độ dài, nên có thêm câu không trả lời điều được hỏi.",
        ),
    ),
    model=(
        "Soạn bản nháp trả lời công dân, lời lẽ lịch sự, dễ hiểu, không quá 120 chữ. Mỗi ý một dòng, ghi nguồn ở "
        "cuối. Chỉ dùng hai đoạn nguồn A và B bên dưới; chỗ nào nguồn không có thì ghi [CẦN CĂN CỨ], không tự điền."
    ),
)

TASKS: Mapping[str, Task] = {"giao_ban": BRIEFING, "tra_loi": REPLY}
