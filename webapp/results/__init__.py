"""Pages of a publication, a folder a page, and its files."""

from webapp.results import api
from webapp.results.views import bp

api.routes.add_to(bp)

__all__ = ["bp"]
