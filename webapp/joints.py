"""Where features meet: each line hands one fact of a feature to a named slot, so that features stay strangers."""

from flask import Flask

from webapp.slots import offer


def fill(app: Flask) -> None:
    from webapp.access import attempts, sessions, tokens  # noqa: PLC0415 - features are loaded by then
    from webapp.actions import archive as action_archive  # noqa: PLC0415 - likewise
    from webapp.actions import commands as actions  # noqa: PLC0415 - likewise
    from webapp.actions import offers as action_offers  # noqa: PLC0415 - likewise
    from webapp.actions import queries as action_queries  # noqa: PLC0415 - likewise
    from webapp.actions import reminders as action_reminders  # noqa: PLC0415 - likewise
    from webapp.assessments import queries as assessments  # noqa: PLC0415 - likewise
    from webapp.evidence import archive as evidence_archive  # noqa: PLC0415 - likewise
    from webapp.evidence import queries as evidence  # noqa: PLC0415 - likewise
    from webapp.experiments import archive as experiments_archive  # noqa: PLC0415 - likewise
    from webapp.experiments import queries as experiments  # noqa: PLC0415 - likewise
    from webapp.invitations import commands as invitations  # noqa: PLC0415 - likewise
    from webapp.invitations import queries as invitation_queries  # noqa: PLC0415 - likewise
    from webapp.invitations import views as invitation_pages  # noqa: PLC0415 - likewise
    from webapp.results import adopting, archive, beside  # noqa: PLC0415 - likewise
    from webapp.waves import ending, erasing, plans  # noqa: PLC0415 - likewise
    from webapp.webhooks import news  # noqa: PLC0415 - likewise

    for chore in (
        ending.close_ended,
        ending.publish_closed,
        plans.open_due,
        invitations.queue_due_reminders,
        action_reminders.queue_due,
        invitations.forget_addresses,
        erasing.forget_ballots,
        erasing.forget_answers,
        sessions.forget_ended,
        attempts.forget_old,
        tokens.forget_ended,
    ):
        offer(app, "chores", chore)  # of the worker: what comes with time
    offer(app, "archive", archive.files)  # before an organization is deleted: all that was published
    offer(app, "archive", action_archive.files)  # and all that was decided
    offer(app, "archive", evidence_archive.files)
    offer(app, "evidence", evidence.snapshot)  # on pages of results: what the tools' own figures say
    offer(app, "archive", experiments_archive.files)
    offer(app, "shipped", experiments.shipped)  # use cases that went live, by unit
    offer(app, "ideas_open", experiments.ideas_open)  # ideas that wait for a first user, by unit
    offer(app, "remind_on", invitations.remind_on)  # of a wave that a plan opens
    offer(app, "wave_news", news.tell)  # in the transaction that opened or published a wave
    offer(app, "reminder_days", invitation_queries.coming)  # in the calendar of what is coming
    offer(app, "by_mail", invitation_pages.offered)  # on the page of a wave: inviting people by mail
    offer(app, "actions_of", action_offers.of_unit)  # on the page of a unit's results, and beside its steps
    offer(app, "actions_counted", action_offers.counted)  # on the overview, under the steps
    offer(app, "adopt", actions.adopt)  # to write down a commitment from another page
    offer(app, "may_look_after", action_queries.people)  # who may be chosen for it
    offer(app, "adoptable", adopting.adoptable)  # where an advice is adopted: its words
    offer(app, "measured", adopting.measured)  # where an action is written: what it may move
    offer(app, "comparing", beside.Comparing)  # on the board and the page of an action: what changed since
    offer(app, "measured_of", adopting.of_wave)  # on the page of an action: the words for what it should move
    offer(app, "own_assessments", assessments.own)  # on the pages of waves: what a leader is asked
