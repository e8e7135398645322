from webapp.respond.views import bp

__all__ = ["bp"]
