"""What leaves the house for other systems to trust: the framework as CASE 1.1, bands as Open Badges 3.0."""

from hocvu.credentials.case import case_package, competency_uri, framework_id

__all__ = ["case_package", "competency_uri", "framework_id"]
