import pytest

from tests.fixtures.pages import CheckingClient, words
from webapp.models import Organization

PATH = "/o/acme/units"


def rows(client: CheckingClient) -> list[list[str]]:
    table = client.page(PATH).all("tbody")
    return [[words(cell) for cell in row if cell.tag in {"th", "td"}] for row in (table[0] if table else [])]


def test_an_owner_sees_the_tree_with_head_counts_and_leaders(
    owner: CheckingClient, units: dict[str, int]
) -> None:
    del units
    assert rows(owner) == [
        ["Engineering", "20", "leader@acme.example"],
        ["Platform", "12", "nobody"],
        ["Mobile", "8", "nobody"],
        ["Sales", "10", "nobody"],
        ["Support", "6", "nobody"],
    ]


@pytest.mark.parametrize("who", ["leader", "viewer", "auditor"])
def test_nobody_else_sees_an_address(who: str, units: dict[str, int], request: pytest.FixtureRequest) -> None:
    del units
    member: CheckingClient = request.getfixturevalue(who)
    page = member.get(PATH).text
    assert "leader@acme.example" not in page.replace(">leader@acme.example</a>", "")


def test_a_leader_sees_the_own_part(leader: CheckingClient) -> None:
    assert [row[0] for row in rows(leader)] == ["Engineering", "Platform", "Mobile"]


def test_with_none_it_says_how_to_begin(owner: CheckingClient, auditor: CheckingClient) -> None:
    assert "Import a list" in owner.page(PATH).text()
    assert "An owner adds them." in auditor.page(PATH).text()


def test_a_stranger_finds_nothing(stranger: CheckingClient, organization: Organization) -> None:
    del organization
    assert stranger.get(PATH).status_code == 404
