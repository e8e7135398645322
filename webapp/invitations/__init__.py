from webapp.invitations.views import bp

__all__ = ["bp"]
