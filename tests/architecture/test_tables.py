"""What the tables may not be able to tell, and what they all keep."""

import pytest
import sqlalchemy as sa

from webapp.models import Model

TABLES = Model.metadata.tables
PEOPLE = {
    "account",
    "password",
    "second_step",
    "recovery_code",
    "password_reset",
    "half_session",
    "linked_identity",
    "member",
    "member_role",
    "api_token",
    "invitation",
    "browser_session",
    "sign_in_link",
    "assessment",
}
ANONYMOUS = ("response", "ballot")
# A ballot is found by its secret alone; an index by wave would cost more bytes than it saves: they are erased a wave at once.
WITHOUT_INDEX = {"ballot"}
# Tables of the installation, not of an organization.
OF_ALL = {
    "organization",
    "account",
    "browser_session",
    "sign_in_link",
    "password",
    "second_step",
    "recovery_code",
    "password_reset",
    "half_session",
    "linked_identity",
    "attempts",
}


def reachable(start: str) -> dict[str, str]:
    """Tables that a chain of foreign keys leads to, with the chain in words."""
    found = {start: start}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        for key in TABLES[name].foreign_keys:
            target = key.column.table.name
            if target not in found:
                found[target] = f"{found[name]} → {target}"
                waiting.append(target)
    return found


@pytest.mark.parametrize("table", ANONYMOUS)
def test_no_path_of_foreign_keys_leads_from_an_answer_to_a_person(table: str) -> None:
    for name, path in reachable(table).items():
        assert name not in PEOPLE, (
            f"{path}: an answer must not lead to a person. Remove one of these foreign keys."
        )


@pytest.mark.parametrize("table", ANONYMOUS)
def test_no_person_is_tied_to_an_answer(table: str) -> None:
    for name in PEOPLE & set(TABLES):
        assert table not in reachable(name), f"{reachable(name)[table]}: a person must not lead to an answer."


@pytest.mark.parametrize("table", ANONYMOUS)
def test_an_anonymous_row_has_no_clock_no_sequence_and_no_hidden_order(table: str) -> None:
    columns = TABLES[table].columns
    assert not [one.name for one in columns if isinstance(one.type, sa.Date | sa.DateTime | sa.Time)]
    assert TABLES[table].dialect_options["sqlite"]["with_rowid"] is False, "Set sqlite_with_rowid=False."
    assert TABLES[table].autoincrement_column is None, "A sequence tells the order of arrival."


def test_a_response_holds_a_random_id_the_wave_the_unit_and_the_answers_alone() -> None:
    assert set(TABLES["response"].columns.keys()) == {
        "wave_id",
        "id",
        "organization_id",
        "position",
        "answers",
    }


def test_every_table_of_an_organization_carries_its_id() -> None:
    for name, table in TABLES.items():
        assert name in OF_ALL or "organization_id" in table.columns, f"Give {name} an organization_id."


def test_foreign_keys_between_tables_of_an_organization_are_composite_with_it() -> None:
    for name, table in TABLES.items():
        for constraint in table.foreign_key_constraints:
            target = constraint.referred_table.name
            if name in OF_ALL or target in OF_ALL or (name, target) == ("publication_row", "publication"):
                continue
            assert "organization_id" in constraint.column_keys, (
                f"{name} → {target}: add organization_id to the foreign key, so that a row of another organization "
                "cannot be meant."
            )


def test_what_is_deleted_with_its_parent_is_found_by_an_index() -> None:
    for name, table in TABLES.items():
        indexed = [tuple(column.name for column in index.columns) for index in table.indexes]
        indexed += [
            tuple(constraint.columns.keys())
            for constraint in table.constraints
            if isinstance(constraint, sa.UniqueConstraint | sa.PrimaryKeyConstraint)
        ]
        for constraint in table.foreign_key_constraints:
            cascades = constraint.ondelete == "CASCADE" and constraint.referred_table.name != "organization"
            if name in WITHOUT_INDEX or not cascades:
                continue
            wanted = set(constraint.column_keys) - {"organization_id"}
            assert any(wanted & set(columns) for columns in indexed), (
                f"{name}: deleting from {constraint.referred_table.name} would read all of {name}; index {wanted}."
            )
