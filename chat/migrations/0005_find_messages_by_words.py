"""Two indexes for finding messages: by words and by letters. Built beside the table's use, so nobody waits for them."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import AddIndexConcurrently, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("chat", "0004_when_rooms_are_open"),
    ]

    operations = [
        TrigramExtension(),
        AddIndexConcurrently(
            model_name="message",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("body", config="english"), name="messages_by_words"
            ),
        ),
        AddIndexConcurrently(
            model_name="message",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["body"], name="messages_by_letters", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
