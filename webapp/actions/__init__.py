from webapp.actions import api, file_views
from webapp.actions.views import bp

api.routes.add_to(bp)

__all__ = ["bp", "file_views"]
