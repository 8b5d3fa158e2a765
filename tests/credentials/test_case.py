"""The framework as CASE 1.1: valid by the official schema, complete, and at addresses that stay."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator, FormatChecker, ValidationError

from hocvu.course import read_course
from hocvu.credentials import case_package, competency_uri, framework_id

ORIGIN = "https://hocvu.example"


@pytest.fixture(scope="module")
def package() -> dict[str, Any]:
    return case_package(read_course(Path(__file__).parents[2]), ORIGIN)


@pytest.fixture(scope="module")
def validator(root: Path) -> Draft201909Validator:
    schema = json.loads((root / "tests/data/case-v1p1-cfpackage.json").read_text(encoding="utf-8"))
    schema["$schema"] = schema["$schema"].rstrip("#")
    return Draft201909Validator(schema, format_checker=FormatChecker())


def test_the_package_is_valid_by_the_official_schema(package: dict[str, Any], validator: Draft201909Validator) -> None:
    validator.validate(package)


@pytest.mark.parametrize("spoil", ["uri", "fullStatement", "lastChangeDateTime", "identifier"])
def test_the_schema_would_notice_a_mistake(
    package: dict[str, Any], validator: Draft201909Validator, spoil: str
) -> None:
    wrong = copy.deepcopy(package)
    if spoil == "identifier":
        wrong["CFItems"][0]["identifier"] = "NL1"
    else:
        del wrong["CFItems"][0][spoil]
    with pytest.raises(ValidationError):
        validator.validate(wrong)


def test_six_competencies_each_have_four_levels_in_order(package: dict[str, Any]) -> None:
    codes = [item["humanCodingScheme"] for item in package["CFItems"]]
    assert codes == [f"NL{n}{level}" for n in range(1, 7) for level in ("", ".M1", ".M2", ".M3", ".M4")]
    uris = {item["uri"] for item in package["CFItems"]}
    assert len(uris) == 30 and competency_uri(ORIGIN, "NL4", 2) in uris
    children = [link for link in package["CFAssociations"] if link["destinationNodeURI"]["uri"] in uris]
    assert len(children) == 24 and len(package["CFAssociations"]) == 30


def test_addresses_stay_the_same() -> None:
    assert framework_id() == "4a118f25-4eaa-5604-ab78-987b708ec005"
    assert competency_uri(ORIGIN, "NL1").endswith("209d368d-6d53-5746-8bbd-9183b5153743")
