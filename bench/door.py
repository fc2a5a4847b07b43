"""What strangers and slow clients cost everybody else, and how long somebody who was sent away stays."""

import asyncio
import random
import socket
import statistics
import string
import subprocess
import time

from product import Failed, Steward

SLOW = 300
STRANGERS = 30_000
CONNECTIONS = 32
REMOVALS = 20


def door(binary, say, table):
    with Steward(binary, "--no-worker", STEWARD_TRUSTED_PROXIES="127.0.0.1") as steward:
        visit = asyncio.run(Visit(steward).run())
    say(f"\nAt the door: {SLOW} slow clients, then with them {STRANGERS:,} requests with made-up tokens, each from another address")
    table(["", "Steward, MB (RSS)", "a member's request, p50 / p99 ms"], visit["rows"])
    say(f"Strangers: {visit['rate']:,.0f} requests/s over {CONNECTIONS} connections, answered {visit['answers']}. "
        f"Slow heads ended after {visit['heads']:.0f} s, slow bodies after {visit['bodies']:.0f} s.")
    with Steward(binary, "--no-worker") as steward:
        tokens, streams = asyncio.run(removals(steward))
    say(f"\nA token that was revoked at one replica, {REMOVALS} times: refused by the other after {spread(tokens)} s, "
        f"its stream there ended after {spread(streams)} s")


def spread(values):
    return f"{statistics.median(values):.1f} ({min(values):.1f}–{max(values):.1f})"


class Visit:
    """A member asks all the time; slow clients and strangers come."""

    def __init__(self, steward):
        self.steward = steward
        self.host, self.port = steward.address.split(":")
        self.latencies, self.peak, self.answers = [], 0.0, {}

    async def run(self):
        background = [asyncio.create_task(self.member()), asyncio.create_task(self.watch())]
        rows = [await self.phase("nobody else", asyncio.sleep(5))]
        slow = [asyncio.create_task(self.slow(number)) for number in range(SLOW)]
        rows.append(await self.phase(f"{SLOW} slow clients", asyncio.sleep(5)))
        began = time.monotonic()
        rows.append(await self.phase(f"and {STRANGERS:,} strangers' requests", self.strangers()))
        rate = STRANGERS / (time.monotonic() - began)
        ended = await asyncio.gather(*slow)
        rows.append(await self.phase("afterwards", asyncio.sleep(5)))
        for task in background:
            task.cancel()
        return {
            "rows": rows, "rate": rate, "answers": ", ".join(f"{status} {count:,} times" for status, count in sorted(self.answers.items())),
            "heads": max(ended[::2]), "bodies": max(ended[1::2]),
        }

    async def phase(self, name, work):
        self.latencies, self.peak = [], 0.0
        await work
        taken = sorted(self.latencies)
        if not taken:
            raise Failed(f"{name}: no request of a member was answered")
        p50, p99 = (taken[len(taken) * percent // 100] for percent in (50, 99))
        return [name, f"{self.peak:.0f}", f"{p50:.1f} / {p99:.1f}"]

    async def watch(self):
        while True:
            self.peak = max(self.peak, self.steward.memory()["steward"])
            await asyncio.sleep(0.2)

    async def member(self):
        reader, writer = await asyncio.open_connection(self.host, self.port)
        while True:
            began = time.monotonic()
            status = await request(reader, writer, "/api/v1/nodes", f"Bearer {self.steward.token}")
            if status != 200:
                raise Failed(f"a member was answered {status}")
            self.latencies.append((time.monotonic() - began) * 1000)
            await asyncio.sleep(0.02)

    async def slow(self, number):
        """Half never end their head, half never their body, a byte a second; how long the server takes it."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        head = "POST /hooks/generic HTTP/1.1\r\nHost: steward\r\n"
        if number % 2:
            head += f"Authorization: Bearer {self.steward.token}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
        writer.write(head.encode())
        began = time.monotonic()
        ended = asyncio.create_task(reader.read())
        while not ended.done() and time.monotonic() - began < 90:
            try:
                writer.write(b"x")
                await writer.drain()
            except OSError:
                break
            await asyncio.wait([ended], timeout=1)
        taken = time.monotonic() - began
        writer.close()
        if taken >= 90:
            raise Failed("a slow client was never sent away")
        return taken

    async def strangers(self):
        share = STRANGERS // CONNECTIONS
        counts = [share] * (CONNECTIONS - 1) + [STRANGERS - share * (CONNECTIONS - 1)]
        await asyncio.gather(*(self.stranger(count) for count in counts))

    async def stranger(self, count):
        reader = writer = None
        for _ in range(count):
            if writer is None:
                reader, writer = await asyncio.open_connection(self.host, self.port)
            secret = "".join(random.choices(string.ascii_letters + string.digits, k=43))
            address = ".".join(str(random.randrange(1, 255)) for _ in range(4))
            try:
                status = await request(reader, writer, "/api/v1/alerts", f"Bearer bench.{secret}", f"X-Forwarded-For: {address}\r\n")
            except (OSError, asyncio.IncompleteReadError):
                reader = writer = None
                continue
            self.answers[status] = self.answers.get(status, 0) + 1
        if writer:
            writer.close()


async def request(reader, writer, path, authorization, more=""):
    writer.write(f"GET {path} HTTP/1.1\r\nHost: steward\r\nAuthorization: {authorization}\r\n{more}\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = next((int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("content-length:")), 0)
    await reader.readexactly(length)
    return int(head.split(" ")[1])


async def removals(steward):
    """A second process on the same database; tokens are revoked at the first."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    environment = {**steward.environment(), "STEWARD_LISTEN": address, "STEWARD_DATABASE_URL": steward.database["STEWARD_DATABASE_URL"]}
    other = subprocess.Popen([steward.binary, "serve", "--no-worker"], env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    host, port = address.split(":")
    try:
        await ready(host, port)
        results = [await removal(steward, host, port) for _ in range(REMOVALS)]
        return zip(*results)
    finally:
        other.terminate()
        await asyncio.to_thread(other.wait, 40)


async def ready(host, port):
    for _ in range(300):
        try:
            reader, writer = await asyncio.open_connection(host, port)
            if await request(reader, writer, "/readyz", "") == 200:
                return
        except OSError:
            pass
        await asyncio.sleep(0.1)
    raise Failed("the second replica is not ready after 30 seconds")


async def removal(steward, host, port):
    made = steward.call("POST", "/api/v1/tokens", {"name": "visitor", "role": "viewer", "scopes": ["api"]})
    bearer = f"Bearer {made['token']}"
    reader, writer = await asyncio.open_connection(host, port)
    stream, asked = await asyncio.open_connection(host, port)
    asked.write(f"GET /api/v1/events HTTP/1.1\r\nHost: steward\r\nAuthorization: {bearer}\r\n\r\n".encode())
    await stream.readuntil(b"\r\n\r\n")
    if await request(reader, writer, "/api/v1/me", bearer) != 200:
        raise Failed("a new token is refused")
    await asyncio.sleep(random.random())
    await asyncio.to_thread(steward.call, "DELETE", f"/api/v1/tokens/{made['id']}")
    began = time.monotonic()

    async def until_refused():
        while await request(reader, writer, "/api/v1/me", bearer) == 200:
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    async def until_ended():
        # The last chunk: the connection itself may serve another request.
        await stream.readuntil(b"\r\n0\r\n\r\n")
        return time.monotonic() - began

    taken = await asyncio.wait_for(asyncio.gather(until_refused(), until_ended()), 30)
    for connection in (writer, asked):
        connection.close()
    return taken
