from webapp.organizations.views import bp

__all__ = ["bp"]
