"""What kinds of organizations there are."""

from enum import StrEnum

from core.languages import _l


class Kind(StrEnum):
    """What an organization is to the municipality. How it calls itself is kept beside it, in its own words."""

    MIGRANT_ORGANISATION = "migrant_organisation"
    DEPARTMENT = "department"
    ASSOCIATION = "association"
    WELFARE = "welfare"
    EDUCATION = "education"
    COMPANY = "company"
    POLITICAL = "political"
    COMMITTEE = "committee"
    OTHER = "other"


KIND_LABELS = {
    Kind.MIGRANT_ORGANISATION: _l("Migrant organization"),
    Kind.DEPARTMENT: _l("Department of the municipality"),
    Kind.ASSOCIATION: _l("Association"),
    Kind.WELFARE: _l("Welfare organization"),
    Kind.EDUCATION: _l("Education provider"),
    Kind.COMPANY: _l("Company"),
    Kind.POLITICAL: _l("Party or council group"),
    Kind.COMMITTEE: _l("Committee"),
    Kind.OTHER: _l("Other"),
}
