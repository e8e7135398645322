"""Keys that the pages need for themselves."""

import pytest

from webapp.domain.questionnaire_file import read
from webapp.domain.refusal import Refused

SMALLEST = """key: leadership
version: 1
title: Leadership climate
practices:
  - key: leadership
    title: Leadership
    items:
      - key: {key}
        forms: [team]
        text: Officers get willing cooperation.
        levels: [Strongly disagree, Disagree, Neither, Agree, Strongly agree]
"""


@pytest.mark.parametrize("key", ["csrf_token", "main"])
def test_an_item_cannot_take_a_name_that_the_page_uses(key: str) -> None:
    with pytest.raises(Refused, match=r"^small\.yaml:8:14: An item cannot have the key"):
        read(SMALLEST.format(key=key), "small.yaml")
