from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from webapp.domain.passwords import MOST
from webapp.forms import BaseForm

MISSING = _l("This is needed.")
# Before letters are brought to one form a password may be longer than after; the rule for new ones counts then.
MOST_SENT = 4 * MOST


class SignInForm(BaseForm):
    email = StringField(
        _l("E-mail address"),
        [InputRequired(MISSING), Length(max=254, message=_l("At most 254 characters."))],
    )
    password = PasswordField(
        _l("Password"), [InputRequired(MISSING), Length(max=MOST_SENT, message=_l("This is too long."))]
    )


class PasswordForm(BaseForm):
    """A new password; the present one is asked for where there is one and signing in was a while ago."""

    current = PasswordField(
        _l("Your present password"), [Length(max=MOST_SENT, message=_l("This is too long."))]
    )
    new = PasswordField(
        _l("New password"),
        [InputRequired(MISSING), Length(max=MOST_SENT, message=_l("This is too long."))],
    )
    again = PasswordField(
        _l("The same once more"),
        [InputRequired(MISSING), EqualTo("new", message=_l("The two are not the same."))],
    )


class AskForm(BaseForm):
    """The address to which the link for a new password goes."""

    email = StringField(
        _l("E-mail address"),
        [InputRequired(MISSING), Length(max=254, message=_l("At most 254 characters."))],
    )


class CodeForm(BaseForm):
    """A code of the authenticator, or one of the recovery codes."""

    code = StringField(
        _l("Code"), [InputRequired(MISSING), Length(max=60, message=_l("At most 60 characters."))]
    )


class TurnOnForm(CodeForm):
    """The first code of a new authenticator. Its secret travels sealed, so that nothing is stored before it works."""

    sealed = HiddenField()
    current = PasswordField(
        _l("Your present password"), [Length(max=MOST_SENT, message=_l("This is too long."))]
    )
