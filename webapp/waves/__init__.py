from webapp.waves.views import bp

__all__ = ["bp"]
