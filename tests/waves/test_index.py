from tests.fixtures.pages import CheckingClient
from webapp.models import Organization, Wave

PATH = "/o/acme/waves"


def test_it_lists_the_waves_with_their_state(owner: CheckingClient, published_wave: Wave) -> None:
    page = owner.page(PATH)
    assert "closed" in page.text()
    assert page.text().endswith("published")
    assert f"{PATH}/{published_wave.id}" in [link.get("href") for link in page.all("a")]


def test_only_an_owner_is_offered_to_open_one(owner: CheckingClient, leader: CheckingClient) -> None:
    assert f"{PATH}/new" in [link.get("href") for link in owner.page(PATH).all("a")]
    assert f"{PATH}/new" not in [link.get("href") for link in leader.page(PATH).all("a")]


def test_a_leader_finds_the_own_assessment_and_nobody_else_does(
    leader: CheckingClient,
    viewer: CheckingClient,
    owner: CheckingClient,
    open_wave: Wave,
    units: dict[str, int],
) -> None:
    page = leader.page(PATH)
    assert "Engineering, First wave: not given yet" in page.text()
    own = f"{PATH}/{open_wave.id}/assessments/{units['Engineering']}"
    assert own in [link.get("href") for link in page.all("a")]
    for other in (viewer, owner):
        assert "Your own assessment" not in other.page(PATH).text()


def test_without_any_it_says_so(owner: CheckingClient, organization: Organization) -> None:
    del organization
    assert "There is none yet." in owner.page(PATH).text()


def test_the_current_page_is_marked_in_the_navigation(owner: CheckingClient) -> None:
    current = [link.text for link in owner.page(PATH).all("a") if link.get("aria-current") == "page"]
    assert current == ["Waves"]
