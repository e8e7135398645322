"""In the cases below, § marks the very place that the message must name."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.questionnaire import Questionnaire
from webapp.domain.questionnaire_file import compare_revisions, parse, read
from webapp.domain.refusal import Refused, RefusedMany

FILES = Path(__file__).parent / "questionnaires"
FULL = (FILES / "full.yaml").read_text(encoding="utf-8")
FORMS = FULL[FULL.index("forms:") : FULL.index("practices:")]
LEADERS_MIRROR = "        mirrors: T1\n        same_scale"

TEXT_EMPTY = "The text is empty: write one, or leave the key out."
WHOLE = "A whole number, without quotes, is expected here."
NUMBER = "A number, without quotes, is expected here."
FLAG = "true or false, without quotes, is expected here."
MAPPING = "A mapping (key: value) is expected here."
NOT_ASKED = "The form “leader-core” asks this, but “team-core”, whose mirror it is, does not ask {}."
MISNAMED = "“{}” is no key: up to {} letters, digits, dots, hyphens and underscores."


def edited(old: str, new: str, text: str = FULL) -> str:
    assert old in text
    return text.replace(old, new, 1)


def unmarked(text: str) -> tuple[str, list[str]]:
    """The text without its marks, and LINE:COLUMN of each."""
    places = []
    while "§" in text:
        before, _, after = text.partition("§")
        places.append(f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}")
        text = before + after
    return text, places


def faults(text: str) -> list[str]:
    with pytest.raises(RefusedMany) as refused:
        read(text, "q.yaml")
    assert all(one.place for one in refused.value.refusals)
    return [str(one).removeprefix("q.yaml:") for one in refused.value.refusals]


SHAPE = {
    "a key is missing": (
        "  - key: craft\n    title: Craft\n",
        "  - §key: craft\n",
        "The key “title” is missing here.",
    ),
    "the version is missing": (
        "key: climate\nversion: 2\n",
        "§key: climate\n",
        "The key “version” is missing here.",
    ),
    "a key is unknown": ("    weight: 1.5", "    §wait: 1.5", "The key “wait” is unknown here."),
    "a key of the model, not of the file": (
        "{from: 0",
        "{§start: 0, from: 0",
        "The key “start” is unknown here.",
    ),
    "a form cannot be renamed": ("pulse: {}", "pulse: {§name: x}", "The key “name” is unknown here."),
    "a list instead of a mapping": ("pulse: {}", "pulse: §[]", MAPPING),
    "a text instead of a mapping": ("pulse: {}", "pulse: §x", MAPPING),
    "forms as a list": (FORMS, "forms: §[team]\n", MAPPING),
    "a text instead of a list": ("forms: [team, team-core]", "forms: §team", "A list is expected here."),
    "a mapping instead of a list": ("unlocks: [craft]", "unlocks: §{craft: x}", "A list is expected here."),
    "a list instead of a text": ("title: Craft", "title: §[Craft]", "A text is expected here."),
    "a mapping instead of a text": ("title: Craft", "title: §{a: b}", "A text is expected here."),
    "an empty text": ("title: Craft", "§title:", TEXT_EMPTY),
    "a blank text": ("title: Craft", '§title: "  "', TEXT_EMPTY),
    "an empty level": ("[Never, ", '[§"", ', TEXT_EMPTY),
    "a long line": ("title: Craft", f"title: §{'x' * 501}", "The text has more than 500 characters."),
    "a long text": ("help: More", f"help: §{'x ' * 2501}", "The text has more than 5000 characters."),
    "lines in a line": (
        "title: Craft",
        "title: §|\n      a\n      b",
        "A text of one line is expected here.",
    ),
    "four levels": ("[Never, ", "§[", "Exactly 5 entries are expected here, not 4."),
    "six levels": ("[Never, ", "§[Never, Ever, ", "Exactly 5 entries are expected here, not 6."),
    "four bands": (
        "  - {from: 0, name: Low, practice_name: Absent, gloss: Nothing yet.}\n  -",
        "  §-",
        "Exactly 5 entries are expected here, not 4.",
    ),
    "no forms": ("forms: [team, team-core]", "forms: §[]", "The list is empty."),
    "a version that is no number": ("version: 2", "version: §two", WHOLE),
    "a version in quotes": ("version: 2", 'version: §"2"', WHOLE),
    "a fraction": ("version: 2", "version: §2.0", WHOLE),
    "a number with underscores": ("version: 2", "version: §2_0", WHOLE),
    "a mapping instead of a number": ("version: 2", "version: §{}", WHOLE),
    "nothing instead of a number": ("version: 2", "version:§", WHOLE),
    "version 0": ("version: 2", "version: §0", "The number must be at least 1."),
    "a huge version": ("version: 2", "version: §100001", "The number must be at most 100000."),
    "revision 0": ("revision: 3", "revision: §0", "The number must be at least 1."),
    "a band above 99": ("from: 90", "from: §100", "The number must be at most 99."),
    "advice below 0": ("below: 20", "below: §0", "The number must be at least 1."),
    "advice below 101": ("below: 20", "below: §101", "The number must be at most 100."),
    "no weight": ("weight: 1.5", "weight: §0", "The number must be more than 0."),
    "a weight that is no number": ("weight: 1.5", "weight: §nan", NUMBER),
    "a weight with an exponent": ("weight: 1.5", "weight: §1e9", NUMBER),
    "no for false": ("scored: false", "scored: §no", FLAG),
    "false in quotes": ("scored: false", "scored: §'false'", FLAG),
    "another audience": (
        "{audience: leader}",
        "{audience: §boss}",
        "One of these is expected here: unit or leader.",
    ),
    "another measurement": (
        "reflective",
        "§alpha",
        "One of these is expected here: reflective, mixed or formative.",
    ),
    "a key with a space": ("key: T1", "key: §T 1", MISNAMED.format("T 1", 60)),
    "a long name of a form": ("pulse: {}", f"§{'p' * 41}: {{}}", MISNAMED.format("p" * 41, 40)),
    "no language": ("en-GB", "§English!", "“English!” is no code of a language, such as en or pt-BR."),
    "a source that is a list": ("source: A made-up questionnaire", "source: §[x]", MAPPING),
    "a source with an unknown key": (
        "{paragraph: 35}",
        "{§passage: 35}",
        "The key “passage” is unknown here.",
    ),
}

RULES = {
    "a term twice": (
        "instructions:",
        "  - {term: §Team, meaning: x}\ninstructions:",
        "The term “Team” is explained twice.",
    ),
    "instructions for nobody": (
        "unit: Answer",
        "units: §Answer",
        "“units” is neither a form nor an audience of a form.",
    ),
    "bands not from 0": ("from: 0", "from: §5", "The first band must start from 0."),
    "bands in disorder": ("from: 75", "from: §50", "Bands must stand in ascending order of “from”."),
    "an item twice": ("key: T2", "key: §T1", "A second item has the key “T1”."),
    "an item twice over practices": ("key: C1", "key: §T2", "A second item has the key “T2”."),
    "an item named unit": (
        "key: C1",
        "key: §unit",
        "An item cannot have the key “unit”: imports use it for a column.",
    ),
    "an unscored item named like a practice": (
        "key: T3",
        "key: §craft",
        "An unscored item is shown beside the practices: “craft” is taken.",
    ),
    "a practice named index": (
        "key: trust",
        "key: §index",
        "A practice cannot have the key “index”: it is the score of the whole.",
    ),
    "a form that asks nothing": (
        "pulse: {}",
        "pulse: {}\n  poll: §{}",
        "No item is asked in the form “poll”.",
    ),
    "a mirror that is no form": ("mirror: leader}", "mirror: §boss}", "There is no form “boss”."),
    "a mirror that is for units": (
        "mirror: leader}",
        "mirror: §pulse}",
        "The mirror must be a leaders' form, and “pulse” is none.",
    ),
    "a mirror of a leaders' form": (
        "Leaders}",
        "Leaders, mirror: §team}",
        "A leaders' form has no mirror: name it as the mirror of the unit's form.",
    ),
    "a leaders' form by default": (
        "default: true}\n  leader: {",
        "default: false}\n  leader: {default: §true, ",
        "A leaders' form is opened with a unit's form, never by default.",
    ),
    "two forms by default": (
        "pulse: {}",
        "pulse: {default: §true}",
        "Two forms are the default: team-core and pulse.",
    ),
    "an unknown form": ("forms: [team]", "forms: [team, §teem]", "There is no form “teem” in “forms”."),
    "a form twice": ("forms: [team]", "forms: [team, §team]", "“team” is listed twice."),
    "two equal levels": ("[No, 1,", "[No, §No,", "Two levels read “No”."),
    "a leaders' item in a unit's form": (
        "forms: [leader, leader-core]",
        "forms: §[leader, leader-core, team]",
        "An item is for units or for leaders, not for both: give leaders a mirror of it.",
    ),
    "a reason without a mirror": (
        "        revision: 3",
        "        same_scale: §x",
        "“same_scale” belongs to an item that mirrors another.",
    ),
    "unlocking nothing": ("unlocks: [craft]", "unlocks: [§kraft]", "There is no other practice “kraft”."),
    "unlocking itself": ("unlocks: [craft]", "unlocks: [§trust]", "There is no other practice “trust”."),
    "unlocking twice": ("unlocks: [craft]", "unlocks: [craft, §craft]", "“craft” is listed twice."),
    "an advice twice": ("below: 20", "below: §50", "A second advice is for scores below 50."),
    "mirroring nothing": (
        LEADERS_MIRROR,
        "        mirrors: §T9\n        same_scale",
        "There is no item “T9” to mirror.",
    ),
    "mirroring itself": (
        LEADERS_MIRROR,
        "        mirrors: §L1\n        same_scale",
        "An item cannot mirror itself.",
    ),
    "mirroring a mirror": (
        LEADERS_MIRROR,
        "        mirrors: §T3\n        same_scale",
        "“T3” is itself a leaders' item or a mirror: name the unit's item.",
    ),
    "levels that differ without a reason": (
        "[Never, Rarely, Sometimes, Often, In all teams]\n        mirrors: T1\n        same_scale: Only the last word names the area.\n",
        "§[Never, Rarely, Sometimes, Often, In all teams]\n        mirrors: T1\n",
        "The levels differ from those of T1, which it mirrors: say in “same_scale” why they compare.",
    ),
    "a scored item of a unit that mirrors": (
        "        scored: false\n        mirrors: ",
        "        mirrors: §",
        "In a unit's form only an unscored item mirrors another.",
    ),
    "a mirror in no common form": (
        "forms: [team]\n        text: How often will they speak up next year?\n        levels: [Never, Rarely, Sometimes, Often, Always]\n        scored: false\n        mirrors: ",
        "forms: [pulse]\n        text: How often will they speak up next year?\n        levels: [Never, Rarely, Sometimes, Often, Always]\n        scored: false\n        mirrors: §",
        "No form asks both this item and T1.",
    ),
    "a mirror that does not count": (
        LEADERS_MIRROR,
        "        scored: false\n        mirrors: §T1\n        same_scale",
        "This item and T1, which it mirrors, must both be scored or both not.",
    ),
    "a mirror that the short form does not ask": (
        LEADERS_MIRROR,
        "        mirrors: §T2\n        same_scale",
        NOT_ASKED.format("T2"),
    ),
}


@pytest.mark.parametrize(("old", "new", "sentence"), SHAPE.values(), ids=SHAPE.keys())
def test_a_fault_of_shape_is_named_with_its_place(old: str, new: str, sentence: str) -> None:
    text, places = unmarked(edited(old, new))
    assert faults(text) == [f"{places[0]}: {sentence}"]


@pytest.mark.parametrize(("old", "new", "sentence"), RULES.values(), ids=RULES.keys())
def test_a_broken_rule_is_named_with_its_place(old: str, new: str, sentence: str) -> None:
    text, places = unmarked(edited(old, new))
    assert faults(text) == [f"{places[0]}: {sentence}"]


def test_a_second_practice_of_the_same_key_is_refused() -> None:
    text, places = unmarked(edited("key: craft", "key: §trust", edited("    unlocks: [craft]\n", "")))
    assert faults(text) == [f"{places[0]}: A second practice has the key “trust”."]


def test_a_leaders_item_mirrors_an_item_of_its_own_practice() -> None:
    text, places = unmarked(edited(LEADERS_MIRROR, LEADERS_MIRROR.replace("T1", "§C1")))
    assert faults(text) == [
        f"{places[0]}: “C1”, which it mirrors, belongs to another practice.",
        f"{places[0]}: {NOT_ASKED.format('C1')}",
    ]


def test_a_form_with_more_items_than_a_sheet_holds_is_refused() -> None:
    added = "".join(
        f"      - {{key: X{n}, forms: [team], text: x, levels: [a, b, c, d, e]}}\n" for n in range(398)
    )
    text, places = unmarked(edited("team: {title", "team: §{title") + added)
    assert faults(text) == [f"{places[0]}: The form “team” asks more than 400 items."]


def test_all_faults_are_reported_in_the_order_of_the_file() -> None:
    text = edited(
        "  - key: craft\n    title: Craft",
        "  - §key: craft\n    §titel: Craft",
        edited("version: 2", "version: §0"),
    )
    text, places = unmarked(edited("weight: 1.5", "weight: §x", text))
    assert faults(text) == [
        f"{places[0]}: The number must be at least 1.",
        f"{places[1]}: {NUMBER}",
        f"{places[2]}: The key “title” is missing here.",
        f"{places[3]}: The key “titel” is unknown here.",
    ]


def test_only_the_first_hundred_faults_are_shown() -> None:
    found = faults("".join(f"k{n}: 1\n" for n in range(1000)))
    assert len(found) == 101
    assert found[-1] == " 904 more faults are not shown."


def test_practices_may_unlock_each_other() -> None:
    text = edited("    title: Craft\n", "    title: Craft\n    unlocks: [trust]\n")
    assert read(text, "q.yaml").practice("craft").unlocks == ("trust",)


def test_a_mark_of_byte_order_and_windows_lines_change_nothing() -> None:
    assert read(b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode(), "q.yaml") == read(FULL, "q.yaml")


def test_a_file_of_the_same_version_may_differ_in_comments_and_layout_only() -> None:
    old = read(FULL, "old.yaml")
    assert compare_revisions(old, parse("# more\n" + FULL.replace("[Never, ", "[ 'Never', "), "q.yaml")) == []
    for before, after in (
        ("title: Craft", "title: §Kraft"),
        ("[No, 1,", "[No, §3,"),
        (
            "- key: trust\n    title: Trust\n    definition: People speak up.\n",
            "- §key: trust\n    title: Trust\n",
        ),
        ("below: 20, ", "below: §25, "),
        ("pulse: {}", "pulse: {title: §P}"),
        ("  unit: Answer for your own work.\n  leader: A", "  §leader: A"),
    ):
        text, places = unmarked(edited(before, after))
        assert [str(one) for one in compare_revisions(old, parse(text, "q.yaml"))] == [
            f"q.yaml:{places[0]}: This differs from the copy of climate@2 that is in use: give the file a new version."
        ]


def test_another_version_may_change_an_item_only_with_its_revision() -> None:
    old = read(FULL, "old.yaml")
    new = edited("version: 2", "version: 3")
    assert compare_revisions(old, parse(edited("title: Craft", "title: Kraft", new), "q.yaml")) == []
    new = edited(
        "text: How often are they heard?", "text: §Are they heard?", edited("[No, 1,", "§[No, 3,", new)
    )
    text, places = unmarked(new)
    assert [str(one) for one in compare_revisions(old, parse(text, "q.yaml"))] == [
        f"q.yaml:{places[0]}: T2 reads otherwise in climate@2: raise its revision above 3.",
        f"q.yaml:{places[1]}: C1 reads otherwise in climate@2: raise its revision above 1.",
    ]
    raised = edited("key: C1", "revision: 2, key: C1", edited("revision: 3", "revision: 4", text))
    assert compare_revisions(old, parse(raised, "q.yaml")) == []


def test_questionnaires_with_different_keys_are_not_compared() -> None:
    other: Questionnaire = read((FILES / "smallest.yaml").read_bytes(), "smallest.yaml")
    assert compare_revisions(other, parse(FULL, "q.yaml")) == []


def read_or_refused(source: bytes | str) -> None:
    try:
        read(source, "q.yaml")
    except Refused as refusal:
        message = str(refusal)
    else:
        return
    assert message.startswith("q.yaml:")


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(FULL)), st.integers(0, 40))
def test_a_mutilated_file_is_read_or_refused(junk: bytes, at: int, cut: int) -> None:
    source = FULL.encode()
    read_or_refused(source[:at] + junk + source[at + cut :])


LINES = FULL.splitlines()


@settings(deadline=None)
@given(st.integers(0, len(LINES) - 1), st.integers(0, len(LINES) - 1), st.integers(-4, 4))
def test_a_file_with_moved_lines_is_read_or_refused(line: int, to: int, indent: int) -> None:
    lines = list(LINES)
    moved = lines.pop(line)
    lines.insert(to, " " * indent + moved if indent >= 0 else moved[-indent:])
    read_or_refused("\n".join(lines))


JUNK = st.recursive(
    st.text(max_size=5) | st.sampled_from(["1", "true", "team", "T1", "trust", "leader", "unit"]),
    lambda below: (
        st.lists(below, max_size=5) | st.dictionaries(st.sampled_from(["key", "from", "a", "below"]), below)
    ),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.data())
def test_any_value_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    spot = tree = yaml.load(FULL, Loader=yaml.CBaseLoader)  # noqa: S506 - this loader makes nothing but texts
    while True:
        key = data.draw(st.sampled_from(list(spot) if isinstance(spot, dict) else list(range(len(spot)))))
        if not isinstance(spot[key], dict | list) or not spot[key] or data.draw(st.integers(0, 3)) == 0:
            spot[key] = data.draw(JUNK)
            break
        spot = spot[key]
    read_or_refused(json.dumps(tree))  # JSON is YAML, with every text in quotes
