"""The addresses of the results; each page has a folder of its own."""

from flask import Blueprint

from webapp.results import downloads
from webapp.results.blind_spots.views import blind_spots
from webapp.results.compare.views import compare
from webapp.results.documents.views import one_page, report
from webapp.results.heatmap.views import heatmap
from webapp.results.hype.views import hype, hype_figure
from webapp.results.movement.views import movement, movement_figure
from webapp.results.overview.views import overview
from webapp.results.practice.views import practice
from webapp.results.readout.views import commit, readout
from webapp.results.spread.views import spread, spread_figure
from webapp.results.talk.views import talk
from webapp.results.trend.views import trend, trend_figure
from webapp.results.unblocker.views import unblocker
from webapp.results.unit.views import unit

bp = Blueprint("results", __name__, template_folder="templates")

bp.add_url_rule("/o/<slug>/", "overview", overview)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/heatmap", "heatmap", heatmap)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/compare", "compare", compare)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/units/<key>", "unit", unit)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/practices/<practice>", "practice", practice)
bp.add_url_rule("/o/<slug>/results/trend", "trend", trend)
bp.add_url_rule("/o/<slug>/results/trend.json", "trend_figure", trend_figure)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/spread", "spread", spread)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/spread.json", "spread_figure", spread_figure)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/movement", "movement", movement)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/movement.json", "movement_figure", movement_figure)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/next", "unblocker", unblocker)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/hype", "hype", hype)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/hype.json", "hype_figure", hype_figure)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/blind-spots", "blind_spots", blind_spots)
bp.add_url_rule("/o/<slug>/results/talk", "talk", talk)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/readout/<key>", "readout", readout)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/readout/<key>", "commit", commit, methods=["POST"])
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/one-page/<key>.pdf", "one_page", one_page)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/report/<key>.pdf", "report", report)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/scores.csv", "scores_csv", downloads.scores_csv)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/scores.json", "scores_json", downloads.scores_json)
bp.add_url_rule("/o/<slug>/results/<int:wave_id>/scores.xlsx", "scores_xlsx", downloads.scores_xlsx)
