"""The words of each finding: one maker a code.

A maker gets the values of a finding with the names of its unit and practices, and returns a sentence in which **two
stars** mark what stands out: there the page puts the link to the numbers. `SEVERAL` says the same of many units at once.
"""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

Values = Mapping[str, int | str]
Maker = Callable[[Values], str]

FEWEST = 3  # one practice of so many


def highest(v: Values) -> str:
    if v["whole"]:
        return _("%(practice)s is **highest, at %(score)s** (likely %(low)s to %(high)s).", **v)
    return _("In %(unit)s, %(practice)s is **highest, at %(score)s** (likely %(low)s to %(high)s).", **v)


def lowest(v: Values) -> str:
    if v["whole"]:
        return _("%(practice)s is **lowest, at %(score)s** (likely %(low)s to %(high)s).", **v)
    return _("In %(unit)s, %(practice)s is **lowest, at %(score)s** (likely %(low)s to %(high)s).", **v)


def highest_few(v: Values) -> str:
    v = _from_to(v)
    if v["whole"]:
        return _("%(names)s are **highest, at %(span)s**, clearly above the other %(others)s practices.", **v)
    return _("In %(unit)s, %(names)s are **highest, at %(span)s**.", **v)


def lowest_few(v: Values) -> str:
    v = _from_to(v)
    if v["whole"]:
        return _("%(names)s are **lowest, at %(span)s**, clearly below the other %(others)s practices.", **v)
    return _("In %(unit)s, %(names)s are **lowest, at %(span)s**.", **v)


def _from_to(v: Values) -> Values:
    alone = v["least"] == v["most"]
    return {**v, "span": v["least"] if alone else _("%(least)s to %(most)s", **v)}


def practices_apart(v: Values) -> str:
    return _("%(practice)s, at %(score)s, is **clearly above** %(names)s, at %(least)s.", **v)


def differ(v: Values) -> str:
    """Over how many practices the teams differ; the ends of one where they stand apart."""
    if v["practices"] == v["of"]:
        text = _("Teams **differ in all %(of)s practices**.", **v)
    else:
        text = _("Teams **differ in %(practices)s of %(of)s practices**.", **v)
    if "upper" not in v:
        return text
    ends = _(
        "In %(practice)s they stand from %(lower_score)s in %(lower)s to %(upper_score)s in %(upper)s.", **v
    )
    return f"{text} {ends}"


def widest(v: Values) -> str:
    """What publications up to this rule's end have in store."""
    return _(
        "In %(practice)s **teams lie apart**: from %(lower_score)s in %(lower)s to %(upper_score)s in %(upper)s.",
        **v,
    )


def island(v: Values) -> str:
    text = _(
        "%(unit)s is **an island**: it stands at %(score)s in %(practice)s, where all together stand at %(whole_score)s.",
        **v,
    )
    same = _("The same in %(other_names)s.", **v)
    return f"{text} {same}" if v["other_names"] else text


def lead_more(v: Values) -> str:
    return _by_choice(_lead_more(v))


def lead_less(v: Values) -> str:
    return _by_choice(_lead_less(v))


def _by_choice(text: str) -> str:
    chose = _("The leader chose to show this.")
    return f"{text} {chose}"


def _lead_more(v: Values) -> str:
    if _few(v):
        return _(
            "%(leader)s **sees more than its people**: %(lead)s against %(score)s on what both were asked.",
            **_led(v),
        )
    return _(
        "%(leader)s **sees more than its people** in %(practices)s of the %(of)s practices that compare:"
        " %(lead)s against %(score)s on what both were asked.",
        **_led(v),
    )


def _lead_less(v: Values) -> str:
    if _few(v):
        return _(
            "%(leader)s **sees less than its people**: %(lead)s against %(score)s on what both were asked.",
            **_led(v),
        )
    return _(
        "%(leader)s **sees less than its people** in %(practices)s of the %(of)s practices that compare:"
        " %(lead)s against %(score)s on what both were asked.",
        **_led(v),
    )


def _few(v: Values) -> bool:
    """Whether so few practices are called by themselves that only all of them together tell."""
    return int(v["practices"]) * FEWEST < int(v["of"])


def _led(v: Values) -> Values:
    """The values with the leader, never by name."""
    alone = v["leads"] == 1
    return {**v, "leader": _("The leader of %(unit)s", **v) if alone else _("A leader of %(unit)s", **v)}


def spread_few(v: Values) -> str:
    return _("%(names)s: **fewer than one in ten** of those who answered practise it.", **v)


def spread_islands(v: Values) -> str:
    return _(
        "%(names)s: **practice lives in islands**. Which team people are in says much about whether they practise.",
        **v,
    )


def spread_broad(v: Values) -> str:
    return _(
        "%(names)s: **practice is broad**. At least four in ten of those who answered practise, and teams differ little.",
        **v,
    )


def leaders_more(v: Values) -> str:
    return _(
        "Leaders **see more than their teams** in %(practice)s: %(leaders)s against %(teams)s,"
        " a gap of %(gap)s (likely %(low)s to %(high)s).",
        **v,
    )


def leaders_less(v: Values) -> str:
    return _(
        "Leaders **see less than their teams** in %(practice)s: %(leaders)s against %(teams)s,"
        " a gap of %(gap)s (likely %(low)s to %(high)s).",
        **v,
    )


def clearly_above(v: Values) -> str:
    if v["practices"] == v["of"]:
        return _("%(unit)s is **clearly above** the rest in all %(of)s practices.", **v)
    return _("%(unit)s is **clearly above** the rest in %(practices)s of %(of)s practices.", **v)


def clearly_below(v: Values) -> str:
    if v["practices"] == v["of"]:
        return _("%(unit)s is **clearly below** the rest in all %(of)s practices.", **v)
    return _("%(unit)s is **clearly below** the rest in %(practices)s of %(of)s practices.", **v)


def participation_low(v: Values) -> str:
    return _(
        "Whether those who answered **stand for the rest**: about %(percent)s\u00a0%% took part, and below 60\u00a0%% we say “low”.",
        **v,
    )


def silent(v: Values) -> str:
    return _("What %(unit)s thinks: **under a quarter answered**.", **v)


def divided(v: Values) -> str:
    return _(
        "What %(unit)s thinks of %(names)s: **the answers are divided**, so the mean stands for few of them.",
        **v,
    )


def unknown(v: Values) -> str:
    return _(
        "Where %(unit)s stands in %(names)s: more than 30\u00a0%% of the answers **were “I don’t know”**.",
        **v,
    )


def low_response(v: Values) -> str:
    return _("Whether those who answered in %(unit)s **stand for the rest**: fewer than 60\u00a0%% did.", **v)


def uneven(v: Values) -> str:
    return _(
        "How sure the range of %(unit)s is: **its parts answered very unequally**, and it holds for equal response.",
        **v,
    )


MAKERS: tuple[Maker, ...] = (
    highest,
    lowest,
    highest_few,
    lowest_few,
    practices_apart,
    differ,
    widest,
    island,
    leaders_more,
    leaders_less,
    lead_more,
    lead_less,
    spread_few,
    spread_islands,
    spread_broad,
    clearly_above,
    clearly_below,
    participation_low,
    silent,
    divided,
    unknown,
    low_response,
    uneven,
)
SENTENCES: dict[str, Maker] = {maker.__name__: maker for maker in MAKERS}

# Of several units together; %(units)s are their names.
SEVERAL: dict[str, Callable[[str], str]] = {
    "island": lambda units: _(
        "%(units)s are **islands**: in practices that the organization as a whole does not reach, they stand at 60 or more.",
        units=units,
    ),
    "clearly_above": lambda units: _(
        "%(units)s are **clearly above** the rest, each in a third of the practices or more.", units=units
    ),
    "clearly_below": lambda units: _(
        "%(units)s are **clearly below** the rest, each in a third of the practices or more.", units=units
    ),
    "lead_more": lambda units: _(
        "The leaders of %(units)s **see more than their people**. They chose to show this.", units=units
    ),
    "lead_less": lambda units: _(
        "The leaders of %(units)s **see less than their people**. They chose to show this.", units=units
    ),
    "silent": lambda units: _("What %(units)s think: **under a quarter answered**.", units=units),
    "divided": lambda units: _(
        "What %(units)s think of some practices: **the answers are divided**, so the mean stands for few of them.",
        units=units,
    ),
    "unknown": lambda units: _(
        "Where %(units)s stand in some practices: more than 30\u00a0%% of the answers **were “I don’t know”**.",
        units=units,
    ),
    "low_response": lambda units: _(
        "Whether those who answered in %(units)s **stand for the rest**: fewer than 60\u00a0%% did.",
        units=units,
    ),
    "uneven": lambda units: _(
        "How sure the ranges of %(units)s are: **their parts answered very unequally**, and a range holds for equal"
        " response.",
        units=units,
    ),
}
