"""What this room keeps of people: names in what is written about projects."""

from coordination.projects.models import Milestone, Project
from core.languages import _l
from core.named import texts

PROJECT = texts(Project, _l("Projects in whose texts the name stands"), "title", "text", "reason")
MILESTONE = texts(Milestone, _l("Milestones with the name"), "title")
