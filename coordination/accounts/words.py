"""The history's short names in words. Names of rooms above may be missing here: then the short name itself is shown."""

from core.history import HistoryLine
from core.languages import _l

VERBS = {
    "accept": _l("accepted"),
    "accounts": _l("accounts read"),
    "activate": _l("activated"),
    "add": _l("added"),
    "answer": _l("answered"),
    "answer_by_phone": _l("answered by phone, entered by the clerk"),
    "appoint": _l("appointed"),
    "archive": _l("archived"),
    "assign": _l("role given"),
    "attendance": _l("attendance read"),
    "book": _l("booked"),
    "cancel": _l("cancelled"),
    "change_password": _l("password changed"),
    "close": _l("closed"),
    "contacts": _l("contacts read"),
    "create": _l("entered"),
    "deactivate": _l("deactivated"),
    "delete": _l("deleted"),
    "edit": _l("changed"),
    "freeze": _l("copy kept"),
    "erase": _l("personal data deleted"),
    "give_out": _l("personal data given out"),
    "end": _l("ended"),
    "end_assignment": _l("role ended"),
    "end_sessions": _l("signed out everywhere"),
    "history": _l("history read"),
    "invite": _l("invited"),
    "language": _l("language chosen"),
    "link_person": _l("person set"),
    "members": _l("members read"),
    "move": _l("moved"),
    "note": _l("noted"),
    "people": _l("list of people read"),
    "person": _l("person read"),
    "publish_name": _l("name shown or hidden"),
    "record": _l("recorded"),
    "release": _l("released"),
    "reopen": _l("opened again"),
    "rewrite": _l("written anew"),
    "remove": _l("removed"),
    "restore": _l("taken back from the archive"),
    "roster": _l("names on seats read"),
    "run": _l("carried out"),
    "save": _l("saved"),
    "schedule": _l("scheduled"),
    "security": _l("sign-in changed"),
    "send": _l("sent"),
    "set_topics": _l("topics set"),
    "take_back": _l("taken back"),
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
    "contact_note": _l("Contact"),
    "feed_token": _l("Calendar subscription"),
    "history": _l("History"),
    "instance": _l("Installation"),
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


#: columns of tables in words, for those whose data they hold; a column that is missing here is left to programs
COLUMNS = {
    "about": _l("About what"),
    "action": _l("What was done"),
    "active": _l("May sign in"),
    "agenda_item": _l("Agenda item"),
    "answer": _l("Answer"),
    "answered_at": _l("Answered"),
    "archived_at": _l("Archived"),
    "at": _l("When"),
    "by_you": _l("Done with the account"),
    "chair_name": _l("Chair"),
    "channel": _l("How"),
    "committee": _l("Committee"),
    "confirmed_at": _l("Address confirmed"),
    "created_at": _l("Made"),
    "email": _l("E-mail"),
    "ends_on": _l("Until"),
    "family_name": _l("Family name"),
    "first_told_at": _l("First told"),
    "form_of_address": _l("Form of address"),
    "function": _l("Function"),
    "given_name": _l("Given name"),
    "guests": _l("Guests"),
    "happened_on": _l("When"),
    "holds": _l("Meaning"),
    "language": _l("Language"),
    "last_used_on": _l("Last used"),
    "name": _l("Name"),
    "name_public_since": _l("Name shown in public since"),
    "named": _l("Named"),
    "named_as": _l("Named as"),
    "new": _l("New"),
    "object_type": _l("Where"),
    "old": _l("Before"),
    "on": _l("When"),
    "organization": _l("Organization"),
    "phone": _l("Phone"),
    "presence": _l("Attendance"),
    "queued_at": _l("Written"),
    "reminded_at": _l("Reminded"),
    "revoked_at": _l("Ended"),
    "role": _l("Role"),
    "saved_at": _l("Saved"),
    "seat": _l("Seat"),
    "secretary_name": _l("Secretary"),
    "sent_at": _l("Sent"),
    "sitting": _l("Sitting"),
    "starts_on": _l("Since"),
    "subject": _l("Subject"),
    "text": _l("Text"),
    "to_address": _l("To"),
    "told_at": _l("Last told"),
    "told_place": _l("Place"),
    "told_start": _l("Beginning"),
    "topics": _l("Topics"),
}


def say_column(name: str) -> str:
    """A column in words; empty for one that says nothing to people."""
    return str(COLUMNS.get(name, ""))
