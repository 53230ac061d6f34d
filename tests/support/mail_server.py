"""A mail server for the test `real_mail_server`: aiosmtpd, which is not ours.

    mail_server.py CERTIFICATE KEY

Prints where it listens, `starttls PORT` and `tls PORT`, and then each message that it takes, `taken FROM TO ID`. It takes
the name nyckel with the password secret, refuses refused@…, and is slow for slow@…. It ends with its standard input.
"""

import asyncio
import email
import socket
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("slow@"):
            await asyncio.sleep(1)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content)
        print("taken", envelope.mail_from, ",".join(envelope.rcpt_tos), message["Message-ID"], flush=True)
        return "250 2.0.0 OK"


def authenticate(server, session, envelope, mechanism, login):
    # Not handled: aiosmtpd is to say no itself.
    return AuthResult(success=(login.login, login.password) == (b"nyckel", b"secret"), handled=False)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def main():
    certificate, key = sys.argv[1:]
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    signs_in = {"authenticator": authenticate, "auth_required": True}
    ways = {
        "starttls": {"tls_context": context, "require_starttls": True},
        "tls": {"ssl_context": context, "auth_require_tls": False},
    }
    servers = []
    for name, way in ways.items():
        server = Controller(Handler(), hostname="127.0.0.1", port=free_port(), **signs_in, **way)
        server.start()
        servers.append(server)
        print(name, server.port, flush=True)
    sys.stdin.read()
    for server in servers:
        server.stop()


main()
