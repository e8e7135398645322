"""Lists that come in at once: none is lost, none half taken; on both databases."""

import threading

from flask import Flask

from tests.fixtures import organizations as made
from webapp.evidence import commands, queries
from webapp.extensions import db
from webapp.models import Organization

WRITERS = 12


def test_lists_that_come_in_at_once_are_all_there(any_app: Flask) -> None:
    organization = made.create(any_app)
    made.import_units(any_app, organization)
    faults: list[BaseException] = []

    def put(number: int) -> None:
        rows = f"unit,month,active,seats\nPlatform,2025-{number + 1:02},{number},\nMobile,2024-05,,{number}\n"
        try:
            with any_app.app_context():
                commands.import_figures(
                    organization=db.session.get_one(Organization, organization.id),
                    data=rows.encode(),
                    file="f.csv",
                    by=None,
                )
        except BaseException as fault:  # noqa: BLE001 - told below, in the thread of the test
            faults.append(fault)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    with any_app.app_context():
        found = queries.stored(organization.id)
        months = {month: one.active for (_unit, month), one in found.items() if month.startswith("2025")}
        assert months == {f"2025-{number + 1:02}": number for number in range(WRITERS)}
        assert len([key for key in found if key[1] == "2024-05"]) == 1
