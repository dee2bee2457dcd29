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


class Topic(StrEnum):
    """The twelve topics of the survey. A municipality's own topics each belong to one of them."""

    RACISM_AND_DEMOCRACY = "racism_and_democracy"
    CULTURE = "culture"
    RELIGION = "religion"
    REFUGEES = "refugees"
    SOCIAL_AFFAIRS = "social_affairs"
    YOUTH_AND_EDUCATION = "youth_and_education"
    OPENING_OF_ADMINISTRATION = "opening_of_administration"
    GENDER = "gender"
    PLANNING = "planning"
    SPORT = "sport"
    LABOUR_MARKET = "labour_market"
    OTHER = "other"


TOPIC_LABELS = {
    Topic.RACISM_AND_DEMOCRACY: _l("Against racism and extremism, for democracy"),
    Topic.CULTURE: _l("Culture, intercultural activities"),
    Topic.RELIGION: _l("Religion, interreligious dialogue"),
    Topic.REFUGEES: _l("Refugees"),
    Topic.SOCIAL_AFFAIRS: _l("Social affairs, health, seniors"),
    Topic.YOUTH_AND_EDUCATION: _l("Youth, upbringing, education"),
    Topic.OPENING_OF_ADMINISTRATION: _l("Intercultural opening of the administration"),
    Topic.GENDER: _l("Gender-specific work"),
    Topic.PLANNING: _l("Urban planning and neighbourhoods"),
    Topic.SPORT: _l("Sport"),
    Topic.LABOUR_MARKET: _l("Labour market and economy"),
    Topic.OTHER: _l("Other topics"),
}


class PartnerRole(StrEnum):
    """What an organization is to the municipality, in general and in a cooperation. One may be several."""

    #: brings people: bridge builder, multiplier
    DOOR_OPENER = "door_opener"
    #: brings knowledge
    EXPERT = "expert"
    #: shapes it: partner and critical friend
    PARTNER = "partner"


PARTNER_ROLE_LABELS = {
    PartnerRole.DOOR_OPENER: _l("Door opener"),
    PartnerRole.EXPERT: _l("Expert"),
    PartnerRole.PARTNER: _l("Partner and critical friend"),
}
