"""The register of fire, ready, aim: experiments from idea to first user, live, and end."""

from webapp.experiments import figure_views, file_views
from webapp.experiments.views import bp

__all__ = ["bp", "figure_views", "file_views"]
