"""The history's short names in words. Names of rooms above may be missing here: then the short name itself is shown."""

from core.history import HistoryLine
from core.languages import _l

VERBS = {
    "accept": _l("accepted"),
    "activate": _l("activated"),
    "add": _l("added"),
    "answer": _l("answered"),
    "appoint": _l("appointed"),
    "archive": _l("archived"),
    "assign": _l("role given"),
    "book": _l("booked"),
    "cancel": _l("cancelled"),
    "change_password": _l("password changed"),
    "close": _l("closed"),
    "create": _l("entered"),
    "deactivate": _l("deactivated"),
    "delete": _l("deleted"),
    "edit": _l("changed"),
    "end": _l("ended"),
    "end_assignment": _l("role ended"),
    "end_sessions": _l("signed out everywhere"),
    "invite": _l("invited"),
    "language": _l("language chosen"),
    "link_person": _l("person set"),
    "move": _l("moved"),
    "record": _l("recorded"),
    "release": _l("released"),
    "remove": _l("removed"),
    "restore": _l("taken back from the archive"),
    "save": _l("saved"),
    "schedule": _l("scheduled"),
    "security": _l("sign-in changed"),
    "send": _l("sent"),
    "sign_in_by_link": _l("signed in by a link"),
}

OBJECTS = {
    "account": _l("Account"),
    "agenda_item": _l("Agenda item"),
    "appointment": _l("Appointment"),
    "assignment": _l("Role"),
    "attendance": _l("Attendance"),
    "booking": _l("Booking"),
    "committee": _l("Committee"),
    "feed_token": _l("Calendar subscription"),
    "invitation": _l("Invitation"),
    "membership": _l("Membership"),
    "minutes": _l("Minutes"),
    "minutes_revision": _l("Minutes"),
    "organization": _l("Organization"),
    "person": _l("Person"),
    "place": _l("Place"),
    "reply": _l("Answer"),
    "seat": _l("Seat"),
    "sitting": _l("Sitting"),
    "text_page": _l("Page"),
}


def say_action(line: HistoryLine) -> str:
    """What was done: the verb of `room.verb`."""
    verb = line.action.partition(".")[2]
    return str(VERBS.get(verb, line.action))


def say_object(line: HistoryLine) -> str:
    """What it was done to: the kind of thing."""
    return str(OBJECTS.get(line.object_type, line.object_type))
