from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import FileField, StringField, TextAreaField

from webapp.domain.refusal import Refused, RefusedMany
from webapp.forms import BaseForm

MOST_FAULTS = 20


class FiguresForm(BaseForm):
    """A list of figures, pasted or as a file."""

    text = TextAreaField(_l("Paste the list"))
    file = FileField(_l("Or choose a file"))
    currency = StringField(
        _l("Currency of the spend"),
        description=_l("Three letters, such as EUR. One for all figures; needed where the list has a spend."),
    )

    def chosen(self) -> tuple[str, bytes]:
        """(name, content): the file if one was sent, else the pasted text."""
        sent = self.file.data
        if isinstance(sent, FileStorage) and sent.filename:
            return sent.filename, sent.read()
        return _("list"), (self.text.data or "").encode()

    def refuse_list(self, refused: Refused) -> None:
        """Every fault of a list by itself, as far as anybody would read them."""
        self.text.data = (self.text.data or "").replace("\0", "")  # no page can hold one
        faults = refused.refusals if isinstance(refused, RefusedMany) else [refused]
        for fault in faults[:MOST_FAULTS]:
            self.refuse(fault)
        if len(faults) > MOST_FAULTS:
            self.form_errors.append(_("And %(count)s more.", count=len(faults) - MOST_FAULTS))
