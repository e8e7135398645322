"""A real survey of 2,042 people in 49 companies, against values of R's packages multilevel and psych."""

import csv
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from webapp.domain import agreement, intervals, scoring, spread

ITEMS = {
    "LEAD01..LEAD11": [f"LEAD{number:02}" for number in range(1, 12)],
    "TSIG01..TSIG03": [f"TSIG{number:02}" for number in range(1, 4)],
}
NEAR = {"rel": 0, "abs": 5e-7}


class Survey(NamedTuple):
    scores: np.ndarray
    groups: np.ndarray
    companies: list[int]
    reference: dict
    by_company: list[dict]


@pytest.fixture(scope="module", params=list(ITEMS))
def survey(request: pytest.FixtureRequest, shared: Path) -> Survey:
    with (shared / "data" / "lq2002.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    reference = json.loads((shared / "data" / "lq2002-reference.json").read_text(encoding="utf-8"))
    levels = np.array([[float(row[item]) for item in ITEMS[request.param]] for row in rows]).astype(np.uint8)
    companies, groups = np.unique([int(row["COMPID"]) for row in rows], return_inverse=True)
    return Survey(
        scoring.item_scores(levels),
        groups,
        companies.tolist(),
        reference["scales"][request.param],
        reference["groups"][request.param],
    )


def people(survey: Survey) -> np.ndarray:
    return scoring.person_scores(survey.scores, scoring.difficulty(survey.scores))


def test_sizes(survey: Survey) -> None:
    assert len(survey.scores) == survey.reference["n"] == 2042
    assert len(survey.companies) == survey.reference["groups"] == 49
    assert survey.companies == [row["group"] for row in survey.by_company]


def test_means_and_spreads_of_companies(survey: Survey) -> None:
    sums = scoring.group_sums(people(survey), survey.groups, 49)
    for row, n, mean, ss in zip(survey.by_company, sums.n, sums.mean, sums.ss, strict=True):
        assert n == row["n"]
        assert mean / 25 + 1 == pytest.approx(row["mean"], **NEAR)
        assert np.sqrt(ss / (n - 1)) / 25 == pytest.approx(row["sd"], **NEAR)


def test_alpha(survey: Survey) -> None:
    everybody = np.zeros(len(survey.groups), dtype=int)
    alpha = intervals.alpha_within(survey.scores, everybody)
    assert alpha == pytest.approx(survey.reference["cronbach_alpha"], **NEAR)
    within = intervals.alpha_within(survey.scores, survey.groups)
    assert 0.7 < within < alpha  # the companies' differences are no reliability of a person's score
    assert intervals.reliability(survey.scores, survey.groups, reflective=True) == min(0.80, round(within, 2))


def test_between_share(survey: Survey) -> None:
    sums = scoring.group_sums(people(survey), survey.groups, 49)
    exact = float(sums.ss.sum()) / float((sums.n - 1).sum())
    found = spread.silo(sums.n, sums.mean, exact)
    assert found is not None
    # the reference takes the mean size of a group where ANOVA's estimator takes n0
    size = 2042 / 49
    assert (found.F - 1) / (found.F - 1 + size) == pytest.approx(survey.reference["icc1"], **NEAR)
    assert pytest.approx(survey.reference["icc2"], **NEAR) == (found.F - 1) / found.F
    assert found.low < survey.reference["icc1"] < found.high
    rounded = spread.silo(sums.n, sums.mean, spread.within_variance(sums.ss, sums.n))
    assert rounded is not None
    assert rounded.silo == pytest.approx(found.silo, abs=0.005)


def test_average_deviations(survey: Survey) -> None:
    found = agreement.average_deviation(survey.scores, survey.groups, 49, corrected=False)
    assert found == pytest.approx([row["adm"] for row in survey.by_company], **NEAR)
    assert found.mean() == pytest.approx(survey.reference["ad_m_mean"], **NEAR)


def test_dispersion_is_a_plausible_constant(survey: Survey) -> None:
    sums = scoring.group_sums(people(survey), survey.groups, 49)
    assert 0.1 < intervals.published_phi(sums.n, sums.mean, sums.ss) < 0.3
