"""What a person answers who is led by the misconceptions that each module lists, module by module.

Each entry: slug → item → raw answer. Whoever believes them must stay under 40 % of the points (test_modules).
"""

from collections.abc import Mapping

Answers = Mapping[str, object]

# "Whatever runs by itself is AI", "it understands like a colleague", "people can read it, so the machine can".
MODULE_1: Answers = {
    "1-1": dict.fromkeys(
        [
            "lay_so",
            "loc_thu_rac",
            "tra_cuu",
            "tro_ly",
            "bao_chay",
            "dem_xe",
            "dich_may",
            "cong_thuc",
            "giong_doc",
            "chu_ky_so",
            "chu_quet",
            "goi_y_tu",
        ],
        "du_doan",
    ),
    "1-2": "b",
    "1-3": {"rules": [["đường", "HATANG"]]},
    "1-4": "0",
    "1-5": list("abcdefghij"),
    "1-6": dict.fromkeys(["gop_y", "phan_anh", "tro_cap", "gio_lam", "bai_viet", "khau_hieu"], "tu_dong"),
    "1-7": {"viec": "mọi việc giấy tờ"},
}

# "More data is always better", "100 % on what was learned is a good model", "people read it without marks, so can it".
MODULE_2: Answers = {
    "2-1": dict.fromkeys(list("abcdefghik"), "HATANG"),
    "2-2": ["thu_thap", "huan_luyen", "gan_nhan", "trien_khai", "chia_tap", "theo_doi", "kiem_thu"],
    "2-3": {
        "so_vi_du": "20",
        "nhan_sai": "0",
        "cach_viet": "go",
        "can_bang": "co",
        "thu_tren": "go",
        "cau": "đường ngập",
    },
    "2-4": "d",
    "2-5": "92%",
    "2-6": list("defh"),
    "2-7": "a",
    "2-8": "a",
}

# "90 % right is a pass", "0.5 is the scientific threshold", "the technician chooses the threshold".
MODULE_3: Answers = {
    "3-1": dict.fromkeys(
        ["day_dien", "gio_lam", "cay_do", "nhac_lon", "ho_ga", "mui_gas", "bien_lai", "chay_chu"], "im_dung"
    ),
    "3-2": "0,5",
    "3-3": {"nguong": 0.5, "bo_sot": 20, "bao_nham": 1, "nguoi_truc": 3},
    "3-4": "a",
    "3-5": ["n06", "n05", "n04", "n03"],
    "3-6": "c",
    "3-7": {"bo_sot": "0", "bao_nham": "0", "ly_do": "4"},
}

# "A source given is a source that exists", "long and sure is right", "it looks things up", "hot is clever".
MODULE_4: Answers = {
    "4-1": "0,25",
    "4-2": {"cua_so": "3", "nhiet_do_giong": 2.0, "nhiet_do_khac": 0.2},
    "4-3": "a",
    "4-4": [[346, 394], [458, 515], [574, 625]],
    "4-5": list("adf"),
    "4-6": "a",
    "4-7": "d",
    "4-8": "c",
}

# "Call it an expert", "tell it not to make things up", "threaten it", "whoever pays may paste anything".
FLATTERY = "Bạn là chuyên gia hàng đầu. Hãy viết thật dài, thật hay và đừng bịa. Làm sai là bị kỷ luật."
MODULE_5: Answers = {
    "5-1": dict.fromkeys(["lanh_dao", "can_kiem_tra", "tom_tat", "khong_qua", "gach_dau", "chi_dung"], "boi_canh"),
    "5-2": ["ra", "doc", "sua", "kiem", "che", "ghi"],
    "5-3": FLATTERY,
    "5-4": [[42, 92]],
    "5-5": "a",
    "5-6": FLATTERY,
    "5-7": "c",
}

MISLED: Mapping[str, Answers] = {
    "01-ai-quanh-ta": MODULE_1,
    "02-may-hoc-tu-du-lieu": MODULE_2,
    "03-dung-sai-va-nguong": MODULE_3,
    "04-ai-tao-sinh": MODULE_4,
    "05-ra-yeu-cau": MODULE_5,
}
