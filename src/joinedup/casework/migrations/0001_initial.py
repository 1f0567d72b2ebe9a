"""The ledger's table, and triggers that keep it append-only whoever writes to the database."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_SQLITE = """
CREATE TRIGGER casework_never_{verb} BEFORE {verb} ON casework_recordeddecision
BEGIN SELECT RAISE(ABORT, 'decisions are appended, never changed or removed'); END
"""

_POSTGRESQL = (
    """
    CREATE FUNCTION casework_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'decisions are appended, never changed or removed'; END $$
    """,
    """
    CREATE TRIGGER casework_append_only BEFORE UPDATE OR DELETE ON casework_recordeddecision
    FOR EACH ROW EXECUTE FUNCTION casework_append_only()
    """,
    """
    CREATE TRIGGER casework_never_emptied BEFORE TRUNCATE ON casework_recordeddecision
    FOR EACH STATEMENT EXECUTE FUNCTION casework_append_only()
    """,
)


def append_only(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Adds the triggers in the database's own language."""
    if editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            editor.execute(_SQLITE.format(verb=verb))
    else:
        for statement in _POSTGRESQL:
            editor.execute(statement)


class Migration(migrations.Migration):
    """The first schema."""

    initial = True
    dependencies: ClassVar[list[tuple[str, str]]] = []
    operations: ClassVar[list[object]] = [
        migrations.CreateModel(
            name="RecordedDecision",
            fields=[
                ("sequence", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=64)),
                ("subject", models.TextField()),
                ("other", models.TextField(blank=True, default="")),
                ("judgement", models.TextField()),
                ("reason", models.TextField()),
                ("decided_by", models.TextField()),
                ("decided_at", models.CharField(max_length=32)),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="casework.recordeddecision",
                    ),
                ),
            ],
            options={"ordering": ("sequence",)},
        ),
        migrations.RunPython(append_only, migrations.RunPython.noop),
    ]
