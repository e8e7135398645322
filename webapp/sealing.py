"""Sealing small values with the ballot key, which is a file outside of the database: a thief of the database reads nothing."""

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from flask import current_app

NONCE = 12


def seal(value: bytes, *, about: str) -> bytes:
    """Encrypt a value so that it opens again only for the same `about`: it cannot be moved to another row."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher().encrypt(nonce, value, about.encode())


def unseal(sealed: bytes, *, about: str) -> bytes:
    """Raises cryptography's InvalidTag where the key or `about` is another one, or a byte was changed."""
    return _cipher().decrypt(sealed[:NONCE], sealed[NONCE:], about.encode())


def _cipher() -> ChaCha20Poly1305:
    key: bytes = current_app.extensions["groundswell"].settings.ballot_key
    return ChaCha20Poly1305(hmac.new(key, b"seal", hashlib.sha256).digest())
