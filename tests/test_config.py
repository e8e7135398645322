"""Settings: refused when they would be unsafe, and keys that two starts agree on."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import config
from config import SettingError, from_environment


def read(tmp_path: Path, **environment: str) -> config.Settings:
    return from_environment({"GROUNDSWELL_DATA": str(tmp_path / "data"), **environment})


def test_without_any_setting_all_is_safe(tmp_path: Path) -> None:
    found = read(tmp_path)
    data = tmp_path / "data"
    assert found.data == data
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert found.database_url == f"sqlite:///{data}/groundswell.sqlite"
    assert found.url == "http://127.0.0.1:8000"
    assert found.listen == ("127.0.0.1", 8000)
    assert found.limits_url == "memory://"
    assert not found.secure
    assert not found.testing
    for name in ("secret.key", "ballot.key"):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o600
        assert len((data / name).read_bytes()) == 32
    assert bytes.fromhex(found.secret_key) != found.ballot_key


def test_keys_stay_over_a_second_start(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)
    assert (first.secret_key, first.ballot_key) == (second.secret_key, second.ballot_key)


def test_starts_at_once_agree_on_one_key_and_leave_no_draft(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: read(tmp_path).ballot_key, range(64)))
    assert len(keys) == 1
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["ballot.key", "secret.key"]


def test_a_damaged_key_is_refused_and_not_replaced(tmp_path: Path) -> None:
    read(tmp_path)
    key = tmp_path / "data" / "ballot.key"
    key.write_bytes(b"short")
    with pytest.raises(SettingError, match=r"ballot\.key is damaged"):
        read(tmp_path)
    assert key.read_bytes() == b"short"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "web", "80.5", "٣", " 80"])
def test_a_port_is_a_number(tmp_path: Path, port: str) -> None:
    with pytest.raises(SettingError, match="PORT must be a number from 1 to 65535"):
        read(tmp_path, PORT=port)


def test_the_port_stands_in_the_address(tmp_path: Path) -> None:
    found = read(tmp_path, PORT="8123", HOST="0.0.0.0")  # noqa: S104 - an operator may ask for it
    assert found.url == "http://127.0.0.1:8123"
    assert found.listen == ("0.0.0.0", 8123)  # noqa: S104 - likewise


def test_behind_a_proxy_the_address_and_the_port_differ(tmp_path: Path) -> None:
    found = read(tmp_path, GROUNDSWELL_URL="https://groundswell.example.org/", PORT="8123")
    assert found.url == "https://groundswell.example.org"
    assert found.secure
    assert found.host == "groundswell.example.org"
    assert found.listen == ("127.0.0.1", 8123)


@pytest.mark.parametrize(
    "url",
    [
        "groundswell.example.org",
        "ftp://groundswell.example.org",
        "https://",
        "https://127.0.0.1:99999",
        "https:" + "//[::1",
        "javascript:alert(1)",
    ],
)
def test_an_address_is_one_that_people_can_type(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingError, match="GROUNDSWELL_URL must look like"):
        read(tmp_path, GROUNDSWELL_URL=url)


@pytest.mark.parametrize("tail", ["/app", "/?q=1", "/#top"])
def test_an_address_has_no_path(tmp_path: Path, tail: str) -> None:
    with pytest.raises(SettingError, match="without a path"):
        read(tmp_path, GROUNDSWELL_URL=f"https://groundswell.example.org{tail}")


def test_plain_http_is_for_this_machine_unless_the_operator_insists(tmp_path: Path) -> None:
    public = "http://groundswell.example.org"
    with pytest.raises(SettingError, match="plain http on a public name"):
        read(tmp_path, GROUNDSWELL_URL=public)
    with pytest.raises(SettingError, match="plain http on a public name"):
        read(tmp_path, GROUNDSWELL_URL=public, GROUNDSWELL_ALLOW_HTTP="yes")
    assert read(tmp_path, GROUNDSWELL_URL=public, GROUNDSWELL_ALLOW_HTTP="1").url == public
    for host in ("localhost:9", "127.0.0.1", "[::1]:8000"):
        assert not read(tmp_path, GROUNDSWELL_URL=f"http://{host}").secure


@pytest.mark.parametrize("key", ["", "short", "a" * 64, "password" * 8, "0" * 31])
def test_a_weak_secret_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingError, match="too weak"):
        read(tmp_path, GROUNDSWELL_SECRET_KEY=key)


def test_a_given_secret_wins_over_the_file(tmp_path: Path) -> None:
    key = "0123456789abcdefghijklmnopqrstuvwxyz"
    assert read(tmp_path, GROUNDSWELL_SECRET_KEY=key).secret_key == key
    assert not (tmp_path / "data" / "secret.key").exists()


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ("postgres://u@h:1/d", "postgresql+psycopg://u@h:1/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg:///d", "postgresql+psycopg:///d"),
        ("sqlite:////var/lib/a.sqlite", "sqlite:////var/lib/a.sqlite"),
    ],
)
def test_a_database_is_sqlite_or_postgresql(tmp_path: Path, given: str, read_as: str) -> None:
    assert read(tmp_path, DATABASE_URL=given).database_url == read_as


@pytest.mark.parametrize(
    "url", ["mysql://h/d", "postgresql+psycopg2://h/d", "nonsense", "sqlite", "postgresql://h:port/d"]
)
def test_another_database_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL must look like"):
        read(tmp_path, DATABASE_URL=url)


def test_folders_of_questionnaires_are_separated_like_a_path(tmp_path: Path) -> None:
    found = read(tmp_path, GROUNDSWELL_QUESTIONNAIRES=f"{tmp_path}/a:~/b:")
    assert found.questionnaires == (tmp_path / "a", Path.home() / "b")


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(SettingError, match=r"GROUNDSWELL_DATA: the folder .* cannot be made"):
        read(tmp_path)


SENDER = "Groundswell <groundswell@example.org>"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", config.MailServer("mail.example.org", 587, "starttls")),
        ("smtp://mail.example.org:25?starttls", config.MailServer("mail.example.org", 25, "starttls")),
        ("smtps://u:p%40ss@mail.example.org", config.MailServer("mail.example.org", 465, "tls", "u", "p@ss")),
        ("smtp://127.0.0.1:2525", config.MailServer("127.0.0.1", 2525, "none")),
        ("smtp://localhost:2525?starttls", config.MailServer("localhost", 2525, "starttls")),
        ("console:", config.MailServer("", 0, "print")),
    ],
)
def test_the_way_to_another_machines_mail_server_is_encrypted(
    tmp_path: Path, url: str, server: config.MailServer
) -> None:
    found = read(tmp_path, GROUNDSWELL_SMTP_URL=url, GROUNDSWELL_MAIL_FROM=SENDER)
    assert found.mail_server == server
    assert found.mail_from == SENDER


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http" + "://mail.example.org",
        "smtp:secret",
        "smtp://:secret@",
        "smtp://u:secret@h:port",
        "smtp://u:secret@h/path",
        "smtp://u:secret@h?tls=no",
    ],
)
def test_a_mail_server_that_cannot_be_read_is_refused_without_repeating_its_password(
    tmp_path: Path, url: str
) -> None:
    with pytest.raises(SettingError, match="GROUNDSWELL_SMTP_URL must look like") as refused:
        read(tmp_path, GROUNDSWELL_SMTP_URL=url, GROUNDSWELL_MAIL_FROM=SENDER)
    assert "secret" not in str(refused.value)


def test_the_password_of_a_mail_server_is_not_shown(tmp_path: Path) -> None:
    found = read(
        tmp_path, GROUNDSWELL_SMTP_URL="smtp://u:hush@mail.example.org", GROUNDSWELL_MAIL_FROM=SENDER
    )
    assert found.mail_server is not None
    assert found.mail_server.password == "hush"
    assert "hush" not in repr(found)


@pytest.mark.parametrize(
    "sender", ["", "Groundswell", "a b@example.org", "a@", "Eve\r\nBcc: x <a@example.org>"]
)
def test_letters_need_a_sender(tmp_path: Path, sender: str) -> None:
    with pytest.raises(SettingError, match="GROUNDSWELL_MAIL_FROM must look like"):
        read(tmp_path, GROUNDSWELL_SMTP_URL="smtp://mail.example.org", GROUNDSWELL_MAIL_FROM=sender)


def test_sessions_last_as_long_as_the_operator_says_within_reason(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert (found.session_idle_hours, found.session_days) == (8, 7)
    found = read(tmp_path, GROUNDSWELL_SESSION_IDLE_HOURS="1", GROUNDSWELL_SESSION_DAYS="90")
    assert (found.session_idle_hours, found.session_days) == (1, 90)
    for name, wrong, most in (
        ("GROUNDSWELL_SESSION_IDLE_HOURS", "169", 168),
        ("GROUNDSWELL_SESSION_DAYS", "0", 90),
        ("GROUNDSWELL_SESSION_DAYS", "91", 90),
        ("GROUNDSWELL_SESSION_DAYS", "0.5", 90),
    ):
        with pytest.raises(SettingError, match=f"{name} must be a number from 1 to {most}"):
            read(tmp_path, **{name: wrong})


IDP = {
    "GROUNDSWELL_OIDC_CORP_ISSUER": "https://login.example.org",
    "GROUNDSWELL_OIDC_CORP_CLIENT_ID": "groundswell",
    "GROUNDSWELL_OIDC_CORP_CLIENT_SECRET": "hush",
}
PUBLIC = {"GROUNDSWELL_URL": "https://groundswell.example.org"}


def test_providers_are_read_by_their_names(tmp_path: Path) -> None:
    second = {name.replace("CORP", "ACME2"): value for name, value in IDP.items()}
    found = read(tmp_path, **PUBLIC, **IDP, **second, GROUNDSWELL_OIDC_CORP_LABEL="Example login")
    assert found.providers == (
        config.Provider("acme2", "Acme2", "https://login.example.org", "groundswell", "hush"),
        config.Provider("corp", "Example login", "https://login.example.org", "groundswell", "hush"),
    )
    assert "hush" not in repr(found)


@pytest.mark.parametrize("missing", IDP)
def test_a_provider_is_complete_or_the_start_is_refused(tmp_path: Path, missing: str) -> None:
    rest = {name: value for name, value in IDP.items() if name != missing}
    with pytest.raises(SettingError, match=f"{missing} is missing"):
        read(tmp_path, **PUBLIC, **rest)
    with pytest.raises(SettingError, match=f"{missing} is missing"):
        read(tmp_path, **PUBLIC, **rest, **{missing: ""})


def test_on_this_machine_a_provider_may_have_no_secret(tmp_path: Path) -> None:
    rest = {name: value for name, value in IDP.items() if "SECRET" not in name}
    assert read(tmp_path, **rest).providers[0].client_secret == ""


@pytest.mark.parametrize(
    "issuer",
    [
        "login.example.org",
        "http://login.example.org",
        "https:",
        "https:" + "//u:p@login.example.org",
        "https://login.example.org#x",
        "https:" + "//[::1",
        "https://login.example.org:99999",
        "https:" + "//loginé.example.org",
        "file:///etc/passwd",
    ],
)
def test_a_provider_is_asked_over_https(tmp_path: Path, issuer: str) -> None:
    with pytest.raises(SettingError, match="CORP_ISSUER must look like"):
        read(tmp_path, **IDP | {"GROUNDSWELL_OIDC_CORP_ISSUER": issuer})
    plain = IDP | {"GROUNDSWELL_OIDC_CORP_ISSUER": "http://127.0.0.1:9"}
    assert read(tmp_path, **plain).providers[0].issuer == "http://127.0.0.1:9"


@pytest.mark.parametrize("name", ["CORP_ISSUR", "CORP", "corp_ISSUER", "_ISSUER", "A_B_ISSUER"])
def test_a_mistyped_setting_of_a_provider_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingError, match=f"GROUNDSWELL_OIDC_{name} is none of"):
        read(tmp_path, **IDP, **{f"GROUNDSWELL_OIDC_{name}": "x"})


def test_without_a_mail_server_there_is_none(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found.mail_server is None
    assert found.mail_per_minute == 120
    with pytest.raises(SettingError, match="GROUNDSWELL_MAIL_PER_MINUTE must be a number"):
        read(tmp_path, GROUNDSWELL_MAIL_PER_MINUTE="0")


def test_webhooks_call_the_public_internet_alone_unless_the_operator_lists_a_host(tmp_path: Path) -> None:
    assert read(tmp_path).webhooks_to == frozenset()
    listed = read(tmp_path, GROUNDSWELL_WEBHOOKS_TO="Chat.example.org, mattermost:8065  10.1.2.3")
    assert listed.webhooks_to == {
        *(("chat.example.org", 443), ("chat.example.org", 8443), ("mattermost", 8065)),
        *(("10.1.2.3", 443), ("10.1.2.3", 8443)),
    }


@pytest.mark.parametrize(
    "text",
    [
        "https://chat.example.org",
        "chat.example.org:",
        "chat:web",
        "chat:0",
        "*",
        "*.example.org",
        "a/b",
        "[::1]",
    ],
)
def test_a_list_of_hosts_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingError, match="GROUNDSWELL_WEBHOOKS_TO"):
        read(tmp_path, GROUNDSWELL_WEBHOOKS_TO=text)
