"""The story of a large organization still plays; here with few people, so that it does not rot between two large ones."""

from pathlib import Path

import pytest

from tests.fixtures.post_office import PostOffice
from tests.fixtures.servers import Server
from tests.invitations import large


def test_the_story_plays_and_all_is_as_it_must_be(
    tmp_path: Path, post_office: PostOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    with Server(tmp_path / "data", **large.settings_for(post_office)) as server:
        assert large.play(large.House(server, 40), post_office)
    said = capsys.readouterr().out
    assert "WRONG" not in said
    assert "links opened by the scanner                         120" in said
