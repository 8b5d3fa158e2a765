"""What leaves the house for other systems to trust: the framework as CASE 1.1, bands as Open Badges 3.0."""

from hocvu.credentials.badge import Badge, achievement, badge_credential, badge_token, issuer
from hocvu.credentials.case import case_package, competency_uri, framework_id
from hocvu.credentials.status_list import BITS, status_token
from hocvu.credentials.tokens import open_token, sign_token

__all__ = [
    "BITS",
    "Badge",
    "achievement",
    "badge_credential",
    "badge_token",
    "case_package",
    "competency_uri",
    "framework_id",
    "issuer",
    "open_token",
    "sign_token",
    "status_token",
]
