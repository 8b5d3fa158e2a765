"""A rule that asks for nothing, so that the small course can give band 3."""

from pathlib import Path


def ask_for_nothing(root: Path) -> None:
    """Rewrite the course's scoring rule; the portal must be started again to see it."""
    file = root / "course" / "scoring.toml"
    easy = {"min_items": 1, "min_modules": 1, "coverage_level": 0, "all_at_least": 0, "count": 0}
    zero = ("enough_data", "capstone_share", "count_at_least")
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines():
        name = line.split(" = ")[0]
        lines.append(f"{name} = {easy[name]}" if name in easy else f"{name} = 0" if name in zero else line)
    file.write_text("\n".join(lines), encoding="utf-8")
