import datetime as dt

import pytest

from tests.fixtures.organizations import create
from tests.waves.conftest import SMALL, Acme, at_once
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Organization, Wave
from webapp.organizations import commands as organizations
from webapp.units import commands as units


def lines(acme: Acme, wave: int) -> list[tuple[str, int | None, int, int]]:
    return [(row.name, row.parent, row.headcount, row.leaders) for row in acme.tree(wave)]


def test_the_tree_is_frozen_with_head_counts_and_leaders(acme: Acme) -> None:
    wave = acme.open()
    assert lines(acme, wave) == [
        ("Acme", None, 0, 0),
        ("Engineering", 0, 0, 1),
        ("Platform", 1, 12, 0),
        ("Mobile", 1, 8, 0),
        ("Sales", 0, 10, 0),
        ("Support", 0, 6, 0),
    ]
    keys = [row.key for row in acme.tree(wave)]
    assert keys == ["root", *(f"u{acme.units[name]}" for name, *_ in lines(acme, wave)[1:])]
    acme.import_units("unit,parent,headcount\nPlatform,,40\nWarehouse,,3\n")
    assert lines(acme, wave)[2] == ("Platform", 1, 12, 0)
    assert len(acme.tree(wave)) == 6


def test_people_of_an_inner_unit_become_a_leaf_of_their_own(acme: Acme) -> None:
    acme.import_units("unit,parent,headcount,leader_email\nEngineering,,3,leader@acme.example\n")
    wave = acme.open()
    assert lines(acme, wave)[1:4] == [
        ("Engineering", 0, 0, 1),
        ("Engineering (direct)", 1, 3, 0),
        ("Platform", 1, 12, 0),
    ]
    assert acme.tree(wave)[2].key == f"u{acme.units['Engineering']}d"


def test_leaders_of_the_whole_and_several_of_one_unit_are_counted(acme: Acme) -> None:
    for email, unit in (
        ("boss@acme.example", None),
        ("one@acme.example", "Sales"),
        ("two@acme.example", "Sales"),
    ):
        with acme.inside():
            organizations.add_member(
                organization=db.session.get_one(Organization, acme.organization.id),
                email=email,
                role="leader",
                unit_id=acme.units[unit] if unit else None,
                by=None,
            )
    counted = {name: led for name, _parent, _heads, led in lines(acme, acme.open())}
    assert counted == {"Acme": 1, "Engineering": 1, "Platform": 0, "Mobile": 0, "Sales": 2, "Support": 0}


def test_closed_units_are_not_asked(acme: Acme) -> None:
    with acme.inside():
        units.close_unit(organization=acme.organization, unit_id=acme.units["Support"], by=None)
    assert "Support" not in [row.name for row in acme.tree(acme.open())]


def test_a_second_open_wave_of_a_form_is_refused(acme: Acme) -> None:
    acme.open()
    with pytest.raises(Refused, match="“First wave” of this form is still open"):
        acme.open("Second wave")
    assert acme.count("wave") == 1


def test_a_closed_one_makes_room_and_its_name_stays_taken(acme: Acme) -> None:
    acme.close(acme.open())
    with pytest.raises(Refused, match="already a wave “First wave”"):
        acme.open()
    assert acme.open("Second wave")


def test_two_who_open_at_once_open_one(acme: Acme) -> None:
    found = at_once(lambda: acme.open("This"), lambda: acme.open("That"))
    refused = [one for one in found if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [Refused], found
    assert acme.count("wave") == 1


def test_a_changed_file_of_the_same_version_is_refused(acme: Acme) -> None:
    acme.close(acme.open())
    with pytest.raises(Refused, match="small@1 differs from the copy"):
        acme.open("Second wave", SMALL.replace("Is it fast?", "Is it quick?"))
    assert acme.open("Third wave", SMALL + "# another comment says nothing else\n")
    assert acme.count("questionnaire_copy") == 1


def test_a_new_version_gets_a_copy_of_its_own(acme: Acme) -> None:
    acme.close(acme.open())
    changed = SMALL.replace("version: 1", "version: 2").replace(
        "{key: S1, forms: [team], text: Is it fast?",
        "{key: S1, revision: 2, forms: [team], text: Is it quick?",
    )
    assert acme.open("Second wave", changed)
    assert acme.count("questionnaire_copy") == 2


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"form": "leader"}, "no form “leader” for teams; it has team"),
        ({"form": "nothing"}, "no form “nothing” for teams"),
        ({"name": " "}, "A name is missing"),
        ({"name": "=1+1"}, "begins like a formula"),
        ({"closes_on": dt.date(2020, 1, 1)}, "closing day 2020-01-01 has passed"),
    ],
)
def test_what_cannot_be_opened(lite: Acme, values: dict, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        lite.open(**values)
    assert lite.count("wave") == 0


def test_an_organization_without_units_cannot_ask(lite: Acme) -> None:
    empty = Acme(lite.app, create(lite.app, "empty", "Empty"))
    with pytest.raises(Refused, match="Empty has no units yet"):
        empty.open()
    assert lite.count("wave") == 0


def test_the_rules_are_those_of_the_organization_when_it_opened(lite: Acme) -> None:
    wave = lite.open()
    with lite.inside():
        organizations.change_settings(
            organization=lite.organization,
            name="Acme",
            smallest_group=8,
            timezone="UTC",
            time_guard="strict",
            language="en",
            by=None,
        )
    with lite.inside():
        stored = db.session.get_one(Wave, wave)
        assert (stored.smallest_group, stored.time_guard, stored.leader_form) == (5, "standard", "leader")
    lite.close(wave)
    later = lite.open("Second wave")
    with lite.inside():
        stored = db.session.get_one(Wave, later)
        assert (stored.smallest_group, stored.time_guard) == (8, "strict")
