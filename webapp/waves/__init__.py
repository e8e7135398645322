from webapp.waves import plan_views
from webapp.waves.views import bp

__all__ = ["bp", "plan_views"]
