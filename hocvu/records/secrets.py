"""Tokens: random text for the holder, a SHA-256 for the store."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What the store keeps of a token. A plain SHA-256 is enough: the token itself is 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
