"""Tables of the councils room: private, ask `councils.api`."""

from django.db import models

DIVISIONS = ("england-and-wales", "scotland", "northern-ireland", "united-kingdom")


class Council(models.Model):
    """A tenant."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    division = models.CharField(max_length=30, default=DIVISIONS[0], choices=[(d, d) for d in DIVISIONS])
    contact_email = models.EmailField(blank=True)
    look = models.JSONField(default=dict)
    shows = models.JSONField(default=list)
    """What its public pages show beside its services, by name."""


class Host(models.Model):
    """A host name a council answers to. Not scoped: it is what the scope is found by."""

    name = models.CharField(max_length=253, unique=True)
    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="hosts")
