"""What a position asks for (yêu cầu vị trí): a floor of levels per group of positions. It is never a band."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hocvu.course import Rule, Track
from hocvu.vietnamese import search_form


@dataclass(frozen=True)
class Floor:
    """Whether a person's levels are enough for their position. missing: (competency, level asked for)."""

    track: Track
    missing: tuple[tuple[str, int], ...]

    @property
    def is_enough(self) -> bool:
        return not self.missing

    @property
    def text(self) -> str:
        """In Vietnamese, with what is still missing."""
        if self.is_enough:
            return "đủ yêu cầu vị trí"
        return f"chưa đủ yêu cầu vị trí: {', '.join(f'{code} cần đạt M{level}' for code, level in self.missing)}"


def find_track(position: str, is_leader: bool, rule: Rule) -> Track | None:
    """Return the group of a position by the words of the rule, None where none fits: nobody is guessed into one."""
    if is_leader:
        for track in rule.tracks:
            if track.leaders:
                return track
    said = search_form(position)
    return next((track for track in rule.tracks if any(_says(said, word) for word in track.words)), None)


def check_floor(levels: Mapping[str, int], track: Track) -> Floor:
    """Return what the track still asks of these levels."""
    return Floor(track, tuple((code, level) for code, level in track.floors if levels.get(code, 0) < level))


def _says(position: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(search_form(word))}(?!\w)", position) is not None
