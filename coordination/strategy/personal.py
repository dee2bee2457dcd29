"""What this room keeps of people: names in the texts of aims, measures and statements."""

from coordination.strategy.models import Aim, Measure, Statement
from core.languages import _l
from core.named import texts

AIM = texts(Aim, _l("Aims of the municipality in which the name stands"), "title", "text", "reason", "adopted_by")
MEASURE = texts(Measure, _l("Measures in which the name stands"), "title", "text", "reason", "adopted_by")
STATEMENT = texts(Statement, _l("What the municipality states of itself, with the name"), "note")
ALL = (AIM, MEASURE, STATEMENT)
