"""The page of an action: what it says, and what later waves tell of it."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.actions.conftest import Acme
from tests.fixtures.organizations import add_member
from webapp import clock
from webapp.models import Action
from webapp.transaction import transaction


def told(lite: Acme, number: int, email: str = "owner@acme.example") -> str:
    """What stands under the heading of what changed."""
    text = lite.client(email).page(f"/o/acme/actions/{number}").text()
    return text.partition("What changed since, beside units that did not act")[2]


def test_until_the_next_wave_it_says_what_will_stand_there(lite: Acme) -> None:
    wave = lite.publish()
    number = lite.adopt(wave_id=wave, practice="amplify")
    assert told(lite, number).startswith(" After the next wave with the same questions")
    assert told(lite, lite.adopt(title="Something else")) == ""


def test_after_the_next_wave_it_stands_beside_teams_that_did_not_act(lite: Acme) -> None:
    wave = lite.publish()
    number = lite.adopt("Platform", wave_id=wave, practice="amplify")
    lite.adopt("Mobile", wave_id=wave, practice="amplify")
    lite.publish("Second wave")
    text = told(lite, number)
    assert re.match(
        r" Second wave Amplify what works in Platform: (\d+) → \1, no clear change \(−\d+ to \+\d+\)\."
        r" No other team can stand beside it\. Beside stand the other units",
        text,
    ), text
    board = lite.client("owner@acme.example").page("/o/acme/actions").text()
    assert "Second wave Amplify what works in Platform" in board


def test_teams_of_another_depth_or_with_an_action_above_them_stand_beside_nobody(lite: Acme) -> None:
    wave = lite.publish()
    sales = lite.adopt("Sales", wave_id=wave, practice="amplify")
    lite.publish("Second wave")
    assert "One other team without an action there: no clear change" in told(
        lite, sales
    )  # Support; Platform lies deeper


def test_a_wave_that_was_published_before_it_was_decided_tells_nothing_of_it(lite: Acme) -> None:
    first = lite.publish()
    lite.publish("Second wave")
    number = lite.adopt("Platform", wave_id=first, practice="amplify")
    assert "Second wave" not in told(lite, number)
    lite.publish("Third wave")
    assert "Third wave" in told(lite, number)
    assert "Second wave" not in told(lite, number)


def test_a_pulse_between_two_waves_tells_nothing(lite: Acme) -> None:
    wave = lite.publish()
    number = lite.adopt("Platform", wave_id=wave, practice="amplify")
    lite.publish("A pulse", "pulse")
    assert "A pulse" not in told(lite, number)


@pytest.mark.parametrize("answering", [3, 0])
def test_a_team_that_is_hidden_now_says_so_and_no_more(lite: Acme, answering: int) -> None:
    wave = lite.publish()
    number = lite.adopt("Support", wave_id=wave, practice="amplify")
    people = {"Platform": 10, "Mobile": 7, "Sales": 8, "Support": answering}
    lite.publish("Second wave", **{unit: count for unit, count in people.items() if count})
    text = told(lite, number)
    assert text.startswith(
        " Second wave Amplify what works in Support: not shown, to protect anonymity. Beside"
    )


def test_a_leader_of_one_team_reads_it_too(lite: Acme) -> None:
    wave = lite.publish()
    add_member(lite.app, lite.organization, "sales@acme.example", "leader", lite.units["Sales"])
    number = lite.adopt("Sales", wave_id=wave, practice="amplify")
    lite.publish("Second wave")
    text = told(lite, number, "sales@acme.example")
    assert "Amplify what works in Sales" in text
    assert "No other team can stand beside it." in text  # Support alone, which the leader does not see


def test_an_action_whose_words_a_later_program_no_longer_knows_still_has_its_page(lite: Acme) -> None:
    wave = lite.publish()
    number = lite.adopt(
        "Platform", wave_id=wave, practice="amplify", due=clock.today("UTC") + timedelta(days=3)
    )
    with lite.inside(), transaction() as session:
        session.execute(sa.update(Action).values(practice="gone", item="gone"))
    lite.publish("Second wave")
    assert "gone in Platform: not shown" in told(lite, number)


def test_an_advice_is_repeated_only_where_it_was_put_in_other_words(lite: Acme) -> None:
    owner = lite.client("owner@acme.example")
    advice = {"advice": "Show what works", "first_step": "Ten minutes on Thursday."}
    as_it_is = lite.adopt(title="Show what works", note="Next week: Ten minutes on Thursday.", **advice)
    shorter = lite.adopt(title="Show more", note="Next week: Ten minutes on Thursday.", **advice)
    assert "The advice that it follows" not in owner.page(f"/o/acme/actions/{as_it_is}").text()
    assert "The advice that it follows Show what works" in owner.page(f"/o/acme/actions/{shorter}").text()
