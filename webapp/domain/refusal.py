"""The one way in which a rule says no."""


class Refused(Exception):  # noqa: N818 - the word of the house: a request is refused, the program has no error
    """A request that a rule does not allow; nothing was changed.

    `message` is a gettext msgid with named `str.format` fields, `values` fills them, `place` says where
    (file, line, column, field) and is put before the sentence. Shown on the command line, in forms and by the API.
    """

    def __init__(self, message: str, /, *, place: str = "", **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.values = values

    def __str__(self) -> str:
        sentence = self.message.format(**self.values)
        return f"{self.place}: {sentence}" if self.place else sentence


class RefusedMany(Refused):
    """Several refusals of one input, reported together (a file with more than one fault)."""

    def __init__(self, refusals: list[Refused]) -> None:
        super().__init__("{text}", text="\n".join(map(str, refusals)))
        self.refusals = refusals
