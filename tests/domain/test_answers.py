from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain import answers
from webapp.domain.questionnaire_file import read
from webapp.domain.refusal import Refused, RefusedMany

FILES = Path(__file__).parent / "questionnaires"
ITEMS = read((FILES / "full.yaml").read_bytes(), "full.yaml").items("team")
KEYS = [item.key for item in ITEMS]
PACKED = st.text(alphabet="12345?-", min_size=4, max_size=4)


def test_a_sheet_becomes_a_character_an_item_in_the_order_of_the_form() -> None:
    assert answers.check(ITEMS, {"C1": "5", "T1": "1", "T3": "?"}) == "1-?5"
    assert answers.check(ITEMS, {"C1": "", "T1": "-", "T2": "3"}) == "-3--"
    assert answers.check(ITEMS, {}) == "----"


@pytest.mark.parametrize(
    "answer",
    ["6", "0", "11", "1 ", " ", "\x00", "1\x00", "١", "²", "x", "??", 3, 3.0, True, None, ["1"], b"1", {}],
)
def test_whatever_is_no_answer_is_refused_with_its_item(answer: object) -> None:
    with pytest.raises(RefusedMany) as refused:
        answers.check(ITEMS, {"T1": answer, "T2": "2"})
    assert [str(one) for one in refused.value.refusals] == [
        "T1: Choose one of the five answers, or “I can't tell”."
    ]
    assert refused.value.refusals[0].place == "T1"


def test_an_item_that_the_form_does_not_ask_is_refused() -> None:
    with pytest.raises(RefusedMany) as refused:
        answers.check(ITEMS, {"L1": "2", "T1\x00" + "x" * 100: "1", "T1": "9"})
    assert [one.place for one in refused.value.refusals] == [
        "L1",
        "T1\N{REPLACEMENT CHARACTER}" + "x" * 61,
        "T1",
    ]
    assert str(refused.value.refusals[0]) == "L1: This form does not ask “L1”."


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(KEYS) | st.text(), st.text() | st.none() | st.integers() | st.sampled_from("12345?-")
    )
)
def test_check_refuses_or_packs(submitted: dict[str, object]) -> None:
    try:
        packed = answers.check(ITEMS, submitted)
    except Refused:
        return
    assert len(packed) == len(ITEMS)
    assert set(packed) <= set("12345?-")


@settings(deadline=None)
@given(PACKED)
def test_unpacking_turns_packing_around(packed: str) -> None:
    unpacked = answers.unpack(ITEMS, packed)
    assert "-" not in unpacked.values()
    assert answers.pack(ITEMS, unpacked) == packed
    assert answers.check(ITEMS, dict(unpacked)) == packed


def test_unpacking_refuses_another_length() -> None:
    with pytest.raises(Refused, match=r"^Stored answers 0 have 3 characters instead of 4\.$"):
        answers.unpack(ITEMS, "123")


@settings(deadline=None)
@given(st.lists(PACKED))
def test_levels_and_opt_outs_are_read_cell_by_cell(rows: list[str]) -> None:
    levels, opt_outs = answers.to_levels(rows, 4), answers.to_opt_outs(rows, 4)
    assert levels.shape == opt_outs.shape == (len(rows), 4)
    assert (levels.dtype, opt_outs.dtype) == (np.uint8, np.bool_)
    assert levels.tolist() == [
        ["-12345".replace("-", "0").find(one) if one in "12345" else 0 for one in row] for row in rows
    ]
    assert opt_outs.tolist() == [[one == "?" for one in row] for row in rows]
    piece = answers.join(iter(rows), 4)
    assert (answers.to_levels(piece, 4) == levels).all()
    assert (answers.to_opt_outs(piece, 4) == opt_outs).all()


def test_damaged_rows_are_named() -> None:
    with pytest.raises(Refused, match=r"^Stored answers 1 have 3 characters instead of 4\.$"):
        answers.to_levels(["1234", "123", "12345"], 4)
    with pytest.raises(Refused, match=r"^Stored answers 2 are damaged\.$"):
        answers.to_levels(["1234", "12?-", "1 34", "6666"], 4)
    with pytest.raises(Refused, match=r"^Stored answers 1 are damaged\.$"):
        answers.to_levels(["1234", "12é4"], 4)
    with pytest.raises(Refused, match=r"^Stored answers 1 are damaged\.$"):
        answers.to_opt_outs(b"123412", 4)
    with pytest.raises(Refused, match=r"^Stored answers 0 are damaged\.$"):
        answers.to_levels(b"\x00\xff12", 4)


def test_a_million_answers_are_a_matter_of_moments() -> None:
    levels = answers.to_levels(["12345?-12345?-12345?-12345?-12345?-1"] * 1_000_000, 36)
    assert levels.shape == (1_000_000, 36)
    assert levels[-1, :7].tolist() == [1, 2, 3, 4, 5, 0, 0]
