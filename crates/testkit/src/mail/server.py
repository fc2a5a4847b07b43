"""A mail server for tests: aiosmtpd, told what to be by a line of JSON on standard input.

It answers with lines of JSON on standard output: first its port, then each mail it took. It ends with its standard
input, and so with the process that started it, however that one ends.

An address whose local part begins with a reply code is answered so: `550-no-such-user@example.com` at RCPT,
`data-452-mailbox-full@example.com` after the mail's last line.
"""

import asyncio
import base64
import json
import os
import re
import ssl
import sys
import tempfile
import threading
import warnings

sys.path.insert(0, sys.argv[1])
from aiosmtpd.smtp import SMTP, AuthResult  # noqa: E402

REFUSING = re.compile(r"(?P<data>data-)?(?P<code>[45]\d\d)-(?P<words>[^@]*)@")


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        refused = REFUSING.match(address)
        if refused and not refused["data"]:
            return reply(refused)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        for address in envelope.rcpt_tos:
            if refused := REFUSING.match(address):
                return reply(refused)
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "options": envelope.mail_options,
            "user": session.auth_data,
            "encrypted": session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None,
            "hello": session.host_name,
            "content": base64.b64encode(envelope.content).decode(),
        })
        return "250 2.0.0 queued as 4711"


def reply(refused):
    return f"{refused['code']} {refused['words'].replace('-', ' ')}"


def say(value):
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def end_with_input():
    sys.stdin.read()
    os._exit(0)


async def serve(options):
    security, user, password = options["security"], options["user"], options["password"]
    context = None
    if security != "plain":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(options["certificate"])
            file.flush()
            context.load_cert_chain(file.name)

    def authenticate(server, session, envelope, mechanism, data):
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == (user, password), handled=False, auth_data=given[0])

    def connected():
        return SMTP(
            Handler(),
            hostname="mail.example",
            enable_SMTPUTF8=options["smtputf8"],
            data_size_limit=options["size"],
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=authenticate if user else None,
            auth_required=bool(user),
            auth_require_tls=security == "starttls",
            auth_exclude_mechanism=options["without"],
            loop=asyncio.get_running_loop(),
        )

    listener = await asyncio.get_running_loop().create_server(
        connected, "127.0.0.1", 0, ssl=context if security == "tls" else None
    )
    say({"port": listener.sockets[0].getsockname()[1]})
    await listener.serve_forever()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    wanted = json.loads(sys.stdin.readline())
    threading.Thread(target=end_with_input, daemon=True).start()
    asyncio.run(serve(wanted))
