"""What each column of the exported records means: the file's codebook, and the import's list of columns."""

from coordination.cooperation.rules import (
    CONTRIBUTION_LABELS,
    FIGURE_LABELS,
    FORMAT_LABELS,
    INITIATOR_LABELS,
    LEAD_LABELS,
    SOURCE_LABELS,
    STATUS_LABELS,
)
from coordination.organizations.rules import PARTNER_ROLE_LABELS, TOPIC_LABELS
from core.codebooks import YES_NO, Column
from core.languages import _l

SURVEY = _l("Survey of 32 municipalities on cooperation with migrant organizations, 2020")
#: told once a record, on its first line
FACTS = (
    Column("key", _l("Lasting short name of the record; further lines with the same key belong to it.")),
    Column("title", _l("Title.")),
    Column("format", _l("Level of the cooperation."), FORMAT_LABELS, SURVEY),
    Column(
        "regular_exchange",
        _l("It is regular exchange with umbrella bodies or working groups of migrant organizations."),
        YES_NO,
        SURVEY,
    ),
    Column("initiator_kind", _l("From whom the impulse came; empty: not known."), INITIATOR_LABELS, SURVEY),
    Column("initiator", _l("Key of the organization from which the impulse came.")),
    Column("starts_on", _l("First day, as 2026-11-19.")),
    Column("ends_on", _l("Last day; empty: still going on, or one day.")),
    Column("starts_at", _l("Time of the start on the clock on the wall, as 18:30.")),
    Column("status", _l("How far it has come; empty: held."), STATUS_LABELS),
    Column("participants", _l("How many people came; empty: not known.")),
    Column("what_worked", _l("What worked, in words.")),
    Column("do_differently", _l("What to do otherwise, in words.")),
    Column("measure", _l("Key of the measure of the strategy that it serves; empty: none.")),
    Column("figure", _l("Of committees: which of the three figures it counts for."), FIGURE_LABELS, SURVEY),
    Column("restricted", _l("Only the administration may read it."), YES_NO),
    Column("closed", _l("The record is complete and closed."), YES_NO),
)
#: each line may tell one of each; further lines with the same key tell more
PARTS = (
    Column("topic", _l("A topic: one of the survey's twelve, or the key of an own topic."), TOPIC_LABELS, SURVEY),
    Column("lead", _l("Who led."), LEAD_LABELS, SURVEY),
    Column("lead_since", _l("First day of this lead; empty: from the beginning.")),
    Column("partner", _l("Key of an organization that takes part.")),
    Column(
        "role",
        _l("What this organization is in the cooperation; empty: partner and critical friend."),
        PARTNER_ROLE_LABELS,
    ),
    Column("contribution", _l("What this organization gives, in words.")),
    Column("benefit", _l("What this organization gains, in words.")),
    Column("honorarium", _l("What this organization is paid, in euros; 0: nothing was agreed, empty: not known.")),
    Column("municipal_contribution", _l("Something that the municipality gives."), CONTRIBUTION_LABELS, SURVEY),
    Column("department", _l("Key of the department that gives it.")),
    Column("amount", _l("Its amount in euros, where it is money.")),
    Column("note", _l("More about it, in words.")),
)
#: told by the program alone: an import passes it over
TOLD = (Column("source", _l("Where the record comes from."), SOURCE_LABELS),)

REQUIRED = ("key", "title", "format")
IMPORTED = tuple(column.name for column in (*FACTS, *PARTS))
COLUMNS = (*FACTS, *TOLD, *PARTS)
EXPORTED = tuple(column.name for column in COLUMNS)
