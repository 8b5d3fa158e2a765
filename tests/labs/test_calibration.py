"""The figures that lesson 1 tells its readers, measured again on every run."""

from statistics import mean

import pytest

from hocvu.datasets.naive_bayes import train
from hocvu.datasets.reports1022 import Report, generate_reports, without_marks
from hocvu.labs.rules import Rule, Rules, run_model, run_rules

TWELVE = (
    ("xe buýt", "BUYT"),
    ("karaoke", "ONAO"),
    ("nhạc", "ONAO"),
    ("ồn", "ONAO"),
    ("rác", "RAC"),
    ("ngập", "NGAP"),
    ("cống", "NGAP"),
    ("đèn", "CAYDEN"),
    ("cây", "CAYDEN"),
    ("vỉa hè", "VIAHE"),
    ("đường", "HATANG"),
    ("hồ sơ", "TTHC"),
)
FIFTEEN = (*TWELVE, ("thủ tục", "TTHC"), ("hẹn", "TTHC"), ("giấy", "TTHC"))
SEEDS = range(500, 520)


def rules_of(pairs: tuple[tuple[str, str], ...]) -> Rules:
    return tuple(Rule(*pair) for pair in pairs)


@pytest.fixture(scope="module")
def samples() -> list[tuple[Report, ...]]:
    return [generate_reports(200, seed) for seed in SEEDS]


def test_fifteen_careful_keywords_route_about_six_in_ten(samples: list[tuple[Report, ...]]) -> None:
    assert 0.55 <= mean(run_rules(rules_of(FIFTEEN), sample).share for sample in samples) <= 0.66


def test_twelve_careful_keywords_route_about_four_in_ten(samples: list[tuple[Report, ...]]) -> None:
    assert 0.39 <= mean(run_rules(rules_of(TWELVE), sample).share for sample in samples) <= 0.48


def test_hardly_any_report_is_routed_without_diacritics(samples: list[tuple[Report, ...]]) -> None:
    bare = [tuple(map(without_marks, sample)) for sample in samples]
    assert mean(run_rules(rules_of(FIFTEEN), sample).share for sample in bare) <= 0.03


def test_a_model_of_320_examples_routes_about_eight_in_ten(samples: list[tuple[Report, ...]]) -> None:
    shares = []
    for seed, sample in zip(SEEDS, samples, strict=True):
        examples = ((report.text, report.category) for report in generate_reports(320, seed + 1000))
        shares.append(run_model(train(examples), sample).share)
    assert 0.79 <= mean(shares) <= 0.87
