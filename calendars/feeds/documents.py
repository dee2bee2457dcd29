"""Former place of the words of calendars; `calendars.sources.texts` now. To be deleted once nobody asks here."""

from calendars.sources import texts as _texts

__all__ = ["_texts"]
