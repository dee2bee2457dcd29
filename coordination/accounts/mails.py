"""What this room writes to people: invitation, sign-in link, new password. All mail goes through the outbox."""

from datetime import timedelta
from enum import Enum

from flask import current_app, has_request_context

from coordination.accounts.models import Account
from core.languages import DEFAULT, _, _l, chosen_language, in_language
from core.outbox import Mail, queue_mail

#: how long a sign-in link works
LINK_TIME = timedelta(minutes=30)
#: how long a link for a new password works
RESET_TIME = timedelta(hours=2)


class FactorNews(Enum):
    """What became of somebody's second factor, as their mail says it."""

    ON = _l(
        "From now on, signing in asks for a code of your authenticator app as well. "
        "You are signed out on all other devices."
    )
    OFF = _l(
        "Your second factor was turned off: signing in asks for no code any more. "
        "You are signed out on all other devices."
    )
    TAKEN_OFF = _l(
        "The administration took the second factor off your account, and signed you out everywhere. "
        "Please set it up again."
    )
    CODES = _l("You have new recovery codes. Those before are no longer valid.")
    CODE_USED = _l("One of your recovery codes was used. It is not valid any more.")
    STOPPED = _l(
        "Too many wrong codes were entered for your account: whoever did it knows your password or gets into your "
        "mailbox. Codes of your app are not taken for a while now, for a day at most. "
        "Until then you can sign in with a recovery code."
    )


def address_of(endpoint: str, **values: object) -> str:
    """The whole address of a page, by the setting and never by the Host header, which anybody may forge."""
    settings = current_app.config["SETTINGS"]
    return str(settings.public_url + current_app.url_map.bind("").build(endpoint, values))


def language_for(account: Account) -> str:
    """The language of a mail to the account: its own, else that of the page asked from, else German."""
    return account.language or (chosen_language() if has_request_context() else DEFAULT)


def queue_invitation(account: Account) -> None:
    """Within a transaction: tell somebody that there is an account for them, and how to sign in."""
    body_name = current_app.config["SETTINGS"].body_name
    with in_language(account.language or DEFAULT):
        text = _(
            "Hello,\n\n"
            "there is an account for you on the site where %(body)s and its organizations plan together.\n\n"
            "You need no password. Open this page, enter your e-mail address %(email)s, and we send you a link:\n"
            "%(url)s\n\n"
            "If you did not expect this mail, you need not do anything.",
            body=body_name,
            email=account.email,
            url=address_of("security.login"),
        )
        subject = _("Your account with %(body)s", body=body_name)
    queue_mail(Mail(account.email, _name_of(account), subject, text))


def queue_sign_in_link(account: Account, token: str, target: str) -> None:
    """Within a transaction: send the link that signs in, and leads on to `target`, a path within the site."""
    with in_language(language_for(account)):
        text = _(
            "Hello,\n\n"
            "with this link you sign in:\n"
            "%(url)s\n\n"
            "It works once, within %(minutes)d minutes. Please do not pass it on.\n"
            "If you did not ask for it, you need not do anything.",
            url=address_of("sign_in.open_link", token=token, **({"next": target} if target else {})),
            minutes=int(LINK_TIME.total_seconds() // 60),
        )
        subject = _("Your link to sign in")
    queue_mail(Mail(account.email, _name_of(account), subject, text))


def queue_reset_link(account: Account, token: str) -> None:
    """Within a transaction: send the link with which a new password is chosen."""
    with in_language(language_for(account)):
        text = _(
            "Hello,\n\n"
            "with this link you choose a new password:\n"
            "%(url)s\n\n"
            "It works for %(hours)d hours. If you did not ask for it, you need not do anything.",
            url=address_of("security.reset_password", token=token),
            hours=int(RESET_TIME.total_seconds() // 3600),
        )
        subject = _("Choose a new password")
    queue_mail(Mail(account.email, _name_of(account), subject, text))


def queue_password_notice(account: Account) -> None:
    """Within a transaction: tell the owner that the password was changed, in case it was somebody else."""
    with in_language(language_for(account)):
        text = _(
            "Hello,\n\n"
            "the password of your account %(email)s was just changed, and all other devices were signed out.\n\n"
            "If it was not you, choose a new password at once:\n"
            "%(url)s",
            email=account.email,
            url=address_of("security.forgot_password"),
        )
        subject = _("Your password was changed")
    queue_mail(Mail(account.email, _name_of(account), subject, text))


def queue_factor_news(account: Account, news: FactorNews) -> None:
    """Within a transaction: tell the owner what became of the second factor, in case it was somebody else."""
    with in_language(language_for(account)):
        text = _(
            "Hello,\n\n"
            "this is about your account %(email)s. %(news)s\n\n"
            "If it was not you, please open your account at once, sign out on all other devices "
            "and tell the administration:\n"
            "%(url)s",
            email=account.email,
            news=news.value,
            url=address_of("account.show"),
        )
        subject = _("Your second factor for signing in")
    queue_mail(Mail(account.email, _name_of(account), subject, text))


def _name_of(account: Account) -> str:
    return account.person.name if account.person else ""
