"""A package index on this machine: it takes what `twine upload` sends, and gives it to `pip install`."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@contextmanager
def package_index(folder: Path) -> Iterator[str]:
    """Its address while it runs; what is uploaded is kept in `folder`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            form = message_from_bytes(f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode() + body)
            for part in form.get_payload():
                if (name := part.get_filename()) and name.endswith(".whl"):  # type: ignore[union-attr]
                    (folder / Path(name).name).write_bytes(part.get_payload(decode=True))  # type: ignore[union-attr, arg-type]
            self._answer(b"")

        def do_GET(self) -> None:
            name = self.path.strip("/").rpartition("/")[2]
            if self.path.startswith("/files/"):
                self._answer((folder / name).read_bytes())
            else:
                mine = [file.name for file in folder.iterdir() if re.sub(r"[-_.]+", "-", file.name).startswith(name)]
                self._answer("".join(f'<a href="/files/{one}">{one}</a>\n' for one in mine).encode(), "text/html")

        def _answer(self, body: bytes, kind: str = "application/octet-stream") -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
