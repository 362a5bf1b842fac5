"""The one socket."""

from channels.routing import URLRouter
from django.urls import path

from chat.consumer import chat_socket

sockets = URLRouter([path("ws/", chat_socket)])  # type: ignore[arg-type] # a socket is no page
