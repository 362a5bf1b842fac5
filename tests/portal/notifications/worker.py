"""The background worker, run by hand inside a test."""

from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.models import ProcrastinateJob

_run: set[int] = set()


def run_jobs() -> int:
    """Run every waiting job once, oldest first, as the worker would. Returns how many ran."""
    jobs.perform_import_paths()
    waiting = list(ProcrastinateJob.objects.filter(status="todo").exclude(pk__in=_run).order_by("pk"))
    for job in waiting:
        _run.add(job.pk)
        jobs.tasks[job.task_name](**job.args)
    return len(waiting)
