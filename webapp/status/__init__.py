from webapp.status.views import bp

__all__ = ["bp"]
