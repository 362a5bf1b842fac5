"""Paths that exist only in the demo and in development, where nothing is real."""

from django.urls import path

from portal.kit import kit
from portal.outbox import outbox

urlpatterns = [path("kit/", kit, name="kit"), path("mail/", outbox, name="outbox")]
