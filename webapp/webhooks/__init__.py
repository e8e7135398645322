from webapp.webhooks.views import bp

__all__ = ["bp"]
