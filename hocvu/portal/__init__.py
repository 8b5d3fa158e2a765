"""The portal: where people log in, learn, hand in and see results; and the API for the HR system."""

from hocvu.portal.app import create_app

__all__ = ["create_app"]
