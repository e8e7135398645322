from webapp.home.views import bp

__all__ = ["bp"]
