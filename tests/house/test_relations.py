"""A relation from one room's table to another's goes down, to whose it is, who, or where. All else is a Ref.

import-linter cannot see this: Django names the other table by a string.
"""

from types import SimpleNamespace

from django.apps import apps

from tests.house.places import nothing_said

ROOMS_TO_POINT_AT = {"councils", "people", "places"}


def is_room(config):
    return config.name.startswith("vestry.")


def crossing(models):
    for model in models:
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or field.related_model is None:
                continue
            here, there = model._meta.app_label, field.related_model._meta.app_label
            if there not in {here, *ROOMS_TO_POINT_AT}:
                yield f"{here}.{model.__name__}.{field.name} -> {there}.{field.related_model.__name__}"


def test_relations_cross_rooms_only_to_councils_people_and_places():
    models = [model for config in apps.get_app_configs() if is_room(config) for model in config.get_models()]
    assert models
    nothing_said(crossing(models))


def a_model(label, name, **to):
    fields = [
        SimpleNamespace(name=field, is_relation=True, auto_created=False, related_model=model)
        for field, model in to.items()
    ]
    meta = SimpleNamespace(app_label=label, get_fields=lambda: fields)
    return SimpleNamespace(_meta=meta, __name__=name)


def test_a_relation_to_another_capability_is_seen():
    slot = a_model("book", "Slot")
    charge = a_model("pay", "Charge", slot=slot, council=a_model("councils", "Council"))
    assert list(crossing([slot, charge])) == ["pay.Charge.slot -> book.Slot"]
