"""A publication as text and back; the same answers give the same text."""

import json

import numpy as np
import pytest

from tests.fixtures.small_waves import SmallWave, answered, asked, led_wave, small, text_of
from webapp.domain import publication_json
from webapp.domain.measures import Answers


def test_a_publication_survives_being_written_and_read() -> None:
    wave = led_wave()
    full = wave.changed(
        questionnaire=asked({"p": 1}, unscored=["p"]),
        responses=answered(wave.tree, {"A": ["35"] * 6, "B": ["2?"] * 6, "C": ["44"] * 2}, 2),
    )
    big = small(
        {"p": 2, "q": 2},
        {"X": {"A": 20, "B": 20, "C": 3}, "D": 15},
        {"A": ["1234", "5?21"] * 8, "B": ["3333"] * 18, "C": ["11-1"] * 2, "D": ["5555"] * 15},
    )
    for found in (
        small({"p": 1}, {"A": 7}, {"A": ["3"] * 6}).publication(),
        full.publication(),
        led_wave().publication(),
        big.publication(),
    ):
        header = publication_json.dump(publication_json.header(found))
        rows = [publication_json.dump(publication_json.row(one)) for one in found.units]
        read = publication_json.load(json.loads(header), [json.loads(row) for row in rows])
        assert read == found
        assert publication_json.dump(publication_json.header(read)) == header
        assert len(publication_json.digest(header, rows)) == 64
        assert publication_json.digest(header, rows[:-1]) != publication_json.digest(header, rows)


def uneven_wave() -> SmallWave:
    """Answers with holes, so that sums are no whole numbers."""
    random = np.random.default_rng(5)
    letters = np.array(list("12345?-"))
    parts = {"X": {"A": 21, "B": 17, "C": 3}, "Y": {"D": 12, "E": 30}}
    sizes = {"A": 19, "B": 13, "C": 2, "D": 12, "E": 23}
    rows = {
        name: ["".join(random.choice(letters, 7, p=[0.15] * 5 + [0.15, 0.1])) for _ in range(people)]
        for name, people in sizes.items()
    }
    return small({"p": 3, "q": 3, "r": 1}, parts, rows)


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_responses_does_not_matter(seed: int) -> None:
    wave = uneven_wave()
    order = np.random.default_rng(seed).permutation(len(wave.responses.places))
    shuffled = Answers(*(part[order] for part in wave.responses))
    assert text_of(wave.changed(responses=shuffled).publication()) == text_of(wave.publication())
