"""The register of experiments, as programs read and keep it: by the rules, units and commands of the pages."""

from dataclasses import asdict
from datetime import date
from typing import Literal

from flask import abort, g
from pydantic import Field

from webapp.access import Permission
from webapp.api import LARGEST_ID, Answer, Body, Day, Id, Page, Routes, Thing
from webapp.domain.experiments import (
    LARGEST,
    LONGEST_TEXT,
    LONGEST_UNIT,
    Area,
    Entry,
    Phase,
    Reason,
    State,
    Type,
)
from webapp.experiments import commands, queries

routes = Routes()

LONGEST_TITLE = 120
STEP = {"first_user": State.FIRST_USER, "live": State.LIVE, "ended": State.ENDED}


class Experiment(Thing):
    """An entry in the register of fire, ready, aim."""

    unit: int
    title: str
    type: Type
    problem_area: Area | None
    phase: Phase | None
    state: State = Field(description="How far it is; told from its days.")
    idea_on: date
    first_user_on: date | None
    live_on: date | None
    ended_on: date | None
    end_reason: Reason | None
    rule: str = Field(description="What decides whether it goes on.")
    rule_written_on: date | None
    rule_before_start: bool = Field(description="Whether the rule stood before the first user.")
    value: float | None = Field(description="What it brings: the number now.")
    value_unit: str = Field(description="What the numbers count.")
    baseline: float | None = Field(description="The number before.")
    ready_made_model: bool | None
    saved_tests: bool | None
    note: str
    version: int = Field(description="Send it along with a change, so that nobody is overwritten.")


class Experiments(Answer):
    items: list[Experiment]
    next: int | None


class ExperimentsWanted(Page):
    unit: int | None = Field(None, ge=1, le=LARGEST_ID, description="Those of a unit and of all below it.")
    state: State | None = Field(None, strict=False)
    type: Type | None = Field(None, strict=False)
    phase: Phase | None = Field(None, strict=False)


class NewExperiment(Body):
    """An idea of today."""

    unit: Id
    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    type: Type = Type.OTHER


class ChangedExperiment(Body):
    """All that the register shall hold of an experiment, and the version that was read."""

    version: Id
    unit: Id
    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    type: Type
    problem_area: Area | None
    phase: Phase | None
    idea_on: Day
    first_user_on: Day | None
    live_on: Day | None
    ended_on: Day | None
    end_reason: Reason | None
    rule: str = Field(max_length=LONGEST_TEXT, description="What is new here counts as written today.")
    value: float | None = Field(ge=-LARGEST, le=LARGEST)
    value_unit: str = Field(max_length=LONGEST_UNIT)
    baseline: float | None = Field(ge=-LARGEST, le=LARGEST)
    ready_made_model: bool | None
    saved_tests: bool | None
    note: str = Field(max_length=LONGEST_TEXT, description="Without names of people.")


class Step(Body):
    """The next step of an experiment, taken today."""

    to: Literal["first_user", "live", "ended"]
    end_reason: Reason | None = Field(None, description="Needed where it ends.")


@routes.get("/experiments", Permission.EXPERIMENT_READ)
def experiments(query: ExperimentsWanted) -> Experiments:
    """The experiments that you may read."""
    span, of = g.actor.span(Permission.EXPERIMENT_READ), g.actor.organization.id
    units = span if query.unit is None else queries.units_below(of, query.unit, span)
    chosen = queries.Chosen(units=units, state=query.state, type=query.type, phase=query.phase)
    found = queries.after(of, chosen, query.after, query.limit + 1)
    shown = found[: query.limit]
    return Experiments(
        items=[_told(one) for one in shown], next=shown[-1].id if len(found) > len(shown) else None
    )


@routes.get("/experiments/<int:experiment_id>", Permission.EXPERIMENT_READ)
def experiment(experiment_id: int) -> Experiment:
    """One experiment."""
    return _told(_found(experiment_id))


@routes.post("/experiments", Permission.EXPERIMENT_CHANGE)
def new_experiment(body: NewExperiment) -> Experiment:
    """Log an idea of today; everything else is said by a change.

    A unit has no two experiments with the same title, so what is sent twice is refused the second time.
    """
    made = commands.log(
        organization=g.actor.organization,
        unit_id=body.unit,
        title=body.title,
        type=body.type,
        within=g.actor.span(Permission.EXPERIMENT_CHANGE),
        by=g.account,
    )
    return _told(_found(made))


@routes.put("/experiments/<int:experiment_id>", Permission.EXPERIMENT_CHANGE)
def change_experiment(experiment_id: int, body: ChangedExperiment) -> Experiment:
    """Let an experiment say something else; where somebody changed it since `version`, it is refused."""
    said = body.model_dump()
    commands.save(
        organization=g.actor.organization,
        experiment_id=experiment_id,
        version=said.pop("version"),
        unit_id=said.pop("unit"),
        entry=Entry(**said),
        within=g.actor.span(Permission.EXPERIMENT_CHANGE),
        by=g.account,
    )
    return _told(_found(experiment_id))


@routes.put("/experiments/<int:experiment_id>/step", Permission.EXPERIMENT_CHANGE)
def step_of_experiment(experiment_id: int, body: Step) -> Experiment:
    """Move an experiment on today; where it has come that far already, nothing happens."""
    commands.take_step(
        organization=g.actor.organization,
        experiment_id=experiment_id,
        to=STEP[body.to],
        reason=body.end_reason,
        by=g.account,
    )
    return _told(_found(experiment_id))


@routes.delete("/experiments/<int:experiment_id>", Permission.EXPERIMENT_CHANGE)
def remove_experiment(experiment_id: int) -> None:
    """Take an experiment out of the register, as if it had never been logged."""
    commands.remove(organization=g.actor.organization, experiment_id=experiment_id, by=g.account)


def _found(experiment_id: int) -> queries.Listed:
    """The gate has checked that the actor may read its unit; somebody may have taken it out since."""
    return queries.one(g.actor.organization.id, experiment_id) or abort(404)


def _told(listed: queries.Listed) -> Experiment:
    entry = listed.entry
    return Experiment(
        id=listed.id,
        unit=listed.unit_id,
        version=listed.version,
        state=entry.state,
        rule_before_start=entry.rule_before_start,
        **asdict(entry),
    )
