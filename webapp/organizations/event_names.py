"""What the numbers in audit events stand for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from webapp.organizations import words

# What a worker does when its time has come, and nobody else.
BY_ITSELF = {"wave.answers_erased"}
Changes = Mapping[str, str | int | bool | None]


@dataclass(frozen=True)
class Names:
    """What the numbers in events stand for today: names of units and waves, addresses of those who are members still."""

    organization: str
    accounts: Mapping[int, str] = field(default_factory=dict)
    members: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
    waves: Mapping[int, str] = field(default_factory=dict)
    places: Mapping[tuple[int, int], str] = field(default_factory=dict)
    tokens: Mapping[int, str] = field(default_factory=dict)

    def member(self, changes: Changes) -> str:
        return self.members.get(number(changes.get("member")), "") or _("a former member")

    def unit(self, changes: Changes) -> str:
        return self.units.get(number(changes.get("unit")), "") or _("a unit")

    def wave(self, changes: Changes) -> str:
        name = self.waves.get(number(changes.get("wave")), "")
        return _("“%(name)s”", name=name) if name else _("a wave")

    def token(self, changes: Changes) -> str:
        name = self.tokens.get(number(changes.get("token")), "")
        return _("“%(name)s”", name=name) if name else _("one that is gone")

    def by_token(self, changes: Changes) -> str:
        """The token by which a program did it; "" where a person did."""
        return self.token({"token": changes["by_token"]}) if "by_token" in changes else ""

    def place(self, changes: Changes) -> str:
        """A unit as it stood in a wave."""
        key = number(changes.get("wave")), number(changes.get("unit"))
        return self.places.get(key, "") or _("a unit")

    def held(self, changes: Changes) -> str:
        """Where a role holds."""
        if changes.get("unit") is None:
            return words.on("", self.organization)
        return self.unit(changes)

    def who(self, account_id: int | None, action: str = "") -> str:
        """Who acted: by reference, so that an erased address is gone from the log too."""
        if action in BY_ITSELF:
            return _("the server, by itself")
        if account_id is None:
            return _("the command line")
        return self.accounts.get(account_id, "") or _("a former member")


def number(value: object) -> int:
    return value if isinstance(value, int) else -1
