"""The page of figures from outside, and its file: what is told, to whom, and nothing else."""

import csv
import io

import pytest
from flask import Flask

from tests.fixtures import organizations as made
from tests.fixtures.pages import CheckingClient, Page, words
from webapp.domain.csv_table import bare, safe
from webapp.evidence import commands, figures, queries
from webapp.extensions import db
from webapp.models import Organization

PATH = "/o/acme/evidence"
ROWS = (
    "unit,month,active,seats,active_days,spend,trained",
    "Platform,2025-01,4,12,4,180,5",
    "Mobile,2025-01,1,8,2,60,0",
    "Sales,2025-01,9,10,9,300,10",
    "Platform,2025-03,6,12,5,190,7",
    "Mobile,2025-03,2,8,2,60,6",
    "Sales,2025-03,9,10,9,300,9",
)


@pytest.fixture
def filled(app: Flask, organization: Organization, units: dict[str, int]) -> dict[str, int]:
    with app.app_context():
        commands.import_figures(
            organization=db.session.get_one(Organization, organization.id),
            data="\n".join(ROWS).encode(),
            file="figures.csv",
            currency="EUR",
            by=None,
        )
    return units


def table(page: Page) -> dict[str, list[str]]:
    """Cells of each row by the name at its head."""
    rows = [[words(cell) for cell in row] for row in page.all("table")[0].iter("tr")][1:]
    return {row[0]: row[1:] for row in rows}


@pytest.mark.usefixtures("units")
def test_before_the_first_figures_it_says_what_they_are_for(
    owner: CheckingClient, leader: CheckingClient
) -> None:
    text = owner.page(PATH).text()
    assert "Figures from outside say what happened" in text
    assert "A list to fill in" in text
    text = leader.page(PATH).text()
    assert "An owner adds them." in text
    assert "A list to fill in" not in text


@pytest.mark.usefixtures("filled")
def test_the_headline_is_a_finding_and_says_whom_it_is_about(owner: CheckingClient) -> None:
    text = owner.page(PATH).text()
    assert "About 55 % of the people used AI tools in a week of March 2025" in text
    assert "In January 2025 it was 45 %." in text
    assert "There are figures of units with 30 of 36 people." in text


@pytest.mark.usefixtures("filled")
def test_a_row_a_unit_a_column_a_month_the_newest_first(owner: CheckingClient) -> None:
    page = owner.page(PATH)
    heads = [words(one) for one in page.all("table")[0].iter("th")][:3]
    assert heads == ["Unit", "Mar 2025", "Jan 2025"]
    assert table(page) == {
        "Acme 30 of 36 people": ["55 %", "45 %"],
        "Engineering": ["25–50 %", "25–50 %"],
        "Platform": ["50–75 %", "25–50 %"],
        "Mobile": ["0–50 %", "0–50 %"],
        "Sales": ["75–100 %", "75–100 %"],
        "Support": ["–no figure", "–no figure"],
    }


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("measure", "headline", "sales"),
    [
        ("seats", "Nearly all of the people had a licence in March 2025", "75–100 %"),
        ("trained", "About 75 % of the people were trained by March 2025", "75–100 %"),
        ("spend", "AI tools cost about 18 EUR a person in March 2025", "30 EUR"),
        ("active_days", "Those who used AI tools did so on about 7 days in March 2025", "9"),
    ],
)
def test_each_measure_by_choice(owner: CheckingClient, measure: str, headline: str, sales: str) -> None:
    page = owner.page(f"{PATH}?measure={measure}")
    assert headline in page.text()
    found = table(page)
    assert found["Sales"][0] in {sales, "–no figure"}
    current = [words(one) for one in page.all("a") if one.get("aria-current") == "true"]
    assert len(current) == 1


@pytest.mark.usefixtures("filled")
def test_what_is_not_there_is_a_404(owner: CheckingClient, filled: dict[str, int]) -> None:
    for query in (
        "measure=nothing",
        "unit=nothing",
        "unit=999999",
        f"unit={filled['Platform']}",
        "measure=%00",
    ):
        assert owner.get(f"{PATH}?{query}").status_code == 404, query
    assert owner.get(f"{PATH}?unit={filled['Engineering']}").status_code == 200


@pytest.mark.usefixtures("filled")
def test_a_viewer_of_one_unit_sees_it_and_the_whole(viewer: CheckingClient, filled: dict[str, int]) -> None:
    page = viewer.page(PATH)
    assert set(table(page)) == {"Acme 30 of 36 people", "Sales"}
    for name in ("Platform", "Mobile", "Engineering", "Support"):
        assert name not in page.text()
    assert viewer.get(f"{PATH}?unit={filled['Engineering']}").status_code == 404
    assert "Platform" not in viewer.get(f"{PATH}/figures.csv").text


@pytest.mark.usefixtures("filled")
def test_others_are_kept_out(auditor: CheckingClient, stranger: CheckingClient) -> None:
    for path in (PATH, f"{PATH}/figures.csv"):
        assert auditor.get(path).status_code == 403
        assert stranger.get(path).status_code == 404


@pytest.mark.usefixtures("filled")
def test_the_file_holds_what_is_told_and_leaves_an_event(owner: CheckingClient) -> None:
    reply = owner.get(f"{PATH}/figures.csv")
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    march = {row["unit"]: row for row in rows if row["month"] == "2025-03"}
    assert set(march) == {"Acme", "Engineering", "Platform", "Mobile", "Sales"}
    assert march["Acme"]["active"] == "55"
    assert march["Sales"]["active"] == "nearly all"
    assert march["Mobile"]["active"] == "less than half"
    assert march["Sales"]["spend"] == "30"
    assert march["Sales"]["currency"] == "EUR"
    assert "Downloaded the figures from outside" in owner.page("/o/acme/audit").text()


@pytest.mark.usefixtures("filled")
def test_a_share_of_some_of_the_people_says_of_how_many(owner: CheckingClient) -> None:
    """Support has no figures, so what is told of Acme is about 30 of its 36 people."""
    rows = csv.DictReader(io.StringIO(owner.get(f"{PATH}/figures.csv").text))
    whole = next(row for row in rows if (row["unit"], row["month"]) == ("Acme", "2025-03"))
    assert (whole["people"], whole["active"]) == ("36", "55")
    assert [whole[f"{name}_of"] for name in ("active", "seats", "spend", "trained")] == ["30"] * 4


def test_names_that_could_run_are_text_in_the_file_and_on_the_page(app: Flask, owner: CheckingClient) -> None:
    made.import_units(app, _acme(app), 'unit,parent,headcount\n"R&D <b>fast</b>",,9\n')
    owner.send(
        f"{PATH}/import", {"text": 'unit,month,active\n"R&D <b>fast</b>",2025-01,3\n', "step": "apply"}
    )
    assert "R&amp;D &lt;b&gt;fast" in owner.get(PATH).text


@pytest.mark.parametrize("name", ["＝企画", "'Twas", "'＋1"])
def test_the_list_to_fill_in_comes_back_whatever_units_are_called(
    app: Flask, owner: CheckingClient, name: str
) -> None:
    made.import_units(app, _acme(app), f"unit,parent,headcount\n{safe(name)},,9\nSales,,10\n")
    head, *lines = list(csv.reader(io.StringIO(owner.get(f"{PATH}/list.csv").text)))
    assert [bare(line[0]) for line in lines] == [name, "Sales"]
    filled = "\n".join([",".join(head), *(",".join([*line[:2], "6", "7", "4", "90", "5"]) for line in lines)])
    reply = owner.send(f"{PATH}/import", {"text": filled, "currency": "EUR", "step": "apply"})
    assert reply.status_code == 303
    with app.app_context():
        book = queries.book(_acme(app))
        names = queries.names(_acme(app))
        told = {names[unit]: one for unit, one in book.told(book.months[-1]).items()}
    rows = {
        bare(row["unit"]): row for row in csv.DictReader(io.StringIO(owner.get(f"{PATH}/figures.csv").text))
    }
    assert rows.keys() == told.keys() == {"Acme", name, "Sales"}
    for unit, one in told.items():
        row = rows[unit]
        assert (int(row["people"]), int(row["active_days"] or -1)) == (one.people, one.active_days or -1)
        assert float(row["spend"]) == one.spend
        for share in ("active", "seats", "trained"):
            found = one.share(share)
            assert found is not None
            assert row[share] == str(found.word if found.percent is None else found.percent)
            assert int(row[f"{share}_of"]) == one.covered[share]


def _acme(app: Flask) -> Organization:
    with app.app_context():
        return db.session.query(Organization).filter_by(slug="acme").one()


def test_many_units_show_their_first_parts_and_lead_further_down(
    app: Flask, organization: Organization, owner: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = made.import_units(app, organization)
    made.add_figures(app, organization, ["Platform", "Mobile", "Sales"])
    monkeypatch.setattr(figures, "MOST_ROWS", 3)
    page = owner.page(PATH)
    assert set(table(page)) == {"Acme 30 of 36 people", "Engineering", "Sales", "Support"}
    links = [one.get("href", "") for one in page.all("a") if words(one) == "Engineering"]
    assert links == [f"{PATH}?measure=active&unit={ids['Engineering']}"]
    below = owner.page(links[0])
    assert set(table(below)) == {"Engineering", "Platform", "Mobile"}
    assert "Engineering: A quarter to a half of the people used AI tools in a week" in below.text()


def test_the_archive_holds_what_is_told(app: Flask, filled: dict[str, int]) -> None:
    from webapp.evidence import archive  # noqa: PLC0415 - beside the file of the same subject

    assert filled
    with app.app_context():
        ((name, text),) = archive.files(_acme(app))
    assert name == "evidence.csv"
    assert "Acme,2025-03,36,55,nearly all" in text


def test_an_organization_without_figures_has_none_in_its_archive(
    app: Flask, organization: Organization
) -> None:
    from webapp.evidence import archive  # noqa: PLC0415 - likewise

    with app.app_context():
        assert list(archive.files(db.session.get_one(Organization, organization.id))) == []
