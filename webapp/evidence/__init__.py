"""Figures from outside, by unit and month; never about one person."""

from webapp.evidence import api
from webapp.evidence.views import bp

api.routes.add_to(bp)

__all__ = ["bp"]
