"""Roles as data: who may do what on a unit and all below it. The table in the README is made from this."""

from dataclasses import dataclass

from webapp.access.permissions import Permission as P  # noqa: N817 - read once a line below


@dataclass(frozen=True, slots=True)
class Role:
    """What its holder may do; one that is `whole` holds on the whole organization only."""

    name: str
    description: str
    permissions: frozenset[P]
    whole: bool = False


ROLES = {
    role.name: role
    for role in (
        Role(
            "owner",
            "Runs the organization: its units, waves, members and settings.",
            frozenset(P) - {P.ASSESSMENT_GIVE},
            whole=True,
        ),
        Role(
            "leader",
            "Leads a unit: assesses it, reads the results of it and all below it, and decides what it does.",
            frozenset(
                {
                    P.ORGANIZATION_READ,
                    P.UNIT_READ,
                    P.WAVE_READ,
                    P.RESULT_READ,
                    P.ACTION_READ,
                    P.ACTION_CHANGE,
                    P.EVIDENCE_READ,
                    P.ASSESSMENT_GIVE,
                    P.EXPERIMENT_READ,
                    P.EXPERIMENT_CHANGE,
                }
            ),
        ),
        Role(
            "viewer",
            "Reads the results of a unit and all below it, and what it does about them.",
            frozenset(
                {
                    P.ORGANIZATION_READ,
                    P.UNIT_READ,
                    P.WAVE_READ,
                    P.RESULT_READ,
                    P.ACTION_READ,
                    P.EVIDENCE_READ,
                    P.EXPERIMENT_READ,
                }
            ),
        ),
        Role(
            "auditor",
            "Reads who did what: members, settings and the audit log; no results.",
            frozenset({P.ORGANIZATION_READ, P.MEMBER_READ, P.UNIT_READ, P.WAVE_READ, P.AUDIT_READ}),
            whole=True,
        ),
    )
}


def table() -> str:
    """The role table of the README, in Markdown."""
    names = list(ROLES)
    lines = ["| may | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    lines += [
        f"| `{permission}` | "
        + " | ".join("yes" if permission in ROLES[name].permissions else "" for name in names)
        + " |"
        for permission in P
    ]
    return "\n".join(lines)
