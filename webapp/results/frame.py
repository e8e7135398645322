"""What all pages of results have in common: their publication, the dateline, and the 404 where there is none."""

from collections.abc import Callable, Hashable
from typing import Any

from flask import abort, g, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.results import kept, queries, wording
from webapp.results.reading import Reading


def opened(wave_id: int) -> Reading:
    """The wave's publication as the acting member may read it; the usual 404 where there is none."""
    found = queries.reading(g.actor, wave_id)
    if found is None:
        abort(404)
    return found


def page(
    reading: Reading,
    active: str,
    title: str,
    template: str,
    *,
    vary: Hashable,
    values: Callable[[], dict[str, Any]],
    charts: bool = False,
) -> str:
    """A page about a publication: its body from `template` and `values`, kept for all that `vary` the same."""
    body = kept.body(
        reading,
        template,
        vary,
        lambda: render_template(template, reading=reading, publication=reading.publication, **values()),
    )
    return render_template("results/page.html", title=title, active=active, body=body, charts=charts)


def dateline(reading: Reading, waves: tuple[queries.PublishedWave, ...]) -> list[str]:
    """When, how many answered, how many teams are shown."""
    publication = reading.publication
    series = [wave.id for wave in waves]
    place = series.index(publication.wave) + 1 if publication.wave in series else 0
    facts = [publication.name]
    if len(series) > 1 and place:
        facts.append(_("wave %(place)s of %(all)s", place=place, all=len(series)))
    facts.append(wording.answered(reading))
    teams, shown = len(reading.teams), len(reading.shown_teams)
    facts.append(
        ngettext("%(shown)s of %(num)s team shown", "%(shown)s of %(num)s teams shown", teams, shown=shown)
    )
    if g.actor.organization.demo:
        facts.append(_("Demo data"))
    return facts
