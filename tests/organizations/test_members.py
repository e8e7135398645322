import pytest
from flask import Flask

from tests.fixtures.organizations import add_member
from tests.fixtures.pages import CheckingClient
from webapp.models import Organization

PATH = "/o/acme/members"


def test_it_lists_members_with_their_roles_and_units(
    app: Flask, owner: CheckingClient, organization: Organization, units: dict[str, int]
) -> None:
    add_member(app, organization, "viewer@acme.example", "viewer", units["Sales"])
    add_member(app, organization, "viewer@acme.example", "leader", units["Support"])
    text = owner.page(PATH).text()
    assert "3 members" in text
    assert "owner@acme.example Owner Acme as a whole" in text
    assert "leader@acme.example has not signed in yet Leader Engineering" in text
    assert "viewer@acme.example has not signed in yet Viewer Sales Leader Support" in text


def test_an_auditor_reads_it_and_finds_nothing_to_change(
    auditor: CheckingClient, units: dict[str, int]
) -> None:
    del units
    page = auditor.page(PATH)
    assert "leader@acme.example" in page.text()
    assert not [one for one in page.all("a") if (one.get("href") or "").startswith(f"{PATH}/")]
    for path in (f"{PATH}/new", f"{PATH}/1"):
        assert auditor.get(path).status_code == 403


@pytest.mark.parametrize("who", ["leader", "viewer"])
def test_nobody_else_may_read_it(who: str, request: pytest.FixtureRequest) -> None:
    member: CheckingClient = request.getfixturevalue(who)
    assert member.get(PATH).status_code == 403
    assert PATH not in [link.get("href") for link in member.page("/o/acme/waves").all("a")]


def test_a_stranger_finds_nothing(stranger: CheckingClient, owner: CheckingClient) -> None:
    del owner
    assert stranger.get(PATH).status_code == 404
    assert stranger.get(f"{PATH}/1").status_code == 404


def test_a_unit_that_was_closed_is_named_so(
    owner: CheckingClient, units: dict[str, int], viewer: CheckingClient
) -> None:
    del viewer
    owner.send(f"/o/acme/units/{units['Sales']}/close", on=f"/o/acme/units/{units['Sales']}")
    assert "Viewer Sales (closed)" in owner.page(PATH).text()
