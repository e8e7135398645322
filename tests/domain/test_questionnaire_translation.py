from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.questionnaire_file import read
from webapp.domain.questionnaire_translation import missing, read_translation, translated
from webapp.domain.refusal import Refused, RefusedMany

FILES = Path(__file__).parent / "questionnaires"
FULL = read((FILES / "full.yaml").read_bytes(), "full.yaml")
SMALLEST = read((FILES / "smallest.yaml").read_bytes(), "smallest.yaml")
GERMAN = (FILES / "de.yaml").read_text(encoding="utf-8")


def test_texts_are_translated_and_nothing_else_changes() -> None:
    german = translated(FULL, read_translation(GERMAN, "de.yaml", FULL))
    assert (german.language, german.title) == ("de", "Klima")
    assert (german.terms[0].term, german.terms[0].meaning) == ("Mannschaft", "Die Leute.")
    assert german.instructions_for("team") == "Für die eigene Arbeit."
    assert german.instructions_for("leader") == FULL.instructions_for("leader")
    assert [band.name for band in german.bands] == ["Unten", "Lower", "Middle", "High", "Top"]
    assert {name: form.title for name, form in german.forms.items()} == {
        name: form.title for name, form in FULL.forms.items()
    } | {"team": "Das Ganze"}
    assert {name: (form.audience, form.mirror, form.default) for name, form in german.forms.items()} == {
        name: (form.audience, form.mirror, form.default) for name, form in FULL.forms.items()
    }
    assert german.practice("trust").title == "Vertrauen"
    assert german.practice("trust").definition == "People speak up."
    assert german.bar(german.practice("trust"), 100) == "Alles"
    assert [advice.do for advice in german.practice("trust").advice] == ["Listen.", "Anfangen."]
    assert german.item("T1").levels == ("Nie", "Selten", "Manchmal", "Oft", "Immer")
    assert german.item("T1").opt_out == "Weiß nicht"
    assert german.item("T2") == FULL.item("T2")
    for form in FULL.forms:
        assert [item.identity for item in german.items(form)] == [item.identity for item in FULL.items(form)]
        assert [one.columns for one in german.variables(form)] == [
            one.columns for one in FULL.variables(form)
        ]


def test_forms_that_no_file_states_can_have_a_title_in_another_language() -> None:
    translation = read_translation(
        "key: leadership\nversion: 1\nlanguage: de\nforms: {team: {title: Gruppe}}\n", "x", SMALLEST
    )
    assert translated(SMALLEST, translation).forms["team"].title == "Gruppe"


def test_what_a_translation_lacks_is_listed() -> None:
    lacks = missing(FULL, read_translation(GERMAN, "de.yaml", FULL))
    assert "instructions/leader" in lacks
    assert "bands/10/name" in lacks
    assert "bands/10/gloss" not in lacks
    assert "forms/pulse/title" in lacks
    assert "practices/trust/help" in lacks
    assert "practices/trust/advice/50/first_step" in lacks
    assert "practices/trust/advice" not in lacks
    assert "items/T2/text" in lacks
    assert "items/L1/same_scale" in lacks
    assert not [path for path in lacks if path.startswith(("items/T1/", "terms/", "title", "forms/team/"))]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("key: climate", "key: weather", "1:6: This must be that of the questionnaire, climate@2."),
        ("version: 2", "version: 3", "2:10: This must be that of the questionnaire, climate@2."),
        ("language: de", "language: D", "3:11: “D” is no code of a language, such as en or pt-BR."),
        ("  Team:", "  Teem:", "6:3: climate@2 has no “Teem” here."),
        ("  unit:", "  units:", "8:3: climate@2 has no “units” here."),
        ("  0:", "  5:", "10:3: climate@2 has no “5” here."),
        ("  0:", "  low:", "10:3: A whole number, without quotes, is expected here."),
        ("  team:", "  teem:", "12:3: climate@2 has no “teem” here."),
        ("  trust:", "  thrust:", "14:3: climate@2 has no “thrust” here."),
        ("      20:", "      30:", "18:7: climate@2 has no “30” here."),
        ("  T1:", "  T9:", "20:3: climate@2 has no “T9” here."),
        ("    text: W", "    weight: W", "21:5: The key “weight” is unknown here."),
        ("[Nie, ", "[", "22:13: Exactly 5 entries are expected here, not 4."),
    ],
)
def test_a_fault_of_a_translation_is_named_with_its_place(old: str, new: str, expected: str) -> None:
    assert old in GERMAN
    with pytest.raises(RefusedMany) as refused:
        read_translation(GERMAN.replace(old, new, 1), "de.yaml", FULL)
    assert str(refused.value) == f"de.yaml:{expected}"


@settings(deadline=None)
@given(st.binary(max_size=100), st.integers(0, len(GERMAN)), st.integers(0, 40))
def test_a_mutilated_translation_is_read_or_refused(junk: bytes, at: int, cut: int) -> None:
    source = GERMAN.encode()
    try:
        translated(FULL, read_translation(source[:at] + junk + source[at + cut :], "de.yaml", FULL))
    except Refused as refusal:
        message = str(refusal)
    else:
        return
    assert message.startswith("de.yaml:")
