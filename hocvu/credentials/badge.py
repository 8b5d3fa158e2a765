"""A band as an Open Badges 3.0 credential: signed, carried by its holder, pointing at the framework's addresses."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hocvu.course import BandRule, Course
from hocvu.credentials.case import competency_uri
from hocvu.credentials.tokens import sign_token
from hocvu.signing import SigningKey

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
ADDRESS = "/chung-nhan"
HIGHEST_LEVEL = 4


@dataclass(frozen=True)
class Badge:
    """What is certified of whom. id: random, public; levels: competency code → level; status_index: its bit."""

    id: str
    person_id: str
    staff_code: str
    holder: str
    period: str
    band: int
    levels: Mapping[str, int]
    rule_version: str
    issued_at: datetime
    status_index: int


def badge_token(badge: Badge, course: Course, origin: str, key: SigningKey) -> str:
    """Return the credential as a VC-JWT."""
    credential = badge_credential(badge, course, origin)
    moment = int(badge.issued_at.timestamp())
    claims = {"iss": issuer_id(origin), "sub": f"urn:uuid:{badge.person_id}", "jti": credential["id"]}
    return sign_token(key, {**credential, **claims, "nbf": moment, "iat": moment}, key_address(origin))


def badge_credential(badge: Badge, course: Course, origin: str) -> dict[str, Any]:
    """Return the credential unsigned."""
    band = next(one for one in course.rule.bands if one.number == badge.band)
    return {
        "@context": CONTEXT,
        "id": f"{origin}{ADDRESS}/{badge.id}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{band.certificate}, kỳ {badge.period}",
        "issuer": issuer(origin),
        "validFrom": _moment(badge.issued_at),
        "awardedDate": _moment(badge.issued_at),
        "credentialSubject": {
            "id": f"urn:uuid:{badge.person_id}",
            "type": ["AchievementSubject"],
            "identifier": _identifiers(badge),
            "achievement": achievement(band, course, origin, badge),
            "result": [_result(origin, band, code, level) for code, level in badge.levels.items()],
        },
        "credentialStatus": {
            "id": f"{status_address(origin)}#{badge.status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(badge.status_index),
            "statusListCredential": status_address(origin),
        },
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }


def issuer_id(origin: str) -> str:
    return f"{origin}{ADDRESS}/don-vi-cap"


def issuer(origin: str) -> dict[str, Any]:
    return {
        "id": issuer_id(origin),
        "type": ["Profile"],
        "name": "Học vụ AI – Bình dân học vụ số, Thành phố Hồ Chí Minh",
        "url": origin,
    }


def key_address(origin: str) -> str:
    return f"{origin}{ADDRESS}/khoa"


def status_address(origin: str) -> str:
    return f"{origin}{ADDRESS}/trang-thai"


def achievement(band: BandRule, course: Course, origin: str, badge: Badge) -> dict[str, Any]:
    """Return what the band means: its criteria, and where each level is described."""
    address = f"{origin}{ADDRESS}/muc/{band.number}"
    people = "Mức này do người có thẩm quyền xác nhận." if band.by_people else "Mức này tính theo quy tắc đã công bố."
    criteria = (
        f"Quy tắc tính điểm {badge.rule_version}. {people} Xếp loại và khen thưởng do người có thẩm quyền quyết định."
    )
    return {
        "id": address,
        "type": ["Achievement"],
        "achievementType": "Competency",
        "name": band.certificate,
        "description": f"Mức {band.number} {band.name} của khóa học «{course.title}», kỳ {badge.period}.",
        "criteria": {"narrative": criteria},
        "inLanguage": "vi",
        "version": badge.rule_version,
        "creator": issuer(origin),
        "alignment": [_alignment(course, origin, code, level) for code, level in badge.levels.items() if level],
        "resultDescription": [_description(course, origin, band, code) for code in badge.levels],
    }


def _alignment(course: Course, origin: str, code: str, level: int) -> dict[str, Any]:
    label = course.framework.level_names[level - 1].label
    return {
        "type": ["Alignment"],
        "targetCode": f"{code}.M{level}",
        "targetName": f"{course.competencies[code].name}, {label}",
        "targetFramework": "Khung năng lực AI trong công vụ",
        "targetType": "CFItem",
        "targetUrl": competency_uri(origin, code, level),
    }


def _description(course: Course, origin: str, band: BandRule, code: str) -> dict[str, Any]:
    return {
        "id": f"{origin}{ADDRESS}/muc/{band.number}#{code}",
        "type": ["ResultDescription"],
        "name": f"{code} {course.competencies[code].name}",
        "resultType": "PerformanceLevel",
        "allowedValue": [f"M{level}" for level in range(HIGHEST_LEVEL + 1)],
    }


def _result(origin: str, band: BandRule, code: str, level: int) -> dict[str, Any]:
    address = f"{origin}{ADDRESS}/muc/{band.number}#{code}"
    return {"type": ["Result"], "resultDescription": address, "value": f"M{level}"}


def _identifiers(badge: Badge) -> list[dict[str, Any]]:
    """The holder's name in clear, as on the certificate; the staff code only as a salted hash, to be compared."""
    hashed = hashlib.sha256(f"{badge.staff_code}{badge.id}".encode()).hexdigest()
    code = {"hashed": True, "identityHash": f"sha256${hashed}", "identityType": "identifier", "salt": badge.id}
    name = {"hashed": False, "identityHash": badge.holder, "identityType": "name"}
    return [{"type": "IdentityObject", **name}, {"type": "IdentityObject", **code}]


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
