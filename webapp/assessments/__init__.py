from webapp.assessments.views import bp

__all__ = ["bp"]
