from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from webapp import language as languages
from webapp.domain.letter_text import LONGEST_SUBJECT, Letter
from webapp.domain.recurring import typed_days
from webapp.forms import BaseForm


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
