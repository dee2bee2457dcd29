"""What is raised when a document cannot be made."""

from core.errors import Refused


class DocumentFailed(Refused):
    """No PDF was made. `message` is a whole sentence for the person who asked, and says what can be done."""
