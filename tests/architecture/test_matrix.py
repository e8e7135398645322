"""Every route stands in the matrix of who may call it."""

from flask import Flask

from tests.access.matrix import ACCOUNT, ADMINISTRATOR, ANYONE, MATRIX, TOKEN
from webapp.access.roles import ROLES


def test_every_route_has_a_line_in_the_matrix_and_every_line_a_route(app: Flask) -> None:
    there = {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    missing, gone = sorted(there - MATRIX.keys()), sorted(MATRIX.keys() - there)
    assert not missing, f"Say in tests/access/matrix.py who may call {missing}."
    assert not gone, f"Take {gone} out of tests/access/matrix.py: there is no such route."


def test_the_matrix_knows_only_roles() -> None:
    for name, who in MATRIX.items():
        known = {ANYONE, ACCOUNT, ADMINISTRATOR}
        assert who in known or set(who.split()) - {TOKEN} <= set(ROLES), f"{name}: {who}"
