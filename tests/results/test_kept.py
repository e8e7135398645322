"""Bodies of pages are made once."""

from types import SimpleNamespace
from typing import Any

from webapp.results import kept
from webapp.results.reading import Reading


def test_the_same_body_is_made_once(reading: Reading) -> None:
    made = []

    def make() -> str:
        made.append(1)
        return "<p>body</p>"

    assert kept.body(reading, "test", 1, make) == kept.body(reading, "test", 1, make)
    assert len(made) == 1


def test_another_reader_gets_another_body(reading: Reading) -> None:
    mine = Reading("kestrel", reading.publication, reading.questionnaire, frozenset({114}))
    assert kept.body(reading, "readers", 1, lambda: "all") == "all"
    assert kept.body(mine, "readers", 1, lambda: "mine") == "mine"


def test_another_language_gets_another_body(reading: Reading, kestrel: SimpleNamespace) -> None:
    assert kept.body(reading, "language", 1, lambda: "english") == "english"
    with kestrel.app.test_request_context():
        from flask_babel import force_locale  # noqa: PLC0415 - only here

        with force_locale("de"):
            assert kept.body(reading, "language", 1, lambda: "deutsch") == "deutsch"


def test_memory_has_an_end(reading: Reading, monkeypatch: Any) -> None:
    monkeypatch.setattr(kept, "MOST_CHARACTERS", 100)
    for spot in range(5):
        kept.body(reading, "long", spot, lambda: "x" * 60)
    assert sum(len(text) for _reading, text in kept._kept.values()) <= 100


def test_two_readers_of_one_page_do_not_mix(kestrel: SimpleNamespace) -> None:
    address = f"/o/kestrel/results/{kestrel.waves[-1]}/heatmap"
    first = kestrel.owner.get(address).text
    assert "Data platform" in first
    assert "Data platform" not in kestrel.leader.get(address).text
    again = kestrel.owner.get(address).text
    one, other = (text.partition("<main")[2].partition("</main")[0] for text in (first, again))
    assert one == other
