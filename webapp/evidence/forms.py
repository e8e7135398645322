from flask_babel import lazy_gettext as _l
from wtforms import StringField

from webapp.forms import ListForm


class FiguresForm(ListForm):
    """A list of figures, and their currency."""

    currency = StringField(
        _l("Currency of the spend"),
        description=_l("Three letters, such as EUR. One for all figures; needed where the list has a spend."),
    )
