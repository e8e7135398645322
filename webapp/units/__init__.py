from webapp.units import api
from webapp.units.views import bp

api.routes.add_to(bp)

__all__ = ["bp"]
