from webapp.actions import api
from webapp.actions.views import bp

api.routes.add_to(bp)

__all__ = ["bp"]
