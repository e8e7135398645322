from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import FileField, HiddenField, SelectField, StringField, TextAreaField

from webapp import language as languages
from webapp.domain.letter_text import LONGEST_SUBJECT, Letter
from webapp.domain.recurring import typed_days
from webapp.domain.refusal import Refused, RefusedMany
from webapp.forms import BaseForm


class PeopleForm(BaseForm):
    """A list of people, pasted or as a file."""

    text = TextAreaField(_l("Paste the list"))
    file = FileField(_l("Or choose a file"))

    def chosen(self) -> tuple[str, bytes]:
        """(name, content): the file if one was sent, else the pasted text."""
        sent = self.file.data
        if isinstance(sent, FileStorage) and sent.filename:
            return sent.filename, sent.read()
        return _("list"), (self.text.data or "").encode()

    def refuse_list(self, refused: Refused) -> None:
        """Every fault of a list by itself."""
        for fault in refused.refusals if isinstance(refused, RefusedMany) else [refused]:
            self.refuse(fault)


class DaysForm(BaseForm):
    """On which days those who have not answered are reminded."""

    days = StringField(
        _l("Remind on these days after the opening"),
        description=_l("Such as “5, 10”. Blank for never. From eight in the morning on."),
    )

    def chosen(self) -> list[int]:
        """The numbers that were typed; raises Refused where something else stands there."""
        return typed_days(self.days.data or "")


class LanguageForm(BaseForm):
    """In which language the letters of a wave are."""

    language = SelectField(
        _l("Language"),
        choices=languages.names,
        description=_l("The form itself follows each reader’s browser."),
        validate_choice=False,  # the command checks it, and says what is wrong
    )


class LetterForm(BaseForm):
    """The words of one letter in one language, which goes along: somebody may choose another one meanwhile."""

    language = HiddenField()
    subject = StringField(_l("Subject"))
    text = TextAreaField(_l("Text"))

    def __init__(self, letter: Letter, spoken: str) -> None:
        super().__init__(data={"subject": letter.subject, "text": letter.text, "language": spoken})
        self.language.data = languages.spoken(self.language.data or "")
        self.subject.render_kw = {"maxlength": LONGEST_SUBJECT, "autocomplete": "off"}
