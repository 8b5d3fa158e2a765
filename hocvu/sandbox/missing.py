"""What a host may lack for the sandbox, in words: what it is, and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Missing:
    """One thing the host lacks. Without a required one no code is graded here."""

    name: str
    what: str
    remedy: str
    required: bool = True

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}"


KNOWN = {
    missing.name: missing
    for missing in (
        Missing("platform", "Hộp cát chỉ chạy trên Linux x86_64.", "Hãy chấm bài lập trình trên máy chủ Linux x86_64."),
        Missing(
            "kernel",
            "Nhân Linux quá cũ: thiếu lời gọi mount_setattr.",
            "Cần Linux 5.12 trở lên; hãy nâng cấp nhân (Debian 12 có 6.1).",
        ),
        Missing(
            "namespaces",
            "Không tạo được không gian tên (namespaces).",
            "Chạy bằng root có CAP_SYS_ADMIN, hoặc bật cho người dùng thường: "
            "sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces=15000 "
            "(Ubuntu 24.04: kernel.apparmor_restrict_unprivileged_userns=0). "
            "Trong Docker: --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined.",
        ),
        Missing(
            "uid",
            "Không có mã người dùng (uid) nào dành riêng cho bài làm.",
            "Cho vùng chứa dùng các uid 60000–64999 (xem /etc/subuid).",
        ),
        Missing(
            "root",
            "Không dựng được hệ thống tệp riêng (tmpfs, bind mount, pivot_root).",
            "Trong Docker: --cap-add SYS_ADMIN --security-opt apparmor=unconfined.",
        ),
        Missing(
            "unreadable",
            "Thư viện Python không mở cho người dùng khác đọc.",
            "Cài Python và môi trường ảo với quyền đọc chung: chmod -R o+rX thư mục lib được nêu.",
        ),
        Missing(
            "import",
            "Không nạp được mô-đun cho bài lập trình.",
            'Cài gói còn thiếu: pip install "hocvu[code]".',
        ),
        Missing(
            "threads",
            "Một mô-đun nạp trước đã mở luồng riêng, nên không thể phân nhánh an toàn.",
            "Bỏ mô-đun đó khỏi danh sách nạp trước.",
        ),
        Missing(
            "seccomp",
            "Nhân Linux không có bộ lọc seccomp.",
            "Cần nhân có CONFIG_SECCOMP_FILTER; vùng chứa không được chặn prctl và seccomp.",
        ),
        Missing(
            "landlock",
            "Nhân Linux không bật Landlock (lớp bảo vệ thứ hai).",
            "Nên thêm landlock vào tham số khởi động lsm=; không bắt buộc.",
            required=False,
        ),
        Missing("session", "Không dựng được hộp cát cho một bài.", "Hãy chấm lại bài này; xem giới hạn của máy."),
        Missing("start", "Tiến trình nền của hộp cát không khởi động được.", "Xem lỗi của Python in ra phía trên."),
    )
}


def explain(name: str, detail: str) -> str:
    """Return the sentence for a thing that is missing, with what the system said."""
    missing = KNOWN[name]
    return f"Không chấm được bài lập trình trên máy này. {missing.what} {missing.remedy}" + (
        f" ({detail})" if detail else ""
    )
