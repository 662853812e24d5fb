"""Serving an application until Ctrl-C."""

import contextlib
import socket

import uvicorn
from fastapi import FastAPI

from core.errors import BadInput
from core.settings import Settings

__all__ = ["run"]


def run(app: FastAPI, settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM; raises BadInput where the address cannot be listened on, before anything starts."""
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    try:
        listener = socket.create_server((settings.host, settings.port), backlog=config.backlog)
    except OSError as error:
        expected = f"free to listen on ({error.strerror or error}); choose another with --port"
        raise BadInput("port", f"{settings.host}:{settings.port}", expected) from error
    # asyncio does this only for sockets it made itself; without it a small answer waits 40 ms for the client's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with listener, contextlib.suppress(KeyboardInterrupt):  # uvicorn stops cleanly, then raises it again
        uvicorn.Server(config).run(sockets=[listener])
