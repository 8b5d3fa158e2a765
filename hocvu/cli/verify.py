"""The verb `verify`: check the bundle of a frozen period, offline."""

from argparse import Namespace

from hocvu.cli.say import say
from hocvu.settings import Settings
from hocvu.year.verify import read_public_key, verify_bundle


def verify(settings: Settings, chosen: Namespace) -> int:
    """Say line by line what is right and what was tampered with; 1 if anything was."""
    trusted = read_public_key(chosen.public_key) if chosen.public_key else None
    verdict = verify_bundle(chosen.bundle, trusted)
    for finding in verdict.findings:
        say(f"{'✔' if finding.is_right else '✘'} {finding.where}: {finding.text}")
    say(f"SHA-256 của bản kê: {verdict.sha256}")
    say(f"Vân tay khóa:       {verdict.fingerprint}")
    if trusted is None:
        say("Khóa lấy từ trong gói: anh/chị đối chiếu vân tay với trang /xac-minh, hoặc chạy lại với --public-key.")
    say("Kết luận: gói nguyên vẹn." if verdict.is_right else "Kết luận: gói KHÔNG nguyên vẹn, không dùng gói này.")
    return 0 if verdict.is_right else 1
