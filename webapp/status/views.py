"""How the installation is: the page of whoever runs the server. It tells nothing of any organization."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp import access
from webapp.status import queries

bp = Blueprint("status", __name__, template_folder="templates")


@bp.get("/status")
@access.administrators_alone
def status() -> ResponseReturnValue:
    lines = list(queries.lines())
    return render_template(
        "status/status.html",
        active="status",
        lines=lines,
        waiting=[line for line in lines if line.attention],
    )
