"""Asking a provider who somebody is: OpenID Connect, authorization code with PKCE. Knows no account and no session.

What a provider says about itself and its keys is kept for an hour in each process; a key that is not known makes us ask
once more. Everything that comes back is bounded in size and time, and believed only as far as `domain.identity_token` goes.
"""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import current_app

from config import Provider, safe_address
from webapp.domain.identity_token import Identity, Unfit, identity, verified

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session
    from joserfc.jwk import KeySet

KEPT = 3600.0  # seconds
AGAIN = 30.0  # seconds after a failure, so that a provider that is away does not hold every worker
ASKED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Words of the standard, which the log may repeat.
ERRORS = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
}
# Signatures that only the provider's own key can make: never none, and none made with a secret that both know.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]


class NoReply(Exception):  # noqa: N818 - a state of somebody else's house
    """A provider that is away, or says things about itself that cannot be."""


@dataclass
class Known:
    """What a provider said about itself, and its keys."""

    said: Mapping[str, Any]
    keys: "KeySet"
    at: float


def address(provider: Provider, *, back: str, state: str, nonce: str, verifier: str, again: bool) -> str:
    """Where to send a browser. again: the provider is asked to let nobody through just because they are signed in there.

    Asked for `max_age`, it must say when they signed in (OpenID Connect Core 1.0, section 3.1.2.1).
    """
    with _client(provider) as session:
        url, _state = session.create_authorization_url(
            _known(provider).said["authorization_endpoint"],
            state=state,
            code_verifier=verifier,
            redirect_uri=back,
            nonce=nonce,
            **({"prompt": "login", "max_age": "0"} if again else {}),
        )
    return str(url)


def must_name_itself(provider: Provider) -> bool:
    """Whether the provider says of each reply that it is its own (RFC 9207), so that one without that is not."""
    return _known(provider).said.get("authorization_response_iss_parameter_supported") is True


def ask(provider: Provider, *, code: str, back: str, nonce: str, verifier: str) -> Identity:
    """Exchange a code, and say whom it is about.

    Raises NoReply where the provider cannot be reached, Unfit where its answer signs nobody in.
    """
    token, access = _exchanged(provider, code=code, back=back, verifier=verifier)
    claims = _claims(provider, token)
    found = identity(
        claims, issuer=provider.issuer, client_id=provider.client_id, nonce=nonce, now=time.time()
    )
    return found if "email" in claims else replace(found, email=_address(provider, found.subject, access))


def _address(provider: Provider, subject: str, access: object) -> str:
    """The verified address that a provider tells at a second place alone, as the standard lets it (section 5.4).

    What is said there may be about somebody else, and counts only where it names the same person (section 5.3.2).
    """
    url = str(_known(provider).said.get("userinfo_endpoint"))
    if not safe_address(url, plain=provider.issuer.startswith("http://")) or not _sendable(access):
        return ""
    try:
        said = _json(url, Authorization=f"Bearer {access}")
    except NoReply:
        return ""  # who linked it before needs no address
    if said.get("sub") != subject:
        raise Unfit("another subject beside the token")
    return verified(said)


def _sendable(access: object) -> bool:
    """Whether it can stand in a header: RFC 6750 has more letters in no token."""
    return isinstance(access, str) and re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", access) is not None


def _exchanged(provider: Provider, *, code: str, back: str, verifier: str) -> tuple[str, object]:
    """The identity token for a code, and what opens more at the provider; it gives them once."""
    from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - only where a provider is asked
    from requests import RequestException  # noqa: PLC0415 - likewise

    url = _known(provider).said["token_endpoint"]
    try:
        with _client(provider) as session:
            found = session.fetch_token(
                url,
                grant_type="authorization_code",
                code=code,
                redirect_uri=back,
                code_verifier=verifier,
                allow_redirects=False,
            )
    except AuthlibBaseError as refused:
        known = refused.error if refused.error in ERRORS else "unknown"
        raise Unfit(f"the code was refused ({known})") from refused
    except RequestException as error:
        raise NoReply("it cannot be reached") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:  # whatever is no JSON object
        raise Unfit("the reply to the code cannot be read") from error
    token = found.get("id_token")
    if not isinstance(token, str):
        raise Unfit("no identity token")
    return token, found.get("access_token")


def _claims(provider: Provider, token: str) -> Mapping[str, object]:
    """What a token says, once its signature holds; an unknown key may be a new one, so they are asked for once more."""
    from joserfc.errors import InvalidKeyIdError  # noqa: PLC0415 - only where a provider is asked

    try:
        return _verified(token, _known(provider).keys)
    except InvalidKeyIdError:
        _forget(provider)
    try:
        return _verified(token, _known(provider).keys)
    except InvalidKeyIdError as error:
        raise Unfit("a key that the provider does not have") from error


def _verified(token: str, keys: "KeySet") -> Mapping[str, object]:
    from joserfc import jws, jwt  # noqa: PLC0415 - only where a provider is asked
    from joserfc.errors import InvalidKeyIdError, JoseError  # noqa: PLC0415 - likewise

    registry = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        return jwt.decode(token, keys, algorithms=ALGORITHMS, registry=registry).claims
    except InvalidKeyIdError:
        raise
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unfit(f"the signature does not hold ({type(error).__name__})") from error


def _known(provider: Provider) -> Known:
    """What is known of a provider; asked for where that is nothing, or too old."""
    kept: dict[str, Known | float] = current_app.extensions.setdefault("groundswell_providers", {})
    found, now = kept.get(provider.name), time.monotonic()
    if isinstance(found, Known) and found.at > now - KEPT:
        return found
    if isinstance(found, float) and found > now - AGAIN:
        raise NoReply("it did not answer a moment ago")
    try:
        known = kept[provider.name] = _asked(provider)
    except NoReply:
        kept[provider.name] = now
        raise
    return known


def _forget(provider: Provider) -> None:
    current_app.extensions["groundswell_providers"].pop(provider.name, None)


def _asked(provider: Provider) -> Known:
    """Ask a provider about itself and for its keys."""
    from joserfc.errors import JoseError  # noqa: PLC0415 - only where a provider is asked
    from joserfc.jwk import KeySet  # noqa: PLC0415 - likewise

    said = _json(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    plain = provider.issuer.startswith("http://")
    if said.get("issuer") != provider.issuer:
        raise NoReply("it calls itself otherwise")
    if not all(safe_address(said.get(name), plain=plain) for name in ASKED):
        raise NoReply("it gives an address that is not safe")
    try:
        keys = KeySet.import_key_set(_json(said["jwks_uri"]))  # type: ignore[arg-type]  # refused where it is none
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NoReply("its keys cannot be read") from error
    return Known(said, keys, time.monotonic())


def _json(url: str, **headers: str) -> dict[str, Any]:
    from requests import RequestException, Session  # noqa: PLC0415 - only where a provider is asked

    from webapp.accounts.bounded import bound  # noqa: PLC0415 - likewise

    try:
        with Session() as session:
            bound(session)
            reply = session.get(url, headers={"Accept": "application/json", **headers}, allow_redirects=False)
        if reply.status_code != HTTPStatus.OK:
            raise NoReply("it has no such page")
        found = json.loads(reply.content)
    except (RequestException, ValueError, RecursionError) as error:
        raise NoReply("it cannot be reached or read") from error
    if not isinstance(found, dict):
        raise NoReply("it says no JSON object")
    return found


def _client(provider: Provider) -> "OAuth2Session":
    """Authlib's client, which says who we are in the way that the provider takes."""
    from authlib.integrations.requests_client import OAuth2Session  # noqa: PLC0415 - 0.8 s, only where it is used

    from webapp.accounts.bounded import bound  # noqa: PLC0415 - only where a provider is asked

    taken = _known(provider).said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    by_header = "client_secret_basic" in taken
    how = (
        "none" if not provider.client_secret else "client_secret_basic" if by_header else "client_secret_post"
    )
    session = OAuth2Session(
        provider.client_id,
        provider.client_secret or None,
        token_endpoint_auth_method=how,
        scope="openid email",
        code_challenge_method="S256",
    )
    bound(session)
    return session
