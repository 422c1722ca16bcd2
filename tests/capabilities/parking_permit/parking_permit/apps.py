"""Its tables, as Django finds them."""

from django.apps import AppConfig


class ParkingPermitConfig(AppConfig):
    """Parking permits."""

    name = "parking_permit"
    label = "parking_permit"
    default_auto_field = "django.db.models.BigAutoField"
