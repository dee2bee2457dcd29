"""Form of a personal feed."""

from calendars.feeds.rules import NAME_LENGTH, REMINDERS
from core.forms import BooleanField, Form, LineField, SelectField, choices, chosen
from core.languages import LANGUAGES, _l


class FeedForm(Form):
    """What a personal feed is called and how it speaks."""

    name = LineField(
        _l("Name"),
        required=True,
        longest=NAME_LENGTH,
        description=_l("So that you know it again, for example “My phone”."),
    )
    alarm_minutes = SelectField(
        _l("Reminder"),
        choices=choices((minutes or "", label) for minutes, label in REMINDERS.items()),
        coerce=lambda value: int(value) if value else None,
        description=_l("Google and Outlook do not take reminders from a feed: please set them there."),
    )
    language = SelectField(
        _l("Language of the entries"), choices=choices(LANGUAGES.items()), validators=[chosen()], default="de"
    )
    only_mine = BooleanField(
        _l("Only dates of committees and organizations to which I belong"),
        description=_l("Without this, the public dates of all others are in the calendar too."),
    )
