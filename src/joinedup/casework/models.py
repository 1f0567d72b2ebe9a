"""The ledger's table. Rows are added and never changed: the model refuses it, and so does the database itself."""

from __future__ import annotations

from typing import Any

from django.db import models

from joinedup.errors import RefusedError


class RecordedDecision(models.Model):
    """What a named person decided, with a reason. To take a decision back, record another that replaces it."""

    sequence = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=64)
    subject = models.TextField()
    other = models.TextField(blank=True, default="")
    judgement = models.TextField()
    reason = models.TextField()
    decided_by = models.TextField()
    decided_at = models.CharField(max_length=32)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        """One table, in the order of recording."""

        app_label = "casework"
        ordering = ("sequence",)

    def __str__(self) -> str:
        return f"decision {self.sequence}: {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds the decision; a decision that is already recorded is refused."""
        if not self._state.adding:
            raise RefusedError("a recorded decision is never changed", remedy="Record a new one that replaces it.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: a recorded decision is never removed."""
        raise RefusedError("a recorded decision is never removed", remedy="Record a new one that replaces it.")
