from webapp.units.views import bp

__all__ = ["bp"]
