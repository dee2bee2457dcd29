"""What this room keeps of people: names in what is told of a cooperation."""

from coordination.cooperation.models import Cooperation, MunicipalContribution, Partner
from core.languages import _l
from core.named import texts

COOPERATION = texts(
    Cooperation, _l("Records of cooperation in which the name stands"), "title", "what_worked", "do_differently"
)
PARTNER = texts(Partner, _l("What organizations give and gain, with the name"), "contribution", "benefit")
CONTRIBUTION = texts(MunicipalContribution, _l("What the municipality gives, with the name"), "note")
ALL = (COOPERATION, PARTNER, CONTRIBUTION)
