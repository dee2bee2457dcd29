"""Forms of sign-in (the library's, with our words), of the account and of the administration."""

from typing import Any

from flask import request
from flask_login import current_user
from flask_security.forms import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    ResetPasswordForm,
    TwoFactorRescueForm,
    TwoFactorVerifyCodeForm,
)
from flask_security.forms import VerifyForm as LibraryVerifyForm
from flask_security.recovery_codes import MfRecoveryForm
from wtforms.fields import EmailField, RadioField, StringField
from wtforms.validators import Optional

from coordination.accounts import sign_in_log
from coordination.accounts.operations import Duty
from coordination.accounts.rules import ROLE_LABELS, Role, is_inside, plain_digits
from core.forms import (
    BooleanField,
    DateField,
    Form,
    HiddenField,
    LineField,
    OptionalIdField,
    SelectField,
    choices,
    chosen,
    needed,
)
from core.languages import _, _l


def _relabel(form: Any, **labels: str) -> None:
    for name, text in labels.items():
        form[name].label.text = text


class SignInForm(LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = self.next.data if is_inside(self.next.data) else ""
        _relabel(self, email=_("E-mail"), password=_("Password"), remember=_("Stay signed in on this device"))

    def validate(self, **kwargs: Any) -> bool:
        """As the library's; what fails is logged."""
        valid = bool(super().validate(**kwargs))
        if not valid:
            sign_in_log.failed("password", getattr(self.user, "id", None))
        return valid


class VerifyForm(LibraryVerifyForm):
    """The password once more, before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = self.next.data if is_inside(self.next.data) else ""
        _relabel(self, password=_("Password"))

    def validate(self, **kwargs: Any) -> bool:
        """As the library's; what fails is logged."""
        valid = bool(super().validate(**kwargs))
        if not valid:
            sign_in_log.failed("password again", getattr(current_user, "id", None))
        return valid


class ForgottenForm(ForgotPasswordForm):
    """Where to send the link for a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, email=_("E-mail"))


class ResetForm(ResetPasswordForm):
    """A new password, after it was forgotten."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, password=_("New password"), password_confirm=_("New password once more"))


class NewPasswordForm(ChangePasswordForm):
    """A new password, knowing the one before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.flags.required = True
        _relabel(
            self,
            password=_("Password so far"),
            new_password=_("New password"),
            new_password_confirm=_("New password once more"),
        )


def _app_code() -> StringField:
    """A field for the six digits that an authenticator app shows."""
    return StringField(
        _l("Code of the app"),
        [needed()],
        filters=[lambda text: plain_digits(str(text or "")).strip()],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 20, "dir": "ltr"},
    )


class CodeForm(TwoFactorVerifyCodeForm):
    """The code of the app, after the password or the link."""

    code = _app_code()

    def validate(self, **kwargs: Any) -> bool:
        """As the library's; what fails is logged."""
        valid = bool(super().validate(**kwargs))
        if not valid:
            sign_in_log.failed("code", getattr(self.user, "id", None))
        if not valid and not self.errors:  # taken off since the password was given
            self.form_errors.append(_("Please begin once more with your password or with a link."))
        return valid


class NoRescueForm(TwoFactorRescueForm):
    """What the library offers for a lost app, none of which is shown: its page leads to the recovery code by itself."""

    help_setup = RadioField(choices=[], validate_choice=False)


class RecoveryForm(MfRecoveryForm):
    """A recovery code in its place."""

    code = StringField(
        _l("Recovery code"),
        [needed()],
        filters=[lambda text: str(text or "").strip()],
        render_kw={"autocomplete": "off", "maxlength": 40, "dir": "ltr", "spellcheck": "false"},
    )

    def validate(self, **kwargs: Any) -> bool:
        """As the library's; what fails is logged."""
        valid = bool(super().validate(**kwargs))
        if not valid:
            sign_in_log.failed("recovery code", getattr(self.user, "id", None))
        return valid


class ProofForm(Form):
    """A code of the app so far or a recovery code, for whoever has a second factor."""

    proof = StringField(
        _l("Code of the app so far, or a recovery code"),
        filters=[lambda text: str(text or "").strip()],
        render_kw={"autocomplete": "one-time-code", "maxlength": 40, "dir": "ltr", "spellcheck": "false"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if current_user.second_factor_since is None:
            del self.proof
        else:  # judged with the deed: who sends a form twice may have had no second factor the first time
            self.proof.flags.required = True

    @property
    def shown(self) -> str:
        """What was entered, "" where nothing is asked for."""
        return self.proof.data if self.proof else ""


class SetUpForm(ProofForm):
    """The first code of an app that was just told the secret on offer."""

    offer = HiddenField()
    code = _app_code()


class ConfirmForm(Form):
    """The button on a page that says what will happen."""


class LinkForm(Form):
    """Where to send a sign-in link. It stands on the page of the password form, so its names have a prefix."""

    email = EmailField(
        _l("E-mail"), [needed()], render_kw={"autocomplete": "email"}, filters=[lambda text: (text or "").strip()]
    )
    next = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="link-", **kwargs)

    @classmethod
    def empty(cls) -> "LinkForm":
        """The form as it is shown first, leading on to where the person wanted to go."""
        wanted = request.args.get("next", "")
        return cls(formdata=None, data={"next": wanted if is_inside(wanted) else ""})


class EnterForm(Form):
    """The button on the page that a sign-in link opens."""

    remember = BooleanField(_l("Stay signed in on this device"))


class DutyForm(Form):
    """A role, for which organization, from when to when."""

    role = SelectField(_l("Role"), choices=choices(ROLE_LABELS.items()), coerce=Role, validators=[chosen()])
    organization = OptionalIdField(
        _l("Organization"),
        description=_l("A committee for a committee clerk, a department for its staff. None for the administration."),
    )
    starts_on = DateField(_l("First day"), [Optional()])
    ends_on = DateField(_l("Last day"), [Optional()], description=_l("Empty: until further notice."))

    def duty(self) -> Duty:
        """What was entered."""
        return Duty(self.role.data, self.organization.data, self.starts_on.data, self.ends_on.data)


class InviteForm(DutyForm):
    """Somebody gets an account, with a first role."""

    email = LineField(_l("E-mail"), required=True, longest=254, render_kw={"type": "email"})
    person = OptionalIdField(_l("Person"), description=_l("Under whose name the account is shown."))


class PersonForm(Form):
    """Who signs in with the account."""

    person = OptionalIdField(_l("Person"))


class EndForm(Form):
    """The last day of a role."""

    ends_on = DateField(_l("Last day"), [Optional()], description=_l("Empty: the role ends at once."))


class EraseForm(Form):
    """That what happens was read, and is wanted."""

    understood = BooleanField(_l("I have read what is deleted and what stays."), [chosen()])
