"""Synthetic Vietnamese data for lessons and exercises: standard library only, the same bytes for the same seed."""
