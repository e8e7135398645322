"""What an identity token must say before it may sign anybody in (OpenID Connect Core 1.0, section 3.1.3.7).

Its signature is checked elsewhere; here stand the rules for its claims, whatever their types turn out to be.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LEEWAY = 60  # seconds that two clocks may differ
LONGEST_SUBJECT = 255  # as the standard has it


class Unfit(Exception):  # noqa: N818 - a token does not fit, the program has no error
    """A token that signs nobody in; says why in words for the log, and repeats nothing of the token."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at a provider: its address, and the name there that never changes.

    email: an address in small letters that the provider says is verified, "" where it says none
    signed_in: when they signed in there, in seconds since 1970; None where the provider does not say
    """

    issuer: str
    subject: str
    email: str = ""
    signed_in: float | None = None

    def signed_in_since(self, moment: float) -> bool:
        """Whether they signed in there after a moment, as far as two clocks agree."""
        return self.signed_in is not None and self.signed_in > moment - LEEWAY


def identity(
    claims: Mapping[str, object], *, issuer: str, client_id: str, nonce: str, now: float
) -> Identity:
    """Whom the token is about.

    Args:
        claims: what the token says.
        issuer: the provider that was asked.
        client_id: our name at that provider.
        nonce: what was sent along when it was asked.
        now: seconds since 1970.

    Raises:
        Unfit: the token is of another provider, for somebody else, for another question, too old, or says nobody.
    """
    if claims.get("iss") != issuer:
        raise Unfit("another issuer")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client_id not in audiences:
        raise Unfit("another audience")
    party = claims.get("azp")
    if party != client_id if party is not None else len(audiences) > 1:
        raise Unfit("another authorized party")
    if claims.get("nonce") != nonce:
        raise Unfit("another nonce")
    if not _time(claims, "exp") > now - LEEWAY:
        raise Unfit("expired")
    if not _time(claims, "iat") < now + LEEWAY:
        raise Unfit("issued in the future")
    if "nbf" in claims and not _time(claims, "nbf") < now + LEEWAY:
        raise Unfit("not valid yet")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.isprintable() or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise Unfit("no subject")
    return Identity(issuer, subject, verified(claims), _signed_in(claims, now))


def _time(claims: Mapping[str, object], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(f"no time {name}")
    return value


def _signed_in(claims: Mapping[str, object], now: float) -> float | None:
    """When they signed in at the provider, which need not be now; a provider that was not asked need not say."""
    if claims.get("auth_time") is None:
        return None
    at = _time(claims, "auth_time")
    if not at < now + LEEWAY:
        raise Unfit("signed in in the future")
    return min(at, now)


def verified(claims: Mapping[str, object]) -> str:
    """The verified address. One with other letters than ASCII counts as none: some look like, or fold to, another's."""
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str) or not email.isascii():
        return ""
    return email.strip().lower()
