"""Where features meet: each line hands one fact of a feature to a named slot, so that features stay strangers."""

from flask import Flask

from webapp.slots import offer


def fill(app: Flask) -> None:
    from webapp.assessments import queries as assessments  # noqa: PLC0415 - features are loaded by then

    offer(app, "own_assessments", assessments.own)  # on the pages of waves: what a leader is asked
