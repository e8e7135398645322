from webapp.waves import api, plan_views
from webapp.waves.views import bp

api.routes.add_to(bp)

__all__ = ["bp", "plan_views"]
