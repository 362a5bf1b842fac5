"""A copy is kept in pieces, so that neither making nor fetching one needs all of it in memory."""

import django.db.models.deletion
from django.db import migrations, models

INTO_PIECES = """
INSERT INTO portal_datacopypiece (copy_id, number, content)
SELECT id, 0, content FROM portal_datacopy WHERE ready_at IS NOT NULL
"""
TOGETHER_AGAIN = """
UPDATE portal_datacopy SET content = whole.content
  FROM (SELECT copy_id, string_agg(content, ''::bytea ORDER BY number) AS content
          FROM portal_datacopypiece GROUP BY copy_id) AS whole
 WHERE portal_datacopy.id = whole.copy_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0013_show_that_one_is_here"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataCopyPiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "copy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="portal.datacopy",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["copy", "number"], name="one_piece_a_number")],
            },
        ),
        migrations.RunSQL(INTO_PIECES, TOGETHER_AGAIN),
        migrations.RemoveField("datacopy", "content"),
    ]
