"""From settings to a server that runs until it is told to end."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import signal
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import uvicorn

from vocolab.errors import CallError, OutputError
from vocolab_server import logs
from vocolab_server.answers import BrokenOff
from vocolab_server.app import application
from vocolab_server.guarded import MOST_HEAD_BYTES, guarded
from vocolab_server.refusals import Refused
from vocolab_server.service import Service
from vocolab_server.settings import Settings

if TYPE_CHECKING:
    from vocolab.cli.session import Session

_log = logging.getLogger("vocolab.server")
_KEEP_ALIVE_S = 15
_BACKLOG = 1024
_END_S = 5


class Server(uvicorn.Server):
    """uvicorn's, which lets answers come to their end when it is told to stop, and stops at once the second time."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self._ending: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT end the server, and not the process."""
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread hears signals
            return
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGTERM, signal.SIGINT)
        before = {number: signal.getsignal(number) for number in numbers}
        for number in numbers:
            loop.add_signal_handler(number, self.stop)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)
                signal.signal(number, before[number])

    def stop(self) -> None:
        """Take nothing new, and end when what is there is over."""
        if self._ending is not None:
            self.should_exit = self.force_exit = True
            return
        _log.info("shutting down", extra={"running": len(self._service.scheduler.round)})
        self._ending = asyncio.create_task(self._end())

    async def _end(self) -> None:
        await self._service.scheduler.drained(self._service.settings.limits.drain_s)
        self.should_exit = True


def run(session: Session, settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C.

    Raises:
        CallError: if the address may not be served, or is not this machine's; VocolabError if there is no voice.
        OutputError: if the port is in use.
    """
    check_address(settings)
    with listening(settings) as listener:
        service = Service(settings, session.catalog)
        session.warn_of_broken_plugins()
        logs.begin(settings.log)
        asyncio.run(_serve(service, listener, session))


def server(service: Service) -> Server:
    """A server for a service, not yet running."""
    limits = service.settings.limits
    config = uvicorn.Config(
        application(service), http=guarded(limits), ws="none", lifespan="on", log_config=None,
        access_log=False, server_header=False, h11_max_incomplete_event_size=MOST_HEAD_BYTES,
        timeout_keep_alive=_KEEP_ALIVE_S, timeout_graceful_shutdown=_END_S, backlog=_BACKLOG,
    )  # fmt: skip
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    return Server(config, service)


def check_address(settings: Settings) -> None:
    """Refuse to serve others without keys, unless that is wanted.

    Raises:
        CallError: if it is not.
    """
    if settings.keys or settings.anyone or _is_loopback(settings.host):
        return
    raise CallError(f"{settings.host} can be reached by others, and there are no keys: make one with 'vocolab serve "
                    "--new-key NAME', or say --allow-anyone")


@contextlib.contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """A socket at the address of the settings.

    Raises:
        CallError: if there is no such address here.
        OutputError: if the port is in use, or may not be used.
    """
    place = f"{settings.host}:{settings.port}"
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise CallError(f"host {settings.host!r} is no address of this machine: {error.strerror}") from error
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(_BACKLOG)
        except OSError as error:
            raise OutputError(f"can't listen on {place}: {error.strerror}; choose another with --port") from error
        yield listener


async def _serve(service: Service, listener: socket.socket, session: Session) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    session.say(f"http://{shown}:{port} answers; the voice {service.installed.voice(None).id} is being loaded")
    one = server(service)
    serving = asyncio.create_task(one.serve(sockets=[listener]))
    warming = asyncio.create_task(service.warm(session.say))
    done, _ = await asyncio.wait({serving, warming}, return_when=asyncio.FIRST_COMPLETED)
    if warming in done:
        error = warming.exception()
        if error is None:
            session.say("ready")
        else:
            one.should_exit = True
            await serving
            raise error
    else:
        warming.cancel()
    await serving


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_news(record: logging.LogRecord) -> bool:
    """Whether uvicorn has something to say: that an answer broke off is told already."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, BrokenOff | Refused | asyncio.CancelledError)
