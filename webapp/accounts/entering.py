"""What follows a step of signing in: the second one, or the page that asked for it."""

from flask import current_app, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from webapp.access import sessions


def wanted() -> str:
    """The page that asked to sign in again, or the nearest above it that can be read; "" where there is none.

    What stands in the address may be anything. So it is looked up among our own pages, and written anew.
    """
    path = request.args.get("next", "")
    pages = current_app.url_map.bind("")
    while path.strip("/") and path.startswith("/"):
        try:
            endpoint, values = pages.match(path, "GET")
        except HTTPException:
            path = path.rpartition("/")[0]
        else:
            return url_for(endpoint, **values)
    return ""


def entered(entry: sessions.Entry, page: str | None = None) -> ResponseReturnValue:
    """Into the application, or to the second step, with the cookie for it. page: what `wanted` said earlier."""
    page = wanted() if page is None else page
    if entry.whole:
        target = page or url_for("organizations.index")
    else:
        target = url_for("accounts.take_second_step", next=page or None)
    answer = make_response(redirect(target, 303))
    sessions.give_cookie(answer, entry)
    return answer
