"""What Flask-Security says on our pages, in our words.

Its German catalogue is called de_DE, which a reader of `de` would never be shown; so texts are looked up in our own
catalogue first and then there.
"""

from typing import Any

from babel.support import Translations
from flask import Flask
from flask_security.babel import FsDomain

from core.languages import _, chosen_language

#: marks a text for the catalogue and leaves it as it is
N_ = str

#: what stands at fields and on top of pages, by the library's own key
MESSAGES: dict[str, tuple[str, str]] = {
    "GENERIC_AUTHN_FAILED": (N_("The e-mail address or the password is not right."), "error"),
    "UNAUTHENTICATED": (N_("Please sign in to see this page."), "error"),
    "REAUTHENTICATION_REQUIRED": (N_("Please show once more that it is you."), "error"),
    "REAUTHENTICATION_SUCCESSFUL": (N_("Thank you. You can go on now."), "success"),
    "INVALID_REDIRECT": (N_("This address lies outside of our site."), "error"),
    "PASSWORD_RESET_REQUEST": (
        N_("If there is an account for %(email)s, a mail with a link is on its way to it."),
        "info",
    ),
    "PASSWORD_RESET_EXPIRED": (N_("This link is no longer valid. Please ask for a new one."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (N_("This link is no longer valid. Please ask for a new one."), "error"),
    "PASSWORD_RESET_NO_LOGIN": (N_("Your new password is saved. You can sign in with it now."), "success"),
    "PASSWORD_CHANGE": (N_("Your new password is saved. All other devices are signed out."), "success"),
    "EMAIL_NOT_PROVIDED": (N_("Please fill in this field."), "error"),
    "PASSWORD_NOT_PROVIDED": (N_("Please fill in this field."), "error"),
    "INVALID_EMAIL_ADDRESS": (N_("Please enter an address like name@example.org."), "error"),
    "INVALID_PASSWORD": (N_("This is not your password."), "error"),
    "DISABLED_ACCOUNT": (N_("This account was deactivated."), "error"),
    "USER_DOES_NOT_EXIST": (N_("There is no account with this address."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (N_("The two passwords are not the same."), "error"),
    "PASSWORD_INVALID_LENGTH": (N_("Please use at least %(length)s characters for the password."), "error"),
    "PASSWORD_IS_THE_SAME": (N_("Please choose a password that differs from the one before."), "error"),
    "API_ERROR": (N_("The request could not be understood. Please go back and try again."), "error"),
    "TWO_FACTOR_INVALID_TOKEN": (
        N_("This code does not fit. Each works once: please wait for the next one if you have used this one already."),
        "error",
    ),
    "INVALID_RECOVERY_CODE": (N_("This is none of your recovery codes, or it was used before."), "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (N_("You are signed in."), "success"),
    "TWO_FACTOR_PERMISSION_DENIED": (N_("Please begin once more with your password or with a link."), "error"),
    "FORGOT_PASSWORD": (N_("Forgotten your password?"), "info"),
}


class Texts(FsDomain):
    """The library's texts: from our catalogue, else from its own, whose German goes by the name of de_DE."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)  # type: ignore[no-untyped-call]
        self.shipped = Translations.load(self.translation_directories[0], ["de_DE"], "flask_security")

    def gettext(self, string: str, **variables: Any) -> str:
        """The text in the reader's language, with the variables put in."""
        text = _(string)
        if text == string and chosen_language() == "de":
            text = self.shipped.gettext(string)
        return text % variables if variables else text
