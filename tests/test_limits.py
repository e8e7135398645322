"""What the server refuses to read: too much, too many parts, strange hosts, numbers that no row can have."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from flask import Flask

from tests.fixtures.organizations import program, token_of
from tests.fixtures.pages import CheckingClient, Page
from webapp.domain import csv_table
from webapp.domain.refusal import Refused
from webapp.models import Organization, Wave

FORM = "application/x-www-form-urlencoded"
KIB = 1024


@pytest.mark.parametrize("path", ["/quick-check", "/sign-in", "/respond/", "/r/unknown"])
@pytest.mark.parametrize("body", [b"a=" + b"x" * 257 * KIB, b"a=1&" * (65 * KIB), b"%00" * 100 * KIB])
def test_a_form_of_more_than_256_kib_is_not_read(client: CheckingClient, path: str, body: bytes) -> None:
    reply = client.post(path, data=body, content_type=FORM)
    assert reply.status_code in {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.NOT_FOUND}
    if path in {"/quick-check", "/sign-in"}:
        assert reply.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_a_form_of_more_than_500_parts_is_not_read(client: CheckingClient) -> None:
    parts = {f"p{number}": "x" for number in range(501)}
    reply = client.post("/quick-check", data=parts, content_type="multipart/form-data")
    assert reply.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "[::1", "127.0.0.1.", "a\tb"]
)
def test_a_host_that_is_not_ours_gets_no_page(client: CheckingClient, host: str) -> None:
    reply = client.get("/", headers={"Host": host})
    assert reply.status_code == HTTPStatus.BAD_REQUEST
    assert "evil" not in reply.text


@pytest.mark.parametrize("number", [2**31, 2**63, 2**70, 10**200])
def test_a_number_that_no_row_can_have_is_a_page_that_is_not_there(
    owner: CheckingClient, number: int
) -> None:
    for path in ("waves/{}", "results/{}/heatmap", "units/{}", "members/{}"):
        assert owner.get(f"/o/acme/{path.format(number)}").status_code == HTTPStatus.NOT_FOUND
    assert owner.get(f"/o/acme/audit?page={number}").status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"unit\nA\x00B\n", "NUL"),
        (b"unit\n\xed\xa0\x80\n", "not UTF-8"),
        ("unit\nMünchen\n".encode("latin-1"), "not UTF-8"),
        ("unit\nA\n".encode("utf-16"), "not UTF-8"),
        (b"unit\n" + b"x" * 1024 * KIB + b"\n", "longer than"),
        (b'unit\n"never closed\n', "quotation mark"),
        (b"x" * (csv_table.MAX_BYTES + 1), "larger than"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_with_its_reason(data: bytes, words: str) -> None:
    with pytest.raises(Refused) as refused:
        csv_table.read(data, file="units.csv", required=["unit"])
    assert words in refused.value.message


def test_a_mark_at_the_start_and_many_lines_are_read() -> None:
    rows = csv_table.read(b"\xef\xbb\xbfunit\n" + b"A\n" * 10**5, file="units.csv", required=["unit"])
    assert len(rows) == 10**5
    assert rows[-1].line == 10**5 + 1


MULTIPART = "multipart/form-data; boundary=edge"
MIB = 1024 * KIB
IMPORTS = {"evidence.import_figures", "units.import_units", "invitations.index", "experiments.import_list"}


def posts(app: Flask, values: dict[str, object]) -> Iterator[tuple[str, str, str]]:
    """(endpoint, address, method) of all that takes a body."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"POST", "PUT", "PATCH"}):
            known = {name: values.get(name, 1) for name in rule.arguments}
            yield rule.endpoint, app.url_map.bind("localhost").build(rule.endpoint, known), method


def multipart(fields: dict[str, str], content: bytes) -> bytes:
    """A form with a file, as a browser sends it; the test client would leave a temporary file behind."""
    named = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    parts = [*named, ('name="file"; filename="big.csv"', content)]
    body = b"".join(
        b"--edge\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (name.encode(), value)
        for name, value in parts
    )
    return body + b"--edge--\r\n"


@pytest.fixture
def values(open_wave: Wave) -> dict[str, object]:
    return {
        "slug": "acme",
        "wave_id": open_wave.id,
        "kind": "reminder",
        "token": "t",
        "secret": "s",
        "ticket": "t",
    }


def test_the_pages_that_take_a_file_are_those_that_take_much(
    app: Flask, owner: CheckingClient, values: dict[str, object]
) -> None:
    found = set()
    for endpoint, address, method in posts(app, values):
        reply = owner.get(address)
        if method == "POST" and reply.status_code == HTTPStatus.OK and reply.mimetype == "text/html":
            files = [one for one in Page(reply.text).all("input") if one.get("type") == "file"]
            found |= {endpoint} if files else set()
    assert found == IMPORTS, "Give a page that takes a file the larger limit, and put it here."


def test_an_import_of_ten_megabytes_is_read_and_a_larger_one_is_not(
    app: Flask, owner: CheckingClient, values: dict[str, object]
) -> None:
    for endpoint, address, _method in posts(app, values):
        if endpoint not in IMPORTS:
            continue
        for size, fits in ((1 * MIB, True), (10 * MIB - 2 * KIB, True), (10 * MIB + KIB, False)):
            hidden = owner.page(address).form()
            body = multipart(hidden, b"nothing\n" + b"x" * (size - 8))
            status = owner.post(address, data=body, content_type=MULTIPART).status_code
            wanted = HTTPStatus.UNPROCESSABLE_ENTITY if fits else HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            assert status == wanted, (endpoint, size)
            text = hidden | {"text": "x" * size}
            if size < 2 * MIB:  # pasted, in one field
                assert owner.post(address, data=text).status_code == HTTPStatus.UNPROCESSABLE_ENTITY, endpoint


def test_everything_else_takes_256_kib(
    app: Flask, owner: CheckingClient, organization: Organization, values: dict[str, object]
) -> None:
    by_token = program(app, token_of(app, organization, "owner@acme.example"))
    met, programs = 0, set()
    for endpoint, address, method in posts(app, values):
        if endpoint in IMPORTS or endpoint.startswith("respond."):
            continue  # who has no link is sent away before anything is read: see above
        met += 1
        if address.startswith("/api/"):
            body = b'{"a": "' + b"x" * (257 * KIB) + b'"}'
            reply = by_token.open(address, method=method, data=body, content_type="application/json")
            programs.add(reply.status_code)  # what is not there is said before anything is read
        else:
            body = b"csrf_token=" + b"x" * (257 * KIB)
            reply = owner.open(address, method=method, data=body, content_type=FORM)
            body = multipart({}, b"x" * (257 * KIB))
            other = owner.open(address, method=method, data=body, content_type=MULTIPART)
            assert other.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE, endpoint
            assert reply.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE, (endpoint, reply.status)
    assert met > 30
    assert programs == {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.NOT_FOUND}
