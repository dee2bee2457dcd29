"""The networks that the rooms below may name to everybody: projects belong to one."""

from collections.abc import Sequence

from coordination.projects.networks import Network
from participation.committees import queries
from participation.committees.rules import NETWORKS


def public_networks() -> Sequence[Network]:
    """The networks and working groups that are public and kept up, by name."""
    return [
        Network(committee.organization_id, committee.slug, committee.name)
        for committee in queries.list_visible(frozenset())
        if committee.kind in NETWORKS
    ]
