"""Pages of a publication, a folder a page, and its files."""

from webapp.results.views import bp

__all__ = ["bp"]
