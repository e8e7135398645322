from webapp.accounts.views import bp

__all__ = ["bp"]
