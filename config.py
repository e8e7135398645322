"""Every setting of Groundswell, read from the environment once; the defaults are safe in production."""

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

ROOT = Path(__file__).resolve().parent
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
KEY_BYTES = 32
MOST_HOURS, MOST_DAYS = 24 * 7, 90  # of a session
OIDC = "GROUNDSWELL_OIDC_"
MOST_ISSUER = 255  # letters of an address that are stored
LEAST_LETTERS = 10  # different ones in a key that somebody typed


class SettingError(Exception):
    """A setting that the application refuses to start with."""


@dataclass(frozen=True)
class MailServer:
    """Where letters go: a server, its account, and how the way there is encrypted. `print` is a developer's screen."""

    host: str
    port: int
    encryption: Literal["starttls", "tls", "none", "print"]
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Provider:
    """A service through which members sign in (OpenID Connect).

    name: its word in addresses; label: how buttons call it; issuer: its address, exactly as it writes it itself
    """

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """What the operator decides.

    data: folder (0700) of the database file, the keys and the locks
    database_url: another database than the SQLite file in `data`
    url: the address people type; decides links, allowed hosts, cookie names and flags, HSTS
    questionnaires: further folders of questionnaire files
    limits_url: where failures are counted (memory, or a Redis for several machines)
    listen: host and port on which `serve` answers; behind a proxy not those of `url`
    mail_server: None keeps letters waiting, and pages say so
    mail_from: the sender of letters, such as Groundswell <groundswell@example.org>
    mail_per_minute: letters that all workers together send at most in a minute
    administrators: addresses of those who run the installation, and see on a page how it is
    webhooks_to: hosts, each with a port, that webhooks may call although they are private or at an unusual port
    session_idle_hours: after so long without use a member signs in again
    session_days: after so long in any case; it holds for sessions that begin from then on
    providers: services through which members may sign in, in the order of their names
    """

    data: Path
    database_url: str
    url: str
    secret_key: str
    ballot_key: bytes
    questionnaires: tuple[Path, ...] = ()
    limits_url: str = "memory://"
    listen: tuple[str, int] = ("127.0.0.1", 8000)
    mail_server: MailServer | None = None
    mail_from: str = ""
    mail_per_minute: int = 120
    administrators: frozenset[str] = frozenset()
    webhooks_to: frozenset[tuple[str, int]] = frozenset()
    session_idle_hours: int = 8
    session_days: int = 7
    providers: tuple[Provider, ...] = ()
    testing: bool = False
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def secure(self) -> bool:
        return self.url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or "127.0.0.1"


def from_environment(environ: dict[str, str] | None = None) -> Settings:
    """Read the settings; make the data folder and its keys on first use."""
    env = dict(os.environ) if environ is None else environ
    data = Path(env.get("GROUNDSWELL_DATA") or ROOT / "instance").expanduser().resolve()
    _make_folder(data)
    port = _port(env)
    url = env.get("GROUNDSWELL_URL") or f"http://127.0.0.1:{port}"
    _check_url(url, allow_http=env.get("GROUNDSWELL_ALLOW_HTTP") == "1")
    return Settings(
        data=data,
        database_url=_database_url(env.get("DATABASE_URL") or f"sqlite:///{data / 'groundswell.sqlite'}"),
        url=url.rstrip("/"),
        secret_key=_secret_key(env, data),
        ballot_key=_key_file(data / "ballot.key"),
        questionnaires=tuple(
            Path(folder).expanduser()
            for folder in env.get("GROUNDSWELL_QUESTIONNAIRES", "").split(os.pathsep)
            if folder
        ),
        limits_url=env.get("GROUNDSWELL_LIMITS_URL") or "memory://",
        listen=(env.get("HOST") or "127.0.0.1", port),
        mail_server=(server := _mail_server(env.get("GROUNDSWELL_SMTP_URL") or "")),
        mail_from=_mail_from(env.get("GROUNDSWELL_MAIL_FROM") or "", server),
        mail_per_minute=_number(
            "GROUNDSWELL_MAIL_PER_MINUTE", env.get("GROUNDSWELL_MAIL_PER_MINUTE") or "120"
        ),
        administrators=_addresses(env.get("GROUNDSWELL_ADMINISTRATORS") or ""),
        webhooks_to=_webhooks_to(env.get("GROUNDSWELL_WEBHOOKS_TO") or ""),
        session_idle_hours=_number(
            "GROUNDSWELL_SESSION_IDLE_HOURS", env.get("GROUNDSWELL_SESSION_IDLE_HOURS") or "8", MOST_HOURS
        ),
        session_days=_number(
            "GROUNDSWELL_SESSION_DAYS", env.get("GROUNDSWELL_SESSION_DAYS") or "7", MOST_DAYS
        ),
        providers=_providers(env, at_home=urlsplit(url).hostname in LOOPBACK),
    )


def _port(env: dict[str, str]) -> int:
    return _number("PORT", env.get("PORT") or "8000")


def _number(name: str, text: str, most: int = 2**16 - 1) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= most:
        raise SettingError(f"{name} must be a number from 1 to {most}, not {text!r}.")
    return int(text)


def _addresses(text: str) -> frozenset[str]:
    found = frozenset(text.replace(",", " ").lower().split())
    if any("@" not in one.strip("@") for one in found):
        raise SettingError("GROUNDSWELL_ADMINISTRATORS must look like one@example.org, other@example.org.")
    return found


def _mail_server(url: str) -> MailServer | None:
    """Read smtp://user:password@host:587 or smtps://…:465; never repeats it, because it may hold a password.

    The way to a server on another machine is always encrypted, and its certificate checked.
    """
    if not url:
        return None
    if url == "console:":
        return MailServer("", 0, "print")
    try:
        parts: SplitResult = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = SplitResult("", "", "", "", ""), None, None
    if (
        parts.scheme not in {"smtp", "smtps"}
        or not host
        or parts.path.strip("/")
        or parts.query not in {"", "starttls"}
    ):
        raise SettingError("GROUNDSWELL_SMTP_URL must look like smtp://user:password@mail.example.org:587.")
    plain = host in LOOPBACK and parts.query != "starttls"
    encryption: Literal["starttls", "tls", "none"] = (
        "tls" if parts.scheme == "smtps" else "none" if plain else "starttls"
    )
    return MailServer(
        host,
        port or (465 if encryption == "tls" else 587),
        encryption,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def _mail_from(text: str, server: MailServer | None) -> str:
    if server is None:
        return text
    if not text and server.encryption == "print":
        return "groundswell@localhost.localdomain"
    address = parseaddr(text)[1]
    if (
        not text.isprintable()
        or "@" not in address.strip("@")
        or any(letter in address for letter in " ,;<>")
    ):
        raise SettingError("GROUNDSWELL_MAIL_FROM must look like Groundswell <groundswell@example.org>.")
    return text


def _providers(env: dict[str, str], *, at_home: bool) -> tuple[Provider, ...]:
    """Read GROUNDSWELL_OIDC_<NAME>_ISSUER and its sisters. at_home: on a developer's machine a secret may be missing."""
    names = set()
    for variable in env:
        if variable.startswith(OIDC):
            found = re.fullmatch(
                rf"{OIDC}([A-Z][A-Z0-9]{{0,29}})_(ISSUER|CLIENT_ID|CLIENT_SECRET|LABEL)", variable
            )
            if found is None:
                raise SettingError(
                    f"{variable} is none of {OIDC}<NAME>_ISSUER, _CLIENT_ID, _CLIENT_SECRET and _LABEL."
                )
            names.add(found[1])
    return tuple(_provider(env, name, at_home=at_home) for name in sorted(names))


def _provider(env: dict[str, str], name: str, *, at_home: bool) -> Provider:
    def given(what: str) -> str:
        return env.get(f"{OIDC}{name}_{what}") or ""

    for what in ("ISSUER", "CLIENT_ID", *(() if at_home else ("CLIENT_SECRET",))):
        if not given(what):
            raise SettingError(f"{OIDC}{name}_{what} is missing.")
    issuer = given("ISSUER")
    if len(issuer) > MOST_ISSUER or not safe_address(issuer, plain=True):
        raise SettingError(f"{OIDC}{name}_ISSUER must look like https://login.example.org.")
    label = given("LABEL") or name.capitalize()
    return Provider(name.lower(), label, issuer, given("CLIENT_ID"), given("CLIENT_SECRET"))


def safe_address(url: object, *, plain: bool) -> bool:
    """Whether a provider may be asked there: over https, or plainly on this very machine where that is allowed."""
    if not isinstance(url, str) or not url.isascii() or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
        secure = parts.scheme == "https" or (plain and parts.scheme == "http" and parts.hostname in LOOPBACK)
        return secure and bool(parts.hostname) and parts.port != 0 and not (parts.username or parts.fragment)
    except ValueError:
        return False


def _webhooks_to(text: str) -> frozenset[tuple[str, int]]:
    """Hosts with their ports, separated by commas or spaces; one without a port may be called at 443 and 8443."""
    found: set[tuple[str, int]] = set()
    for entry in text.lower().replace(",", " ").split():
        host, colon, port = entry.partition(":")
        if not HOST.fullmatch(host):
            raise SettingError(
                "GROUNDSWELL_WEBHOOKS_TO must list hosts such as chat.example.org or chat.example.org:8065."
            )
        ports = [_number("A port in GROUNDSWELL_WEBHOOKS_TO", port)] if colon else [443, 8443]
        found |= {(host, one) for one in ports}
    return frozenset(found)


def _database_url(url: str) -> str:
    """Name the driver for a PostgreSQL, because providers give addresses without one."""
    kind, _mark, rest = url.partition("://")
    with suppress(ValueError):  # of a port that is none
        if kind in {"postgres", "postgresql", "postgresql+psycopg"} and urlsplit(url).port != 0:
            return f"postgresql+psycopg://{rest}"
        if url.startswith("sqlite:///"):
            return url
    raise SettingError(
        "DATABASE_URL must look like postgresql://user@host:5432/name or sqlite:///; leave it out for a file of its own."
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            f"GROUNDSWELL_DATA: the folder {folder} cannot be made ({error.strerror})."
        ) from error


def _check_url(url: str, *, allow_http: bool) -> None:
    shape = SettingError(f"GROUNDSWELL_URL must look like https://groundswell.example.org, not {url!r}.")
    try:
        parts = urlsplit(url)
        complete = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a port above 65535, a bracket that is not closed
        raise shape from None
    if not complete:
        raise shape
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise SettingError("GROUNDSWELL_URL must name a host, without a path.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK and not allow_http:
        raise SettingError(
            "GROUNDSWELL_URL is plain http on a public name: answers and links could be read on the way. "
            "Use https, or set GROUNDSWELL_ALLOW_HTTP=1 if something in front of it encrypts."
        )


def _secret_key(env: dict[str, str], data: Path) -> str:
    given = env.get("GROUNDSWELL_SECRET_KEY")
    if given is None:
        return _key_file(data / "secret.key").hex()
    if len(given) < KEY_BYTES or len(set(given)) < LEAST_LETTERS:
        raise SettingError("GROUNDSWELL_SECRET_KEY is too weak: use 32 random characters or more.")
    return given


def _key_file(path: Path) -> bytes:
    """Return the key in a file, made with 256 random bits the first time; two starts at once agree on one."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(KEY_BYTES))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    key = path.read_bytes()
    if len(key) < KEY_BYTES:
        raise SettingError(f"The key file {path.name} is damaged: it must hold 32 bytes or more.")
    return key
