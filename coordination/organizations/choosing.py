"""Choosing one of many organizations: a short list, and a search by name beside it, in one form and without scripts.

Two thousand names in a list help nobody. So the list holds the few that are likely, and a part of another one's name
finds it: exactly one is taken; of several the form offers these alone in its list, to be chosen from.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Select

from coordination.organizations import queries
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from core.database import session
from core.errors import Refused
from core.forms import Form, LineField, choices
from core.languages import _, _l

#: as many are offered where a name fits several
MOST_FOUND = 20
#: a list of as many is read through; where there are more, it holds the likely ones alone
MOST_LISTED = 80


class NamedOrganization(LineField):
    """A part of the name of an organization that is not in the list. `beside`: name of the list's field; `one_of`: one
    of the two is needed, so neither is called optional."""

    def __init__(self, beside: str, *, one_of: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("label", _l("Or another organization"))
        kwargs.setdefault("description", _l("A part of its name is enough."))
        super().__init__(**kwargs)
        self.beside = beside
        self.flags.one_of = one_of
        self.listed: Any = None
        self.found: list[tuple[int, str]] = []

    def organization_id(self) -> int | None:
        """The organization of the list, or the one that was named. Refused: a name that fits none, or several."""
        chosen: int | None = self.listed.data
        if not self.data:
            return chosen
        exact = [key for key, name in self.found if name.casefold() == self.data.casefold()]
        fitting = [key for key, _name in self.found]
        if chosen in fitting:
            return chosen
        if len(exact or fitting) == 1:
            return (exact or fitting)[0]
        if not fitting:
            raise Refused(_("No organization with this name was found."), self.short_name)
        raise Refused(_("The name fits several organizations. Please choose one in the list above."), self.short_name)


def likely(near: Iterable[Organization | None] = ()) -> list[tuple[int, str]]:
    """Id and name of those to list: the near ones first, then the departments, or all where there are few."""
    found = list(session().scalars(queries.search().limit(MOST_LISTED + 1)))
    all_of_them = [(row.id, row.name) for row in found]
    others = all_of_them if len(found) <= MOST_LISTED else queries.list_choices(Kind.DEPARTMENT)
    return list(dict([(row.id, row.name) for row in near if row is not None] + others).items())


def choose(
    form: Form,
    name: str,
    listed: Sequence[tuple[int, str]],
    *,
    empty: str,
    among: Callable[[str], Select[Organization]] = queries.search,
) -> None:
    """Offer these in the list beside the field of this name; once a name was typed there, those whom it fits, and
    whom the list held chosen."""
    field = form[name]
    field.listed = form[field.beside]
    field.listed.flags.one_of = field.flags.one_of
    found = session().scalars(among(field.data).limit(MOST_FOUND)) if field.data else ()
    field.found = [(row.id, row.name) for row in found]
    if field.found:
        chosen = [(key, label) for key, label in listed if key == field.listed.data]
        listed = list(dict([*field.found, *chosen]).items())
    field.listed.choices = choices([("", empty), *listed])
