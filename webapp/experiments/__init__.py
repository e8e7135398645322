"""The register of fire, ready, aim: experiments from idea to first user, live, and end."""

from webapp.experiments import api, figure_views, file_views
from webapp.experiments.views import bp

api.routes.add_to(bp)

__all__ = ["bp", "figure_views", "file_views"]
