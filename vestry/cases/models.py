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
    when the clock stands still. ``shut`` lists the actions whose condition does not hold for this case,
    ``extended`` the stages whose one extension is used. ``parent`` is the case this one is part of.
    ``changed_at`` is when anything was last stated about it. ``legal_hold_at`` is since when its details must
    not be erased, ``forgotten_at`` when they were.
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
    extended = models.JSONField(default=list)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.SlugField(max_length=60, blank=True, db_index=False)
    legal_hold_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

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
            models.CheckConstraint(
                condition=Q(forgotten_at=None) | ~Q(closed_at=None), name="cases_forgotten_when_closed"
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
            models.Index(
                fields=["council", "team", "due", "id"],
                condition=Q(closed_at=None, owner=""),
                name="cases_nobodys_by_team",
            ),
            models.Index(fields=["council", "changed_at", "id"], name="cases_by_change"),
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
    """An action that was done, with the officer's answers. ``stage`` is the one it was done in."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    key = models.CharField(max_length=50)
    action = models.SlugField(max_length=60, db_index=False)
    stage = models.SlugField(max_length=60, db_index=False)
    answers = models.JSONField(default=dict)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "case", "key"], name="cases_done_once")]


class Tasks(ScopedQuerySet):
    """Tasks, and who may see which."""

    def visible_to(self, officer: people.OfficerView) -> Self:
        """Those of the cases one may see, and work that is no team's for whoever looks after that."""
        teams = people.reach(officer, "cases.read")
        nobodys = Q(team="", case=None)
        mine = ~nobodys if teams.every else Q(team__in=sorted(teams.some)) & ~nobodys
        odd_jobs = people.reach(officer, "cases.odd-jobs").every
        return self.filter(mine | nobodys if odd_jobs else mine)

    def open(self) -> Self:
        """Still to be done."""
        return self.filter(state=Task.OPEN)


class Task(Scoped):
    """A piece of work in a case, or one that no case asked for: then ``about`` says of what it speaks.

    ``plan_task`` is its id in the definition; empty when somebody added it. ``team`` goes with the case.
    ``key`` is whoever asked's own: the same work asked for twice is once. ``reason`` says why it was not
    needed.
    """

    OPEN, DONE, NOT_NEEDED = "open", "done", "not-needed"

    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=120)
    key = models.CharField(max_length=100)
    plan_task = models.SlugField(max_length=60, blank=True, db_index=False)
    title = models.CharField(max_length=200)
    hint = models.TextField(blank=True)
    team = models.SlugField(max_length=80, blank=True, db_index=False)
    owner = models.SlugField(max_length=80, blank=True, db_index=False)
    due = models.DateField(default=NO_DUE)
    state = models.CharField(max_length=10, default=OPEN)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)

    objects = scoped(Tasks)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "key"], name="cases_task_once"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & ~Q(ended_at=None)),
                name="cases_task_ended_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["council", "owner", "team", "due", "id"],
                condition=Q(state="open"),
                name="cases_open_tasks",
            )
        ]


class Link(Scoped):
    """Two cases that have to do with each other; the one opened first is ``one``."""

    one = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "one", "other"], name="cases_linked_once"),
            models.CheckConstraint(condition=Q(one__lt=models.F("other")), name="cases_linked_one_way"),
        ]


class Word(Scoped):
    """A word by which a case can be found. Personal like the answers it comes from, and erased with them."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=60)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "word", "case"], name="cases_found_by_a_word_once")
        ]
