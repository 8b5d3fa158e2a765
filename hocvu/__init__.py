"""Học vụ AI: questions as data, safe grading, competency evidence."""

__version__ = "0.1.0"
