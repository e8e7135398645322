from pathlib import Path

import pytest

from webapp.domain.questionnaire import Questionnaire
from webapp.domain.questionnaire_file import read
from webapp.domain.questionnaire_forms import Form, FormEntry
from webapp.domain.refusal import Refused

FILES = Path(__file__).parent / "questionnaires"


@pytest.fixture(scope="module")
def full() -> Questionnaire:
    return read((FILES / "full.yaml").read_bytes(), "full.yaml")


@pytest.fixture(scope="module")
def smallest() -> Questionnaire:
    return read((FILES / "smallest.yaml").read_bytes(), "smallest.yaml")


def test_the_smallest_file_gets_every_default(smallest: Questionnaire) -> None:
    assert smallest.identity == "leadership@1"
    assert smallest.language == "en"
    assert smallest.forms == {"team": Form("team", "Team", "unit")}
    assert [band.start for band in smallest.bands] == [0, 20, 40, 60, 80]
    assert [band.name for band in smallest.bands] == ["Talk", "Try", "Ship", "Spread", "Sustain"]
    assert [band.practice_name for band in smallest.bands] == [
        "Not yet",
        "First signs",
        "In part",
        "Mostly",
        "Everyday",
    ]
    practice = smallest.practice("leadership")
    assert (practice.weight, practice.measurement, practice.referent) == (1.0, "mixed", "self")
    item = smallest.item("AF06")
    assert (item.revision, item.scored, item.opt_out, item.opt_out_kind) == (
        1,
        True,
        "I don't know",
        "unknown",
    )
    assert item.identity == ("AF06", 1)
    assert smallest.default_form.name == "team"
    assert smallest.mirror_of("team") is None
    assert smallest.mirrored("team") == ()
    assert smallest.instructions_for("team") == ""
    assert practice.advice_for(0) is None
    assert smallest.bar(practice, 50) == ""


def test_text_is_taken_as_it_is_written(full: Questionnaire) -> None:
    assert full.item("C1").levels == ("No", "1", "2", "12:30", "~")
    assert full.terms[0].meaning == "The people you work with.\n\nTwo paragraphs are fine."


def test_a_source_is_a_mapping_or_only_a_place(full: Questionnaire) -> None:
    trust = full.practice("trust")
    assert full.source is not None
    assert trust.source is not None
    assert (full.source.place, full.source.paragraph) == ("A made-up questionnaire", None)
    assert (trust.source.paragraph, trust.source.quote, trust.source.basis) == (35, "speak up", "advice")
    assert trust.advice[0].source is not None
    assert trust.advice[0].source.place == "Our own"


def test_forms_know_their_audience_title_and_mirror(full: Questionnaire) -> None:
    assert list(full.forms) == ["team", "team-core", "leader", "leader-core", "pulse"]
    assert full.forms["team-core"] == Form("team-core", "Team core", "unit", "leader-core", default=True)
    assert full.forms["leader"].audience == "leader"
    assert full.default_form.name == "team-core"
    assert full.mirror_of("team") == full.forms["leader"]
    assert full.mirror_of("pulse") is None


def test_a_team_form_finds_the_leader_form_of_the_same_name_by_itself(smallest: Questionnaire) -> None:
    item = smallest.item("AF06")
    asked = [
        item.model_copy(update={"key": form, "forms": (form,)})
        for form in ("leader-core", "team-core", "team")
    ]
    practice = smallest.practices[0].model_copy(update={"items": tuple(asked)})
    made = smallest.model_copy(update={"practices": (practice,)})
    assert made.mirror_of("team-core") == made.forms["leader-core"]
    assert made.mirror_of("team") is None
    assert made.default_form.name == "team-core"


def test_items_stand_in_the_order_of_the_practices(full: Questionnaire) -> None:
    assert [item.key for item in full.items("team")] == ["T1", "T2", "T3", "C1"]
    assert [item.key for item in full.items("leader-core")] == ["L1"]
    assert [practice.key for practice in full.practices_of("team")] == ["trust", "craft"]
    assert [practice.key for practice in full.practices_of("team-core")] == ["trust"]
    assert full.practice_of("C1").key == "craft"


def test_variables_are_practices_and_then_unscored_items(full: Questionnaire) -> None:
    found = [(one.key, one.columns, one.scored, one.practice.key) for one in full.variables("team")]
    assert found == [
        ("trust", (0, 1), True, "trust"),
        ("craft", (3,), True, "craft"),
        ("T3", (2,), False, "trust"),
    ]
    assert [one.key for one in full.variables("pulse")] == ["craft"]
    assert [item.key for item in full.variables("team")[0].items] == ["T1", "T2"]


def test_mirrored_items_pair_with_those_of_the_leaders(full: Questionnaire) -> None:
    assert [(one.key, other.key) for one, other in full.mirrored("team")] == [("T1", "L1")]
    assert full.mirrored("pulse") == ()


def test_a_pulse_has_no_bands_unless_the_file_says_so(full: Questionnaire) -> None:
    assert [name for name, form in full.forms.items() if not form.banded] == ["pulse"]
    assert full.told_of("team") is full
    told = full.told_of("pulse")
    starts = [band.start for band in full.bands]
    assert [band.start for band in told.bands] == starts
    ends = [*(start - 1 for start in starts[1:]), 100]
    assert [band.name for band in told.bands] == [
        f"{one}–{end}" for one, end in zip(starts, ends, strict=True)
    ]
    assert not any(band.named or band.gloss for band in told.bands)
    assert not any(told.bar(practice, 50) for practice in told.practices)
    stated = {**full.stated_forms, "pulse": FormEntry(banded=True), "team": FormEntry(banded=False)}
    other = full.model_copy(update={"stated_forms": stated})
    assert [name for name, form in other.forms.items() if not form.banded] == ["team"]


def test_an_unknown_form_is_refused(full: Questionnaire) -> None:
    for ask in (
        full.form,
        full.items,
        full.variables,
        full.practices_of,
        full.mirror_of,
        full.instructions_for,
    ):
        with pytest.raises(Refused, match=r"^The questionnaire climate@2 has no form nine\.$"):
            ask("nine")


def test_instructions_are_for_a_form_or_for_its_audience(full: Questionnaire) -> None:
    assert full.instructions_for("leader-core") == "Three questions only."
    assert full.instructions_for("leader") == "Answer for your area."
    assert full.instructions_for("pulse") == "Answer for your own work."


@pytest.mark.parametrize(
    ("score", "below"), [(0, 20), (19, 20), (19.9, 20), (20, 50), (49, 50), (50, None), (100, None)]
)
def test_advice_is_the_one_with_the_smallest_bound_above_the_score(
    full: Questionnaire, score: float, below: int | None
) -> None:
    advice = full.practice("trust").advice_for(score)
    assert (advice.below if advice else None) == below


@pytest.mark.parametrize(
    ("score", "name", "bar"),
    [
        (0, "Low", "None at all"),
        (9, "Low", "None at all"),
        (10, "Lower", "A little"),
        (74, "Middle", "Some"),
        (100, "Top", "All"),
    ],
)
def test_a_score_has_a_band_and_a_sentence(full: Questionnaire, score: int, name: str, bar: str) -> None:
    assert full.band(score).name == name
    assert full.bar(full.practice("trust"), score) == bar


def test_a_questionnaire_never_changes_and_may_be_a_key(full: Questionnaire) -> None:
    with pytest.raises(ValueError, match="frozen"):
        full.title = "Other"  # type: ignore[misc]
    again = read((FILES / "full.yaml").read_bytes(), "elsewhere.yaml")
    assert again == full
    assert hash(again) == hash(full)
    assert {full: 1}[again] == 1


def test_a_copy_derives_its_own_views(full: Questionnaire) -> None:
    assert len(full.items("team")) == 4
    copied = full.model_copy(update={"practices": full.practices[1:]})
    assert [item.key for item in copied.items("team")] == ["C1"]
    assert len(full.items("team")) == 4
