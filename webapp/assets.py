"""Static files under hashed names, compressed once, served before Flask is asked."""

import gzip
import hashlib
import shutil
from importlib.resources import as_file, files
from pathlib import Path
from wsgiref.headers import Headers

import brotli
from flask import Flask
from whitenoise import WhiteNoise

from webapp import headers

OWN = Path(__file__).resolve().parent / "static"
LARGE = 1_000_000
# A name holds the hash of its content, so that a file may be kept for a year; nothing in it may run by itself.
KEPT = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'",
}


def init_app(app: Flask) -> None:
    settings = app.extensions["groundswell"].settings
    names, folder = collect(settings.data / "static")
    app.extensions["groundswell_assets"] = names
    fixed = headers.FIXED | KEPT | ({"Strict-Transport-Security": headers.HSTS} if settings.secure else {})
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask's own way to wrap itself
        app.wsgi_app,
        root=str(folder),
        prefix="static/",
        allow_all_origins=False,
        add_headers_function=lambda sent, _path, _url: _set(sent, fixed),
    )
    app.jinja_env.globals["asset"] = lambda name: f"/static/{names[name]}"


def _set(sent: Headers, fixed: dict[str, str]) -> None:
    for name, value in fixed.items():
        sent[name] = value


def collect(target: Path) -> tuple[dict[str, str], Path]:
    """Copy our files and Plotly's one into `target` under names with their hash; only what is missing is made."""
    names: dict[str, str] = {}
    with as_file(files("plotly") / "package_data" / "plotly.min.js") as plotly:
        sources = {str(path.relative_to(OWN)): path for path in sorted(OWN.rglob("*")) if path.is_file()}
        sources["js/plotly.js"] = plotly
        for name, source in sources.items():
            names[name] = _place(name, source, target)
    for old in [path for path in target.rglob("*") if path.is_file()]:
        if str(old.relative_to(target)).removesuffix(".br").removesuffix(".gz") not in names.values():
            old.unlink(missing_ok=True)
    return names, target


def _place(name: str, source: Path, target: Path) -> str:
    # The size and time stand for the content of a large file of a package, so that a start does not hash megabytes.
    stat = source.stat()
    content = f"{stat.st_size} {stat.st_mtime_ns}".encode() if stat.st_size > LARGE else source.read_bytes()
    stem, _, ending = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
    placed = target / hashed
    if not placed.exists():
        placed.parent.mkdir(parents=True, exist_ok=True)
        data = source.read_bytes()
        quality = 5 if len(data) > LARGE else 11
        placed.with_name(placed.name + ".br").write_bytes(brotli.compress(data, quality=quality))
        placed.with_name(placed.name + ".gz").write_bytes(gzip.compress(data, 6, mtime=0))
        draft = placed.with_name(placed.name + ".new")
        shutil.copyfile(source, draft)
        draft.rename(placed)
    return hashed
