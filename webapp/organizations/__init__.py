from webapp.organizations import api
from webapp.organizations.views import bp

api.routes.add_to(bp)

__all__ = ["bp"]
