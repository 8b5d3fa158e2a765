"""Charts that can be read without colour and without eyes."""

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from hocvu.labs.charts import Bar, Part, comparison, percent, stacked_bar

WORDS = st.text(alphabet=st.characters(categories=["L", "N", "P"]), max_size=12)


@given(st.lists(st.builds(Part, WORDS, st.integers(0, 200), st.just("#1a7f5a")), min_size=1, max_size=5))
def test_every_count_is_in_the_text_alternative(parts: list[Part]) -> None:
    svg = ET.fromstring(stacked_bar("Kết quả", parts))
    for part in parts:
        assert f"{part.label} {part.count}" in svg.attrib["aria-label"]
    assert svg.attrib["role"] == "img"


@given(st.lists(st.builds(Bar, WORDS, st.floats(0, 1), WORDS, st.just("#1d4ed8")), min_size=1, max_size=5))
def test_bars_never_leave_the_picture(bars: list[Bar]) -> None:
    svg = ET.fromstring(comparison("So sánh", bars))
    widths = [float(bar.attrib["width"]) for bar in svg.iter("{http://www.w3.org/2000/svg}rect")]
    assert len(widths) == len(bars)
    assert all(0 < width <= 360 for width in widths)


def test_shares_are_written_the_vietnamese_way() -> None:
    assert [percent(share) for share in (0.605, 0.6, 0, 1)] == ["60,5%", "60%", "0%", "100%"]
