"""Forms that several features share: a list that is pasted, whatever stands in it."""

import pytest

from tests.fixtures.pages import CheckingClient
from webapp.forms import MOST_FAULTS
from webapp.models import Wave

LISTS = {
    "units/import": "unit,parent,headcount",
    "experiments/import": "unit,title,idea_on",
    "evidence/import": "unit,month,active",
    "waves/{wave}/invitations": "unit,email",
}
FAULTY = 300


@pytest.mark.parametrize("path", LISTS)
def test_of_a_list_with_many_faults_the_first_are_told(
    owner: CheckingClient, open_wave: Wave, path: str
) -> None:
    """A page with a sentence for each line of a list of 10 MB is read by nobody, and drawn by a server that others wait for."""
    lines = [f"No such unit {line},No such thing {line},?" for line in range(FAULTY)]
    width = LISTS[path].count(",") + 1
    text = "\n".join([LISTS[path], *(",".join(line.split(",")[:width]) for line in lines)])
    page = owner.send(f"/o/acme/{path.format(wave=open_wave.id)}", {"text": text, "step": "check"})
    assert page.status_code == 422
    summary = page.text.partition('role="alert"')[2].partition("</ul>")[0]
    assert 0 < summary.count("<li") <= MOST_FAULTS + 1, summary


@pytest.mark.parametrize("path", LISTS)
def test_a_list_with_a_nul_is_refused_on_a_page_that_can_be_read(
    owner: CheckingClient, open_wave: Wave, path: str
) -> None:
    text = f"{LISTS[path]}\nSa\0les,2026-01,3"
    page = owner.send(f"/o/acme/{path.format(wave=open_wave.id)}", {"text": text, "step": "check"})
    assert page.status_code == 422
    assert "\0" not in page.text


def test_what_a_refusal_quotes_stands_in_the_quotation_marks_of_the_reader(owner: CheckingClient) -> None:
    owner.set_cookie("language", "de")
    page = owner.send("/o/acme/settings/delete", {"word": "100 % wrong"})
    assert "Das ist nicht das Wort in der Adresse: „acme“." in page.text
    assert "Tippen Sie „acme“" in page.text
    assert "“acme" not in page.text
