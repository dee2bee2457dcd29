"""Organizations that a letter reaches in every way there is."""

from types import SimpleNamespace

import pytest

from coordination.letters import operations
from coordination.organizations.rules import Kind, Topic
from coordination.people import operations as people
from core.access import SYSTEM


@pytest.fixture
def office(make_organization):
    return make_organization(
        "Kulturamt",
        kind=Kind.DEPARTMENT,
        email="kultur@stadt.example",
        phone="030 23125 142",
        address="Am Markt 1\n99998 Ahornbrück",
    )


@pytest.fixture
def circle(make_organization, make_person):
    """On culture: by mail, by the mail of two contacts, by post, unknown, not wanting any; and one on sport."""
    culture = {"topics": [Topic.CULTURE.value]}
    made = SimpleNamespace(
        choir=make_organization("Chor", email="chor@verein.example", **culture),
        dance=make_organization("Tanz", address="Hof 3\n99998 Ahornbrück"),
        library=make_organization("Bücherei", address="Weg 2\n\n99998 Ahornbrück", **culture),
        theatre=make_organization("Theater", **culture),
        drum=make_organization("Trommel", email="trommel@verein.example", **culture),
        club=make_organization("Boxclub", email="box@verein.example", topics=[Topic.SPORT.value]),
    )
    for name, language in (("Ada Ahorn", "de"), ("Ben Birke", "en")):
        person = make_person(name, email=f"{name.split()[0].lower()}@person.example", language=language)
        people.add_membership(SYSTEM, person.id, organization_id=made.dance.id, topics=[Topic.CULTURE])
    operations.object_to_letters(SYSTEM, made.drum.id, objects=True)
    return made
