"""All that a thief could carry off from PostgreSQL but the keys: every table with its hidden columns, and the files below.

The same question is put to each pair of tables, with and without a planted answer: which column that both have joins one
row to one other, and do rows stand in the same order? Before publication it finds everybody, for a wave that is open is
protected by nobody's being able to look; afterwards nobody.
"""

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from tests.fixtures import organizations
from tests.waves.conftest import Acme
from tests.waves.test_unlinkable import make_acme as make_acme  # noqa: PLC0414 - a fixture
from tests.waves.test_unlinkable import submit
from webapp import ballots as links
from webapp import transaction
from webapp.extensions import db
from webapp.invitations import commands as invitations
from webapp.invitations import queries
from webapp.models import Ballot, Invitation, Model, Response
from webapp.waves import closing

pytestmark = pytest.mark.postgresql

PEOPLE, ANSWERED = 60, 40
UNITS = f"unit,parent,headcount\nGuild,,{PEOPLE}\n"
HIDDEN = ("xmin", "xmax", "cmin", "cmax", "ctid", "tableoid")
ALIKE = 0.9  # of two orders; by chance not once in ten thousand million times among forty

Row = dict[str, Any]
Tables = dict[str, list[Row]]


@dataclass
class House:
    """Acme on PostgreSQL, and the truth that must stay hidden: (id of the invitation, ballot, id of the response)."""

    acme: Acme
    wave: int
    truth: list[tuple[int, bytes, bytes]]
    tokens: list[str]

    def tables(self) -> Tables:
        """Everything that can be selected."""
        found: Tables = {}
        columns = ", ".join(f"{name}::text AS {name}_" for name in HIDDEN)
        with self.acme.inside():
            for name in Model.metadata.tables:
                rows = db.session.execute(sa.text(f'SELECT *, {columns} FROM "{name}" ORDER BY ctid'))  # noqa: S608 - names of ours
                found[name] = [dict(row) for row in rows.mappings()]
        return found

    def files(self) -> bytes:
        """The files of answers and ballots, as they lie on the disk of the server."""
        with self.acme.inside(), db.engine.connect() as connection:
            connection.exec_driver_sql("CHECKPOINT")
            read = "SELECT pg_read_binary_file(pg_relation_filepath(:name))"
            return b"".join(
                bytes(connection.execute(sa.text(read), {"name": name}).scalar_one())
                for name in ("ballot", "response")
            )


@pytest.fixture
def house(make_acme: Callable[[str], Acme], postgresql_url: str) -> House:
    """Sixty are invited by mail, forty of them answer in an order that no list has."""
    acme = make_acme(postgresql_url)
    acme.import_units(UNITS)
    wave = acme.open()
    listed = ["unit,email", *(f"Guild,person{number}@example.org" for number in range(PEOPLE))]
    acme.call(invitations.invite, wave, data="\n".join(listed).encode(), file="people.csv")
    with acme.inside():
        asked = db.session.scalars(sa.select(Invitation).order_by(sa.func.md5(Invitation.email))).all()
        tokens = {one.id: links.token(wave, one.position, str(queries.serial(one))) for one in asked}
    truth: list[tuple[int, bytes, bytes]] = []
    known: set[bytes] = set()
    for number, (invited, token) in enumerate(list(tokens.items())[:ANSWERED]):
        submit(acme, token, f"{1 + number % 5}{1 + number // 5 % 5}{1 + number % 3}")
        ids = {bytes(found) for (found,) in acme.rows("SELECT id FROM response")}
        truth.append((invited, links.token_hash(token), *(ids - known)))
        known = ids
    return House(acme, wave, truth, list(tokens.values()))


def joined(one: list[Row], other: list[Row], mine: str, theirs: str) -> set[tuple[Any, Any]]:
    """Pairs of keys that some column of each, alike in both, puts together and apart from all others.

    Two tables have rows at the same places whatever is in them: that is looked at as an order, see `alike`. And three
    digits of answers are some number or other elsewhere.
    """
    found = set()
    for first, second in itertools.product(one[0].keys() - {"ctid_"}, other[0].keys() - {"ctid_", "answers"}):
        left, right = by_value(one, first, mine), by_value(other, second, theirs)
        found |= {
            (left[value][0], right[value][0])
            for value in left.keys() & right.keys()
            if len(left[value]) == len(right[value]) == 1
        }
    return found


def by_value(rows: list[Row], column: str, key: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(text(row[column]), []).append(text(row[key]))
    return found


def text(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def alike(one: list[Row], other: list[Row], mine: str, theirs: str, truth: list[tuple[Any, Any]]) -> float:
    """How much of the same order the true pairs stand in, by place and by writing transaction: 1 the same, 0 none."""
    most = 0.0
    for first, second in itertools.product(("ctid_", "xmin_", mine), ("ctid_", "xmin_", theirs)):
        left, right = ranks(one, first, mine), ranks(other, second, theirs)
        pairs = [(left[text(person)], right[text(answer)]) for person, answer in truth]
        most = max(most, abs(spearman(pairs)))
    return most


def ranks(rows: list[Row], column: str, key: str) -> dict[str, int]:
    def place(row: Row) -> Any:
        if column == "ctid_":
            return tuple(int(part) for part in row[column].strip("()").split(","))
        return int(row[column]) if column == "xmin_" else row[column]

    values = sorted({place(row) for row in rows})
    order = {value: number for number, value in enumerate(values)}
    return {text(row[key]): order[place(row)] for row in rows}


def spearman(pairs: list[tuple[int, int]]) -> float:
    if len({left for left, _right in pairs}) < 2 or len({right for _left, right in pairs}) < 2:
        return 0.0
    from scipy.stats import spearmanr  # noqa: PLC0415 - a reference, for tests alone

    return float(spearmanr([left for left, _right in pairs], [right for _left, right in pairs]).statistic)


def told(house: House, tables: Tables, one: str, mine: str) -> tuple[int, float]:
    """How many true pairs of a table's rows and responses the thief joins, and how alike their orders are."""
    place = {"invitation": 0, "ballot": 1}[one]
    truth = [(row[place], row[2]) for row in house.truth]
    mates = {(text(left), text(right)) for left, right in truth}
    found = joined(tables[one], tables["response"], mine, "id")
    return len(found & mates), alike(tables[one], tables["response"], mine, "id", truth)


def test_before_publication_the_check_finds_everybody(house: House) -> None:
    """A wave that is open keeps writer and place together; so this is what the check must see."""
    tables = house.tables()
    assert told(house, tables, "ballot", "token_hash") == (ANSWERED, 1.0)
    pairs, order = told(house, tables, "invitation", "id")
    assert pairs == 0, "nobody is invited and answers in one transaction"
    assert order < ALIKE


def test_after_publication_nobody_is_found(house: House) -> None:
    house.acme.close(house.wave)
    tables = house.tables()
    for one, mine in (("invitation", "id"), ("ballot", "token_hash")):
        pairs, order = told(house, tables, one, mine)
        assert pairs == 0, one
        assert order < ALIKE, one
    chained = joined(tables["invitation"], tables["ballot"], "id", "token_hash")
    assert not chained & {(text(who), text(ballot)) for who, ballot, _answer in house.truth}


def test_a_pair_that_was_planted_is_found(house: House) -> None:
    house.acme.close(house.wave)
    who, ballot, answer = house.truth[7]
    with house.acme.inside(), db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE invitation SET error = '' WHERE id = :id"), {"id": who})
        for table, key, value in (("ballot", "token_hash", ballot), ("response", "id", answer)):
            again = f"UPDATE {table} SET wave_id = wave_id WHERE {key} = :id"  # noqa: S608 - names of ours
            connection.execute(sa.text(again), {"id": value})
    tables = house.tables()
    assert told(house, tables, "invitation", "id")[0] == 1
    assert told(house, tables, "ballot", "token_hash")[0] == 1


def test_no_other_table_joins_a_person_to_an_answer(house: House) -> None:
    """By whatever column: outbox, audit log, counters and all that comes later are looked through by themselves."""
    house.acme.close(house.wave)
    tables = house.tables()
    answers = {text(answer) for _who, _ballot, answer in house.truth}
    for name, rows in tables.items():
        if rows and name != "response":
            keyed = [row | {"_row": number} for number, row in enumerate(rows)]
            hits = {answer for _row, answer in joined(keyed, tables["response"], "_row", "id")} & answers
            assert not hits, name


def test_no_link_no_password_and_no_session_stands_in_any_table(house: House) -> None:
    owner = organizations.sign_in(house.acme.app, house.acme.organization, "owner@acme.example")
    organizations.set_password(owner)
    cookie = owner.get_cookie("sid")
    assert cookie is not None
    everything = "\n".join(
        text(value) if isinstance(value, bytes | memoryview | str) else repr(value)
        for rows in house.tables().values()
        for row in rows
        for value in row.values()
    )
    for secret in (*house.tokens, organizations.PASSWORD, cookie.value):
        assert secret not in everything
        assert secret.encode().hex() not in everything


def test_no_dead_row_is_left_in_the_files(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain VACUUM forgets where dead rows are, and leaves their bytes: with them who wrote which, and when."""
    monkeypatch.setattr(closing, "compact", lambda *_tables: None)
    house.acme.close(house.wave)
    keys = [key for _who, ballot, answer in house.truth for key in (ballot, answer)]
    assert copies(house, keys) != Counter({1: len(keys)}), "what must go"
    with house.acme.inside():
        transaction.compact(Response, Ballot)
    assert copies(house, keys) == Counter({1: len(keys)})


def copies(house: House, keys: list[bytes]) -> Counter[int]:
    """How often each key stands in the files."""
    files = house.files()
    return Counter(files.count(key) for key in keys)


def test_a_reader_holds_publishing_up_for_seconds_and_nobody_for_longer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long look at the answers, such as a backup's: it says so, and doing it again finishes it."""
    monkeypatch.setattr(transaction, "COMPACT_SECONDS", 0.5)
    house.acme.call(closing.close, house.wave)
    engine = sa.create_engine(house.acme.app.config["SQLALCHEMY_ENGINES"]["default"]["url"])
    with engine.connect() as reader:
        reader.execute(sa.text("SELECT count(*) FROM response"))
        with pytest.raises(transaction.Busy):
            house.acme.call(closing.publish, house.wave)
        assert house.acme.count("publication") == 1
    engine.dispose()
    house.acme.call(closing.publish, house.wave)
    keys = [answer for _who, _ballot, answer in house.truth]
    assert copies(house, keys) == Counter({1: len(keys)})
