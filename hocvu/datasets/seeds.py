"""Seeds that are the same on every machine and of which one tells nothing about another."""

import hashlib


def seed_of(*parts: object) -> int:
    """Return a number of 64 bits made of the parts, e.g. (item, learner's seed, salt)."""
    return int.from_bytes(hashlib.sha256("|".join(map(str, parts)).encode()).digest()[:8], "big")
