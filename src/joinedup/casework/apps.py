"""The Django app: models and migrations, no views."""

from __future__ import annotations

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """People's decisions."""

    name = "joinedup.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"
