"""What the questionnaire that comes with Groundswell asks, held against the talk and the rules for good items."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pyphen
import pytest
import yaml

from webapp.domain.questionnaire import Item, Practice, Questionnaire, Source
from webapp.domain.questionnaire_file import read

FOLDER = Path(__file__).parents[1] / "questionnaires"
FILE = FOLDER / "ai-adoption-1.yaml"
AI_ADOPTION = read(FILE.read_bytes(), FILE.name)

PRACTICES = {practice.key: practice for practice in AI_ADOPTION.practices}
ITEMS = {item.key: item for practice in AI_ADOPTION.practices for item in practice.items}
BELIEF = "P6.B1"
LEADERS = {key: item for key, item in ITEMS.items() if "leader" in item.forms}
TEAMS = {key: item for key, item in ITEMS.items() if "team" in item.forms and item.scored}
PULSE = {key: item for key, item in ITEMS.items() if item.forms == ("pulse",)}

every_item = pytest.mark.parametrize("item", ITEMS.values(), ids=list(ITEMS))
every_practice = pytest.mark.parametrize("practice", PRACTICES.values(), ids=list(PRACTICES))


@pytest.fixture(scope="module")
def talk(shared: Path) -> list[str]:
    """The lines of the talk; paragraph n of a source is line n, counted from 1."""
    return (shared / "talk.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def proposal(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "data" / "items-proposal.json").read_text(encoding="utf-8"))


# --- what is asked of whom ---------------------------------------------------------------------------------


def test_nine_practices_36_team_items_18_leader_items_six_pulse_items_and_one_belief() -> None:
    assert len(PRACTICES) == 9
    assert (len(TEAMS), len(LEADERS), len(PULSE)) == (36, 18, 6)
    assert sum("team-core" in item.forms for item in TEAMS.values()) == 18
    assert sum("leader-core" in item.forms for item in LEADERS.values()) == 9
    assert [key for key, item in ITEMS.items() if not item.scored] == [BELIEF]
    assert len(ITEMS) == 36 + 18 + 6 + 1


def test_the_forms_are_asked_in_the_expected_lengths_and_name_their_mirrors() -> None:
    lengths = {name: len(AI_ADOPTION.items(name)) for name in AI_ADOPTION.forms}
    assert lengths == {"team": 37, "team-core": 19, "leader": 18, "leader-core": 9, "pulse": 6}
    mirrors = {name: form.mirror for name, form in AI_ADOPTION.forms.items()}
    assert mirrors == {
        "team": "leader",
        "team-core": "leader-core",
        "leader": None,
        "leader-core": None,
        "pulse": None,
    }
    assert AI_ADOPTION.default_form.name == "team-core"


def test_every_form_has_a_title_and_instructions() -> None:
    for name, form in AI_ADOPTION.forms.items():
        assert form.title
        assert AI_ADOPTION.instructions_for(name)


@every_practice
def test_a_practice_has_four_team_items_two_of_them_core_and_a_leader_item_for_each_core_item(
    practice: Practice,
) -> None:
    team = [item for item in practice.items if item.key in TEAMS]
    core = {item.key for item in team if "team-core" in item.forms}
    leader = [item for item in practice.items if item.key in LEADERS]
    assert (len(team), len(core), len(leader)) == (4, 2, 2)
    assert {item.mirrors for item in leader} == core
    assert sum("leader-core" in item.forms for item in leader) == 1


def test_items_that_mirror_another_have_its_levels() -> None:
    mirrors = [item for item in ITEMS.values() if item.mirrors]
    assert len(mirrors) == 19
    for item in mirrors:
        assert item.levels == ITEMS[item.mirrors].levels, item.key
        assert not item.same_scale


def test_the_belief_item_stands_beside_the_use_that_it_is_compared_with_on_the_same_counts() -> None:
    belief = ITEMS[BELIEF]
    assert belief.text == "A year from now, how many of your own tasks will you do in a new way with AI?"
    assert (belief.mirrors, belief.scored, belief.forms) == ("P6.T5", False, ("team", "team-core"))
    keys = [item.key for item in AI_ADOPTION.items("team-core")]
    assert keys.index(BELIEF) == keys.index("P6.T5") + 1


def test_no_pulse_item_has_the_wording_of_a_team_item() -> None:
    assert not {item.text for item in PULSE.values()} & {item.text for item in TEAMS.values()}
    assert len({item.text for item in ITEMS.values()}) == len(ITEMS)


def test_keys_forms_mirrors_and_kinds_of_opt_out_are_those_of_the_design(proposal: dict[str, Any]) -> None:
    designed = [item for practice in proposal["practices"] for item in practice["items"]] + proposal["pulse"]
    assert {item["id"] for item in designed} == set(ITEMS) - {BELIEF}
    for one in designed:
        item = ITEMS[one["id"]]
        assert list(item.forms) == one["forms"], item.key
        assert item.mirrors == one["mirrors"], item.key
        assert item.opt_out_kind == one["opt_out_kind"], item.key
    for one in proposal["pulse"]:
        assert AI_ADOPTION.practice_of(one["id"]).key == one["practice"]


def test_practices_measure_speak_of_and_unlock_what_the_design_says(proposal: dict[str, Any]) -> None:
    for one in proposal["practices"]:
        practice = PRACTICES[one["key"]]
        assert practice.title == one["name"]
        assert practice.measurement == one["measurement"]["model"], practice.key
        assert practice.referent == one["measurement"]["referent"], practice.key
        assert list(practice.unlocks) == one["unlocks"], practice.key
        needs = [key for key, other in PRACTICES.items() if practice.key in other.unlocks]
        assert set(needs) == set(one["needs"]), practice.key


# --- how it is asked ----------------------------------------------------------------------------------------

NAMED_TIME = re.compile(
    r"\b(last 3 months|past year|so far|today|now|last discuss|last time|your team's last|the last)\b",
    re.IGNORECASE,
)
# A negation that turns the question round; the clauses below only say who or what is meant.
TURNED = re.compile(
    r"\b(not|no|never|none|cannot|without|unable|hardly|rarely|seldom|less|fewer|lack\w*|avoid\w*|prevent\w*)\b|n't\b",
    re.IGNORECASE,
)
HARMLESS = {
    "P1.T4": "with no wait for people",
    "P7.T5": "who are not AI experts",
    "P7.L4": "who are not AI experts",
}
ABSENT = re.compile(r"^(no|none|never|not|nothing|nowhere|no one)\b", re.IGNORECASE)
# Pairs of letters that are two sounds in these words; the rest of the count errs on the side of too many.
TWO_SOUNDS = {"anyone": 3, "area": 3, "idea": 3, "ideas": 3, "hour": 2, "hours": 2}


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9][A-Za-z0-9'’]*", text)


@cache
def hyphenation() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


def syllables(word: str) -> int:
    """Hyphenation points or groups of vowels, whichever is more: hyphenation alone misses “a-way”.

    Compared once with the CMU Pronouncing Dictionary: no word of this file gets fewer syllables than there.
    """
    if word.isupper() and len(word) <= 3:
        return len(word)  # AI is spelled out
    word = word.lower()
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith("le"):
        groups -= 1
    return TWO_SOUNDS.get(word) or max(groups, len(hyphenation().positions(word)) + 1, 1)


def grade(text: str) -> float:
    """Flesch-Kincaid grade: .39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid et al., 1975)."""
    counted = words(text)
    sentences = max(len(re.findall(r"[.!?](?:\s|$)", text)), 1)
    return 0.39 * len(counted) / sentences + 11.8 * sum(map(syllables, counted)) / len(counted) - 15.59


def test_the_grade_agrees_with_a_text_whose_grade_is_known() -> None:
    gettysburg = (
        "Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived "
        "in liberty, and dedicated to the proposition that all men are created equal."
    )
    # 30 words in one sentence, 49 syllables in the CMU Pronouncing Dictionary.
    assert grade(gettysburg) == pytest.approx(0.39 * 30 + 11.8 * 49 / 30 - 15.59, abs=0.5)


@every_item
def test_an_item_reads_at_grade_8_or_below(item: Item) -> None:
    assert grade(item.text) <= 8


@every_item
def test_the_levels_of_an_item_read_at_grade_8_or_below(item: Item) -> None:
    assert grade(" ".join(level.rstrip(".") + "." for level in item.levels)) <= 8


@every_item
def test_a_level_has_at_most_16_words_and_differs_from_the_others(item: Item) -> None:
    assert max(len(words(level)) for level in item.levels) <= 16
    assert len({level.casefold() for level in item.levels}) == 5
    assert item.opt_out not in item.levels


@every_item
def test_an_item_names_its_time_frame(item: Item) -> None:
    if item.key in PULSE:
        assert "last two weeks" in item.text
    elif item.key == BELIEF:
        assert item.text.startswith("A year from now")
    else:
        assert NAMED_TIME.search(item.text), item.text
        assert "two weeks" not in item.text


def test_the_instructions_say_what_last_means() -> None:
    for form in ("team", "team-core", "leader", "leader-core"):
        assert "'Last' means the last one in the past year." in AI_ADOPTION.instructions_for(form)


@every_item
def test_an_item_asks_one_thing(item: Item) -> None:
    assert item.text.count("?") == 1
    assert " and/or " not in item.text
    assert not re.search(r"\b(agree|feel|think that|believe|satisfied|confident|should)\b", item.text)


@every_item
def test_no_item_is_reverse_worded(item: Item) -> None:
    assert not TURNED.search(item.text.replace(HARMLESS.get(item.key, "\0"), ""))
    for level in item.levels[2:]:
        assert not ABSENT.match(level), level


def test_the_short_form_takes_about_five_minutes() -> None:
    asked = AI_ADOPTION.items("team-core")
    read_words = sum(len(words(" ".join([item.text, *item.levels, item.opt_out]))) for item in asked)
    # 238 words a minute of silent reading (Brysbaert, 2019), and five seconds to choose each answer.
    assert read_words / 238 + len(asked) * 5 / 60 <= 6


# --- where it comes from ------------------------------------------------------------------------------------


def sources() -> list[tuple[str, Source | None]]:
    found: list[tuple[str, Source | None]] = []
    for key, practice in PRACTICES.items():
        found += [(key, practice.source)]
        found += [(item.key, item.source) for item in practice.items]
        found += [(f"{key}, below {advice.below}", advice.source) for advice in practice.advice]
    return found


@pytest.mark.parametrize(("where", "source"), sources(), ids=[where for where, _ in sources()])
def test_every_practice_item_and_advice_quotes_its_passage(
    where: str, source: Source | None, talk: list[str]
) -> None:
    assert source is not None, where
    assert source.paragraph is not None
    assert len(source.quote.split()) >= 4, source.quote
    assert source.quote in talk[source.paragraph - 1]
    answers_from = talk.index("Q&A") + 1
    assert source.place == ("questions and answers" if source.paragraph > answers_from else "prepared talk")
    assert source.basis in {"advice", "observation", "operational"}


def asked_by(piece: dict[str, Any]) -> list[Practice]:
    """The practices that ask for a piece of the talk's advice, or give it as their own advice."""
    found = []
    for name in re.split(r"[,;]\s*", piece["asked_by"]):
        if given := re.fullmatch(r"advice P(\d)<(\d+)", name):
            practice = AI_ADOPTION.practices[int(given[1]) - 1]
            assert int(given[2]) in {advice.below for advice in practice.advice}
            found.append(practice)
        elif not name.startswith("register"):
            found.append(AI_ADOPTION.practice_of(name))
    return found


def test_every_piece_of_the_talks_advice_has_a_practice_that_cites_its_passage(
    proposal: dict[str, Any],
) -> None:
    assert len(proposal["coverage"]) == 39
    for piece in proposal["coverage"]:
        practices = asked_by(piece)
        assert practices, piece["piece"]
        cited = {
            source.paragraph
            for practice in practices
            for source in (
                practice.source,
                *(item.source for item in practice.items),
                *(advice.source for advice in practice.advice),
            )
            if source
        }
        assert piece["paragraph"] in cited, piece


# --- what people are told ------------------------------------------------------------------------------------


@every_practice
def test_a_practice_says_what_it_is_asks_one_question_and_has_a_sentence_for_each_band(
    practice: Practice,
) -> None:
    assert practice.definition.endswith(".")
    assert practice.help.count("?") == 1
    assert practice.weight == 1
    assert len(practice.bars) == 5
    assert all(bar.endswith(".") for bar in practice.bars)
    # A low mean does not prove that a thing never happened.
    assert not ABSENT.match(practice.bars[0])


@every_practice
def test_a_practice_advises_for_every_band_below_80(practice: Practice) -> None:
    assert [advice.below for advice in practice.advice] == [20, 40, 60, 80]
    for advice in practice.advice:
        assert advice.do
        assert advice.first_step
        assert advice.why
        assert advice.talk_first.endswith("?")
        for text in (advice.do, advice.first_step, advice.why):
            assert grade(text) <= 12, text
    together = " ".join(f"{one.do} {one.first_step} {one.why}" for one in practice.advice)
    assert grade(together) <= 8


def test_the_seven_basics_are_on_the_page_that_asks_for_them() -> None:
    asking = [item for item in ITEMS.values() if "seven AI basics" in item.text]
    assert {AI_ADOPTION.practice_of(item.key).key for item in asking} == {"solidify"}
    assert all("seven AI basics on this page" in item.text for item in asking)
    meaning = next(term.meaning for term in AI_ADOPTION.terms if term.term == "Seven AI basics")
    basics = meaning.splitlines()
    assert [basic[:2] for basic in basics] == [f"{number}." for number in range(1, 8)]
    assert PRACTICES["solidify"].help.splitlines()[1:] == basics


def test_ai_is_defined_first() -> None:
    assert AI_ADOPTION.terms[0].term == "AI"


def test_bands_are_named_as_designed() -> None:
    assert [(band.start, band.name, band.practice_name) for band in AI_ADOPTION.bands] == [
        (0, "Talk", "Not yet"),
        (20, "Try", "First signs"),
        (40, "Ship", "In part"),
        (60, "Spread", "Mostly"),
        (80, "Sustain", "Everyday"),
    ]


# --- the file ------------------------------------------------------------------------------------------------


def test_the_file_is_version_1_and_fits_the_schema_beside_it() -> None:
    assert isinstance(AI_ADOPTION, Questionnaire)
    assert AI_ADOPTION.identity == "ai-adoption@1"
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(yaml.safe_load(FILE.read_bytes()), schema)


def test_other_readers_of_yaml_read_the_same_texts() -> None:
    plain = yaml.safe_load(FILE.read_bytes())
    for practice, written in zip(AI_ADOPTION.practices, plain["practices"], strict=True):
        assert list(practice.bars) == written["bars"]
        for item, row in zip(practice.items, written["items"], strict=True):
            assert (item.text, list(item.levels), item.opt_out) == (
                row["text"],
                row["levels"],
                row["opt_out"],
            )


def test_the_file_is_easy_to_edit() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 120
    assert text.startswith("# ")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    top = Counter(line.split(":")[0] for line in text.splitlines() if re.match(r"[a-z]", line))
    assert set(top.values()) == {1}
