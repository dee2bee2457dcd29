"""What kinds of organizations there are, and the words in which they describe themselves."""

from collections.abc import Iterable
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


#: part of the municipality: nobody consents or speaks for them as for others
MUNICIPAL_KINDS = frozenset({Kind.DEPARTMENT, Kind.COMMITTEE})


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


class MoKind(StrEnum):
    """Which kind of migrant organization it is; one may be several. Beside it stands how it names itself."""

    CULTURE = "culture"
    SPORT = "sport"
    PARENTS = "parents"
    WOMEN = "women"
    STUDENTS = "students"
    MOSQUE = "mosque"
    FAITH = "faith"
    COMPATRIOTS = "compatriots"
    BINATIONAL = "binational"
    FRIENDSHIP = "friendship"
    POLITICAL = "political"
    EDUCATION = "education"
    DEVELOPMENT = "development"
    ENTREPRENEURS = "entrepreneurs"
    POSTMIGRANT = "postmigrant"
    BLACK = "black"
    REFUGEES = "refugees"
    YOUTH_WELFARE = "youth_welfare"
    SENIORS = "seniors"
    UMBRELLA = "umbrella"


MO_KIND_LABELS = {
    MoKind.CULTURE: _l("Culture association"),
    MoKind.SPORT: _l("Sports club"),
    MoKind.PARENTS: _l("Parents' association"),
    MoKind.WOMEN: _l("Women's association"),
    MoKind.STUDENTS: _l("Students' association"),
    MoKind.MOSQUE: _l("Mosque community"),
    MoKind.FAITH: _l("Other faith community"),
    MoKind.COMPATRIOTS: _l("Association of compatriots"),
    MoKind.BINATIONAL: _l("Association of binational families"),
    MoKind.FRIENDSHIP: _l("Friendship society"),
    MoKind.POLITICAL: _l("Political organization"),
    MoKind.EDUCATION: _l("Provider of education"),
    MoKind.DEVELOPMENT: _l("Development group"),
    MoKind.ENTREPRENEURS: _l("Association of entrepreneurs"),
    MoKind.POSTMIGRANT: _l("Postmigrant or new German organization"),
    MoKind.BLACK: _l("Black organization"),
    MoKind.REFUGEES: _l("Initiative of refugees"),
    MoKind.YOUTH_WELFARE: _l("Provider of youth welfare"),
    MoKind.SENIORS: _l("Organization of older people"),
    MoKind.UMBRELLA: _l("Umbrella body"),
}


class Aim(StrEnum):
    """What an organization wants: the Mannheim matrix. See `AIMS` for its four fields."""

    IDENTITY = "identity"
    CULTURE = "culture"
    SERVICES = "services"
    EDUCATION = "education"
    RECOGNITION = "recognition"
    VISIBILITY = "visibility"
    INTERESTS = "interests"
    UNDERSTANDING = "understanding"
    INTEGRATION = "integration"
    ORIENTATION = "orientation"
    PROBLEM_SOLVING = "problem_solving"
    BELONGING = "belonging"
    TIES = "ties"
    LIVING_TOGETHER = "living_together"
    NETWORKING = "networking"
    TAKING_PART = "taking_part"


AIM_LABELS = {
    Aim.IDENTITY: _l("Identity"),
    Aim.CULTURE: _l("Culture and tradition"),
    Aim.SERVICES: _l("Services for the own community"),
    Aim.EDUCATION: _l("Education"),
    Aim.RECOGNITION: _l("Recognition"),
    Aim.VISIBILITY: _l("Visibility"),
    Aim.INTERESTS: _l("Representing interests"),
    Aim.UNDERSTANDING: _l("Understanding between peoples"),
    Aim.INTEGRATION: _l("Integration"),
    Aim.ORIENTATION: _l("First orientation of newcomers"),
    Aim.PROBLEM_SOLVING: _l("Solving problems of everyday life"),
    Aim.BELONGING: _l("Belonging"),
    Aim.TIES: _l("Ties to the country of origin"),
    Aim.LIVING_TOGETHER: _l("Living together"),
    Aim.NETWORKING: _l("Networking and cooperation"),
    Aim.TAKING_PART: _l("Taking part and shaping society"),
}


class AimField(StrEnum):
    """A field of the matrix: said openly or lived without saying so; for the own community or for the town."""

    EXPLICIT_INWARD = "explicit_inward"
    EXPLICIT_OUTWARD = "explicit_outward"
    IMPLICIT_INWARD = "implicit_inward"
    IMPLICIT_OUTWARD = "implicit_outward"


AIM_FIELD_LABELS = {
    AimField.EXPLICIT_INWARD: _l("Aims that we name, for our community"),
    AimField.EXPLICIT_OUTWARD: _l("Aims that we name, for the whole town"),
    AimField.IMPLICIT_INWARD: _l("What we also do for our community"),
    AimField.IMPLICIT_OUTWARD: _l("What we also do for the whole town"),
}
AIMS = {
    AimField.EXPLICIT_INWARD: (Aim.IDENTITY, Aim.CULTURE, Aim.SERVICES, Aim.EDUCATION),
    AimField.EXPLICIT_OUTWARD: (
        Aim.RECOGNITION,
        Aim.VISIBILITY,
        Aim.INTERESTS,
        Aim.UNDERSTANDING,
        Aim.INTEGRATION,
    ),
    AimField.IMPLICIT_INWARD: (Aim.ORIENTATION, Aim.PROBLEM_SOLVING, Aim.BELONGING, Aim.TIES),
    AimField.IMPLICIT_OUTWARD: (Aim.LIVING_TOGETHER, Aim.NETWORKING, Aim.TAKING_PART),
}


class TargetGroup(StrEnum):
    """For whom an organization works."""

    EVERYBODY = "everybody"
    CHILDREN = "children"
    YOUTH = "youth"
    FAMILIES = "families"
    WOMEN = "women"
    MEN = "men"
    OLDER_PEOPLE = "older_people"
    NEWCOMERS = "newcomers"
    REFUGEES = "refugees"
    STUDENTS = "students"
    JOB_SEEKERS = "job_seekers"
    ENTREPRENEURS = "entrepreneurs"
    QUEER_PEOPLE = "queer_people"
    DISABLED_PEOPLE = "disabled_people"
    ORGANIZATIONS = "organizations"


TARGET_GROUP_LABELS = {
    TargetGroup.EVERYBODY: _l("Everybody"),
    TargetGroup.CHILDREN: _l("Children"),
    TargetGroup.YOUTH: _l("Young people"),
    TargetGroup.FAMILIES: _l("Parents and families"),
    TargetGroup.WOMEN: _l("Women"),
    TargetGroup.MEN: _l("Men"),
    TargetGroup.OLDER_PEOPLE: _l("Older people"),
    TargetGroup.NEWCOMERS: _l("People who have just arrived"),
    TargetGroup.REFUGEES: _l("People who had to flee"),
    TargetGroup.STUDENTS: _l("Students"),
    TargetGroup.JOB_SEEKERS: _l("People looking for work"),
    TargetGroup.ENTREPRENEURS: _l("Entrepreneurs"),
    TargetGroup.QUEER_PEOPLE: _l("Queer people"),
    TargetGroup.DISABLED_PEOPLE: _l("People with disabilities"),
    TargetGroup.ORGANIZATIONS: _l("Other organizations"),
}


class RoomSituation(StrEnum):
    """Where an organization meets; most have no rooms of their own."""

    OWN = "own"
    SHARED = "shared"
    MUNICIPAL = "municipal"
    GUEST = "guest"
    NONE = "none"


ROOM_SITUATION_LABELS = {
    RoomSituation.OWN: _l("Own or rented rooms"),
    RoomSituation.SHARED: _l("Rooms shared with others"),
    RoomSituation.MUNICIPAL: _l("Rooms of the municipality"),
    RoomSituation.GUEST: _l("Guest of another organization"),
    RoomSituation.NONE: _l("No rooms"),
}


class Phase(StrEnum):
    """How far a network of organizations has grown. A model with no sharp edge: people choose, nothing counts."""

    INITIATIVE = "initiative"
    NETWORK = "network"
    ALLIANCE = "alliance"


PHASE_LABELS = {
    Phase.INITIATIVE: _l("Local initiative"),
    Phase.NETWORK: _l("Local network"),
    Phase.ALLIANCE: _l("Local alliance"),
}


class Criterion(StrEnum):
    """What can be true of a network; by it the phases are told apart."""

    NON_BINDING = "non_binding"
    GETTING_TO_KNOW = "getting_to_know"
    STARTED_BY_MUNICIPALITY = "started_by_municipality"
    REGULAR_SITTINGS = "regular_sittings"
    RESOLUTIONS = "resolutions"
    REGISTERED = "registered"
    ORGANS = "organs"
    CLEAR_CONTACTS = "clear_contacts"
    PROVEN_ORGANS = "proven_organs"
    OFFICE = "office"
    STAFF = "staff"
    LOCAL_UMBRELLA = "local_umbrella"


CRITERION_LABELS = {
    Criterion.NON_BINDING: _l("Meets without obligation"),
    Criterion.GETTING_TO_KNOW: _l("Is about getting to know each other"),
    Criterion.STARTED_BY_MUNICIPALITY: _l("Was started by the municipality"),
    Criterion.REGULAR_SITTINGS: _l("Has regular sittings"),
    Criterion.RESOLUTIONS: _l("Passes resolutions"),
    Criterion.REGISTERED: _l("Is a registered association"),
    Criterion.ORGANS: _l("Has a board and a general meeting"),
    Criterion.CLEAR_CONTACTS: _l("Has clear contact persons"),
    Criterion.PROVEN_ORGANS: _l("Its board and general meeting have proved themselves"),
    Criterion.OFFICE: _l("Has one or more offices"),
    Criterion.STAFF: _l("Has paid staff"),
    Criterion.LOCAL_UMBRELLA: _l("Is the umbrella body of the town"),
}
#: which phase a criterion speaks for
CRITERIA = {
    Phase.INITIATIVE: (Criterion.NON_BINDING, Criterion.GETTING_TO_KNOW, Criterion.STARTED_BY_MUNICIPALITY),
    Phase.NETWORK: (
        Criterion.REGULAR_SITTINGS,
        Criterion.RESOLUTIONS,
        Criterion.REGISTERED,
        Criterion.ORGANS,
        Criterion.CLEAR_CONTACTS,
    ),
    Phase.ALLIANCE: (Criterion.PROVEN_ORGANS, Criterion.OFFICE, Criterion.STAFF, Criterion.LOCAL_UMBRELLA),
}
#: beyond this a number of people is a slip of the hand
MOST_PEOPLE = 99_999


def in_order(words: Iterable[str], kind: type[StrEnum]) -> list[str]:
    """The words of a list as they are kept: each once, in the order of the enumeration."""
    wanted = set(words)
    return [word.value for word in kind if word in wanted] if wanted else []
