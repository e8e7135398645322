"""What the server refuses to read: too much, too many parts, strange hosts, numbers that no row can have."""

from http import HTTPStatus

import pytest

from tests.fixtures.pages import CheckingClient
from webapp.domain import csv_table
from webapp.domain.refusal import Refused

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
