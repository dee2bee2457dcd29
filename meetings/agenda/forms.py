"""Form of an agenda item."""

from core.forms import BooleanField, LineField, LongTextField, VersionedForm
from core.languages import _l
from meetings.agenda.operations import Item
from meetings.agenda.rules import NUMBER_LENGTH, TITLE_LENGTH


class ItemForm(VersionedForm):
    """What can be said of an item."""

    title = LineField(_l("Title"), required=True, longest=TITLE_LENGTH)
    description = LongTextField(_l("What it is about"), description=_l("This stands in the invitation."))
    public = BooleanField(
        _l("Heard in public"), description=_l("Only the members of the committee see an item that is not public.")
    )
    number = LineField(
        _l("Number"),
        longest=NUMBER_LENGTH,
        description=_l("Leave this empty and the items are counted. A number that you enter stays."),
    )

    def item(self) -> Item:
        """What was entered."""
        return Item(
            title=self.title.data or "",
            description=self.description.data or "",
            public=self.public.data,
            number=self.number.data or "",
        )
