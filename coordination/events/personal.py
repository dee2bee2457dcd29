"""What this room keeps of people: names in what is written about events."""

from coordination.events.models import Event
from core.languages import _l
from core.named import texts

EVENT = texts(Event, _l("Events in whose texts the name stands"), "title", "text", "reason")
