"""The messages of module 3: the same on every machine, urgent as often and scored as the datasheet says."""

import hashlib
from statistics import mean, median

import pytest

from hocvu.datasets.urgent1022 import Message, generate_messages


@pytest.fixture(scope="module")
def many() -> tuple[Message, ...]:
    return generate_messages(20_000, 2026)


def test_these_messages_are_the_ones_every_machine_makes() -> None:
    lines = "\n".join(f"{one.text}|{one.urgent}|{one.score}" for one in generate_messages(300, 5))
    assert hashlib.sha256(lines.encode()).hexdigest() == (
        "955e14afbf63b37a5c1680ed2acd7620e7e2b21e8ef1b09db75b68414cc8e38a"
    )


def test_one_message_in_ten_is_urgent(many: tuple[Message, ...]) -> None:
    assert mean(one.urgent for one in many) == pytest.approx(0.10, abs=0.007)


def test_the_two_heaps_of_scores_overlap(many: tuple[Message, ...]) -> None:
    urgent = [one.score for one in many if one.urgent]
    calm = [one.score for one in many if not one.urgent]
    assert median(urgent) == pytest.approx(0.67, abs=0.02) and median(calm) == pytest.approx(0.28, abs=0.02)
    assert min(urgent) < median(calm) and max(calm) > median(urgent)


def test_urgent_and_calm_messages_share_no_sentence(many: tuple[Message, ...]) -> None:
    assert not {one.text for one in many if one.urgent} & {one.text for one in many if not one.urgent}
