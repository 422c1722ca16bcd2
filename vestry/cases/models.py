"""Tables of the cases room: private, ask `cases.api`."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from vestry.councils.api import Scoped, ScopedQuerySet, scoped
from vestry.people import api as people

# A case without a due date comes last. A date, not null, keeps the list one index scan on either database.
NO_DUE = date.max


class Plan(Scoped):
    """What a published version says under ``case:``, kept for as long as there are cases of it."""

    service = models.SlugField(max_length=80, db_index=False)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    information_class = models.CharField(max_length=30)
    options = models.JSONField()

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "service", "version"], name="cases_one_plan_a_version")
        ]


class Cases(ScopedQuerySet):
    """Cases, and who may see which."""

    def visible_to(self, officer: people.OfficerView) -> Self:
        """THE rule. Lists, pages and verbs all begin here."""
        teams = people.reach(officer, "cases.read")
        return self if teams.every else self.filter(team__in=sorted(teams.some))

    def open(self) -> Self:
        """Not closed."""
        return self.filter(closed_at=None)

    def closed(self) -> Self:
        """Closed."""
        return self.exclude(closed_at=None)


class Case(Scoped):
    """Something an officer sees through. ``owner`` is an officer's slug; empty while nobody has taken it.

    ``place`` is what it is about, where its information class lets a list show that. ``stopped_on`` is since
    when the clock stands still. ``shut`` lists the actions whose condition does not
    hold for this case.
    """

    reference = models.CharField(max_length=20)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    service = models.SlugField(max_length=80, db_index=False)
    journey = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=300, blank=True)
    team = models.SlugField(max_length=80, db_index=False)
    owner = models.SlugField(max_length=80, blank=True, db_index=False)
    stage = models.SlugField(max_length=60, db_index=False)
    stage_since = models.DateField()
    due = models.DateField(default=NO_DUE)
    stopped_on = models.DateField(null=True)
    shut = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.SlugField(max_length=60, blank=True, db_index=False)

    objects = scoped(Cases)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "reference"], name="cases_reference_once"),
            models.UniqueConstraint(
                fields=["council", "journey"], condition=~Q(journey=""), name="cases_one_case_a_journey"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (~Q(closed_at=None) & ~Q(outcome="")),
                name="cases_closed_with_an_outcome",
            ),
        ]
        # The inbox reads 25 rows from a place in one of these, whatever the number of cases.
        indexes = [
            models.Index(
                fields=["council", "team", "due", "id"],
                condition=Q(closed_at=None),
                name="cases_open_by_team",
            ),
            models.Index(
                fields=["council", "owner", "due", "id"],
                condition=Q(closed_at=None),
                name="cases_open_by_owner",
            ),
            models.Index(fields=["council", "due", "id"], condition=Q(closed_at=None), name="cases_open"),
            models.Index(
                fields=["council", "-closed_at", "-id"], condition=~Q(closed_at=None), name="cases_closed"
            ),
        ]


class Said(Scoped):
    """Base of what somebody wrote about a case. ``key`` is the form's own: the same form twice is once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    key = models.CharField(max_length=50)
    text = models.TextField()

    class Meta(Scoped.Meta):
        abstract = True


class Note(Said):
    """For officers only. ``kind`` is ``due`` for the reason of another due date."""

    kind = models.CharField(max_length=10, blank=True)

    class Meta(Said.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "case", "key"], name="cases_note_once"),
        ]


class Message(Said):
    """Between the council and the resident: both read it."""

    from_resident = models.BooleanField()
    wants_answer = models.BooleanField(default=False)

    class Meta(Said.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "case", "key"], name="cases_message_once"),
        ]


class Done(Scoped):
    """An action that was done, with the officer's answers."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    key = models.CharField(max_length=50)
    action = models.SlugField(max_length=60, db_index=False)
    answers = models.JSONField(default=dict)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "case", "key"], name="cases_done_once")]
