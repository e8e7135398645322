"""Response headers of every reply, and the second guard against forged requests."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request

from webapp.api import problems

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
NOTHING = "default-src 'none'; sandbox"
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: Chromium would then send `Origin: null`, and every POST over https would be refused.
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
HSTS = "max-age=63072000; includeSubDomains"


def init_app(app: Flask) -> None:
    app.before_request(refuse_foreign_posts)
    app.after_request(add)


def refuse_foreign_posts() -> None:
    """Refuse a change that another site's page sends (the CSRF token is the first guard, this the second).

    Not where programs come with a token in a header: no browser adds one by itself, and no other site's page may.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"} or problems.wanted():
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site != "same-origin":
            abort(403)
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)


def add(response: Response) -> Response:
    headers = response.headers
    download = headers.get("Content-Disposition", "").startswith("attachment")
    inert = download or problems.wanted()
    headers.setdefault("Content-Security-Policy", NOTHING if inert else CSP)
    for name, value in FIXED.items():
        headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", HSTS)
    headers.setdefault("Cache-Control", "no-store")
    if request.path.startswith(("/r/", "/respond")):
        headers["X-Robots-Tag"] = "noindex"
    return response
