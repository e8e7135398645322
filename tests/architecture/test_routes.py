"""Every route says who may call it, and the addresses keep one grammar."""

import re

from flask import Flask

from webapp import FEATURES
from webapp.access import Access, Permission
from webapp.access.roles import ROLES

# Addresses whose first word is not the feature's: the front pages, signing in, the short link of a respondent, and what
# belongs to the organization itself.
EXCEPTIONS = re.compile(
    r"/|/(quick-check|method|privacy|talk|language|healthz|sign-out)|/sign-in(/.*)?|/r/.*|"
    r"/o/<slug>/(first-steps|settings(/(retention|signing-in|delete|results\.zip))?|audit(\.csv)?|"
    r"(members|tokens)(/.*)?)?|/api/v1/(organization|openapi\.json)"
)
VALUE = r"<((int|string)(\([^)]*\))?:|path:)?[a-z_]+>"


def test_every_view_declares_its_access(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        assert isinstance(getattr(view, "access", None), Access), (
            f"{endpoint} answers nobody: put @access.requires(Permission.…), @access.signed_in or @access.anyone "
            "directly below its route."
        )


def test_routes_of_an_organization_ask_for_a_permission(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        access: Access = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        if rule.rule.startswith("/o/"):
            assert rule.rule.startswith("/o/<slug>/"), f"{rule}: name the organization by its <slug>."
            assert access.permission, f"{rule.endpoint} is below an organization: ask for a permission there."
        elif access.permission and not access.by_token:
            raise AssertionError(f"{rule.endpoint} asks for a permission, but its address names no <slug>.")


def test_programs_come_to_the_api_and_browsers_to_everything_else(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        access: Access = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        below = rule.rule.startswith("/api/")
        assert access.by_token == (below and not access.anyone), (
            f"{rule}: what is below /api is made by webapp.api.Routes, and nothing else is."
        )


def test_what_changes_something_asks_for_more_than_reading(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        permission = app.view_functions[rule.endpoint].access.permission  # type: ignore[attr-defined]
        if permission and (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}:
            assert not permission.endswith(":read"), (
                f"{rule.endpoint} takes {rule.methods} under {permission}: a change needs another permission."
            )


def test_an_address_begins_with_its_feature(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        feature = rule.endpoint.split(".")[0]
        assert feature in {*FEATURES, "api"}, f"{rule.endpoint}: views stand in the blueprint of a feature."
        if EXCEPTIONS.fullmatch(rule.rule):
            continue
        place = rule.rule.removeprefix("/o/<slug>")
        place = place.removeprefix("/api/v1")
        places = (place, place.removeprefix("/waves/<int:wave_id>"))
        assert any(f"{one}/".startswith(f"/{feature}/") for one in places), (
            f"{rule} belongs to {feature}: let its address begin with /{feature}."
        )


def test_addresses_are_lower_case_with_hyphens_and_typed_numbers(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        for part in rule.rule.split("/"):
            assert re.fullmatch(rf"[a-z0-9-]*(\.[a-z]+)?|{VALUE}(\.[a-z]+)?", part), (
                f"{rule}: {part!r} is neither words with hyphens nor one <typed> value."
            )
            assert not re.fullmatch(r"<[a-z_]*_id>", part), f"{rule}: say that the id is a number: <int:…>."


def test_every_permission_is_somebodys_and_reads_resource_action() -> None:
    for permission in Permission:
        assert re.fullmatch(r"[a-z]+:[a-z]+", permission)
        assert any(permission in role.permissions for role in ROLES.values()), f"Give {permission} to a role."


def test_every_permission_is_asked_for(app: Flask) -> None:
    asked = {view.access.permission for view in app.view_functions.values()}  # type: ignore[attr-defined]
    unused = set(Permission) - asked
    assert not unused, f"No view asks for {sorted(unused)}: remove the permission, or ask for it."
