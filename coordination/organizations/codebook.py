"""What each column of a file of organizations means: its codebook, and the import's list of columns."""

from typing import Any

from flask_babel import LazyString

from coordination.organizations.languages import LANGUAGE_LABELS
from coordination.organizations.rules import (
    AIM_LABELS,
    KIND_LABELS,
    MO_KIND_LABELS,
    PARTNER_ROLE_LABELS,
    ROOM_SITUATION_LABELS,
    TARGET_GROUP_LABELS,
    TOPIC_LABELS,
    Kind,
)
from core.codebooks import YES_NO, Column
from core.languages import _l

_KINDS: dict[Any, LazyString] = {kind: label for kind, label in KIND_LABELS.items() if kind is not Kind.COMMITTEE}

#: each is named as the column of the table
COLUMNS = (
    Column("key", _l("Lasting short name, for example kulturverein-lindenhof; by it a file knows it again.")),
    Column("name", _l("Name.")),
    Column("kind", _l("What it is to the municipality."), _KINDS),
    Column("short_name", _l("Short name.")),
    Column("own_label", _l("What it calls itself, in its own words.")),
    Column("about", _l("About its work.")),
    Column("email", _l("Mail address of the organization; of a department it is public.")),
    Column("website", _l("Website.")),
    Column("phone", _l("Phone; of a department it is public.")),
    Column("integration_department", _l("It is the integration department."), YES_NO),
    Column("address", _l("Postal address.")),
    Column("kinds", _l("Kind of migrant organization. Several words with blanks between them."), MO_KIND_LABELS),
    Column("aims", _l("Aims. Several words with blanks between them."), AIM_LABELS),
    Column("roles", _l("Role toward the municipality. Several words with blanks between them."), PARTNER_ROLE_LABELS),
    Column("topics", _l("Topics. Several words with blanks between them."), TOPIC_LABELS),
    Column("target_groups", _l("For whom. Several words with blanks between them."), TARGET_GROUP_LABELS),
    Column("languages", _l("Languages. Several words with blanks between them."), LANGUAGE_LABELS),
    Column("services", _l("What it offers.")),
    Column("volunteers", _l("How many volunteers; empty: not told.")),
    Column("paid_staff", _l("How many paid staff; empty: not told.")),
    Column("rooms", _l("Its rooms; empty: not told."), ROOM_SITUATION_LABELS),
)
NAMES = tuple(column.name for column in COLUMNS)
REQUIRED = ("key", "name", "kind")
