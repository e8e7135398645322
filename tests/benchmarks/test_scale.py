"""What the benchmark asks for is there: it takes some minutes and is in no gate, so a page that it cannot read shows late."""

from tests.benchmarks import scale
from tests.fixtures.pages import CheckingClient
from webapp.models import Wave


def test_each_page_that_is_measured_answers(owner: CheckingClient, published_wave: Wave) -> None:
    app = owner.application
    found = scale.pages(app)
    assert {"overview", "heatmap", "unit", "hype", "readout"} <= found.keys()
    for path in found.values():
        assert owner.get(path.format(slug="acme", wave=published_wave.id)).status_code == 200, path
