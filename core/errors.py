"""What an operation or a query may answer instead of a result."""


class Refused(Exception):
    """An operation is not done, and nothing was changed.

    `message` is a whole, translated sentence for the person who asked; `field` names the form field it
    belongs to, or None when it concerns the whole. `status` is what a page answers with that shows nothing else.
    """

    status = 400

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Outdated(Refused):
    """Somebody else changed the row since the form was opened. What was typed is shown again, never lost."""

    status = 409


class NotSaved(Refused):
    """The database did not take it: its disk is full, it is away, or others kept it for too long."""

    status = 503


class NotFound(Exception):
    """There is no such object, or none that this person may see. Pages answer 404 for both."""


class Repeated(Exception):
    """The form that asks for this was sent before and has done its thing; nothing was changed now."""
