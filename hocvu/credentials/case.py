"""The competency framework as a CASE 1.1 package: every competency and level has an address that stays."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

from hocvu.course import Course

NAMESPACE = uuid.UUID("6f1f9d0e-3c0b-5c52-9a6c-0d4f4b3c2a10")  # of this framework; its items' ids are made from it
BASE = "/ims/case/v1p1"


def framework_id() -> str:
    """The identifier of the framework's document; the same on every host."""
    return str(uuid.uuid5(NAMESPACE, "document"))


def item_id(code: str, level: int = 0) -> str:
    """The identifier of a competency, or of one of its levels."""
    return str(uuid.uuid5(NAMESPACE, f"{code}/M{level}" if level else code))


def competency_uri(origin: str, code: str, level: int = 0) -> str:
    """The address that a badge or another system points at."""
    return f"{origin}{BASE}/CFItems/{item_id(code, level)}"


def case_package(course: Course, origin: str) -> dict[str, Any]:
    """Return the CFPackage: six competencies, each with its levels below it in their order."""
    changed = datetime.combine(course.period.starts_on, time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    items = [*_items(course, origin, changed)]
    return {
        "CFDocument": {
            "identifier": framework_id(),
            "uri": f"{origin}{BASE}/CFDocuments/{framework_id()}",
            "creator": "Học vụ AI",
            "title": f"Khung năng lực AI trong công vụ: {course.title}",
            "lastChangeDateTime": changed,
            "language": "vi",
            "adoptionStatus": "Draft",
            "caseVersion": "1.1",
            "frameworkType": "Competency",
            "notes": course.framework.note,
        },
        "CFItems": items,
        "CFAssociations": list(_associations(course, origin, changed)),
    }


def _items(course: Course, origin: str, changed: str) -> Iterator[dict[str, Any]]:
    for one in course.competencies.values():
        yield _item(origin, changed, one.code, 0, one.name, f"{one.name}: {one.description}")
        for name, can in zip(course.framework.level_names, one.levels, strict=True):
            yield _item(origin, changed, one.code, name.number, name.label, f"{one.name}, {name.label}: {can}")


def _item(origin: str, changed: str, code: str, level: int, short: str, full: str) -> dict[str, Any]:
    return {
        "identifier": item_id(code, level),
        "uri": competency_uri(origin, code, level),
        "humanCodingScheme": f"{code}.M{level}" if level else code,
        "CFItemType": "Mức năng lực" if level else "Năng lực",
        "abbreviatedStatement": short,
        "fullStatement": full,
        "language": "vi",
        "lastChangeDateTime": changed,
    }


def _associations(course: Course, origin: str, changed: str) -> Iterator[dict[str, Any]]:
    document = {"title": course.title, "identifier": framework_id()}
    document["uri"] = f"{origin}{BASE}/CFDocuments/{framework_id()}"
    for place, one in enumerate(course.competencies.values(), 1):
        parent = _link(origin, one.code, 0, one.name)
        yield _child_of(origin, changed, place, parent, document)
        for name in course.framework.level_names:
            yield _child_of(origin, changed, name.number, _link(origin, one.code, name.number, name.label), parent)


def _link(origin: str, code: str, level: int, title: str) -> dict[str, str]:
    return {"title": title, "identifier": item_id(code, level), "uri": competency_uri(origin, code, level)}


def _child_of(origin: str, changed: str, place: int, child: dict[str, str], parent: dict[str, str]) -> dict[str, Any]:
    identifier = str(uuid.uuid5(NAMESPACE, f"{child['identifier']} isChildOf {parent['identifier']}"))
    return {
        "identifier": identifier,
        "associationType": "isChildOf",
        "sequenceNumber": place,
        "uri": f"{origin}{BASE}/CFAssociations/{identifier}",
        "originNodeURI": child,
        "destinationNodeURI": parent,
        "lastChangeDateTime": changed,
    }
