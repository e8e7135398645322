from webapp.evidence.views import bp

__all__ = ["bp"]
