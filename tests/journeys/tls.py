"""A small proxy that ends TLS on loopback, as a web server in front of Groundswell does."""

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import trustme

OF_ONE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


class Handler(BaseHTTPRequestHandler):
    """Passes requests on with the headers that a proxy adds, and replies back as they are."""

    protocol_version = "HTTP/1.1"
    timeout = 10
    behind: int

    def setup(self) -> None:
        self.request.settimeout(self.timeout)
        self.request.do_handshake()
        super().setup()

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = dict(self.headers.items())
        headers |= {
            "X-Forwarded-For": self.client_address[0],
            "X-Forwarded-Proto": "https",
            "Connection": "close",
        }
        behind = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=self.timeout)
        try:
            behind.request(self.command, self.path, body, headers)
            self._answer(behind.getresponse())
        finally:
            behind.close()

    def _answer(self, reply: http.client.HTTPResponse) -> None:
        content = reply.read()
        self.send_response_only(reply.status, reply.reason)
        for name, value in reply.getheaders():
            if name.lower() not in OF_ONE_CONNECTION:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_HEAD = _pass_on  # noqa: N815 - the names that http.server asks for

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Browsers open connections that they never use, and drop them as they like."""


@contextmanager
def ending_tls(port: int, behind: int) -> Iterator[None]:
    """Serve https on a port of this machine for what listens on another one, while the block runs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    handler = type("Handler", (Handler,), {"behind": behind})
    with Server(("127.0.0.1", port), handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
