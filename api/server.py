"""Serving an application until Ctrl-C."""

import contextlib
import socket
from collections.abc import Generator

import uvicorn
from fastapi import FastAPI

from core.errors import BadInput
from core.settings import Settings

__all__ = ["listening", "run"]

_BACKLOG = 2048  # connections that wait to be accepted


@contextlib.contextmanager
def listening(settings: Settings) -> Generator[socket.socket]:
    """A socket that listens on the settings' address; raises BadInput where it cannot, before anything long has begun."""
    try:
        listener = socket.create_server((settings.host, settings.port), backlog=_BACKLOG)
    except OSError as error:
        expected = f"free to listen on ({error.strerror or error}); choose another with --port"
        raise BadInput("port", f"{settings.host}:{settings.port}", expected) from error
    # asyncio does this only for sockets it made itself; without it a small answer waits 40 ms for the client's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with listener:
        yield listener


def run(app: FastAPI, listener: socket.socket) -> None:
    """Serve on a listening socket until Ctrl-C or SIGTERM."""
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn stops cleanly, then raises it again
        uvicorn.Server(config).run(sockets=[listener])
