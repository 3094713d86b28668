"""WebSockets by two clients with their defaults: a stream read to its end, an echo, a question and a stop, from a server
that compresses what it sends and one that does not.
"""

import asyncio
import json

import aiohttp
import asynchronous
import pytest
import websockets
from clients import QUESTION
from pushlab import serving

TOKENS = QUESTION["tokens"]


class WebSockets:
    """PyPI's websockets, which offers compression."""

    async def read(self, address):
        async with websockets.connect(address) as socket:
            messages = [json.loads(message) async for message in socket]
            return messages, socket.close_code

    async def echo(self, address, text):
        async with websockets.connect(address) as socket:
            await socket.send(text)
            await (await socket.ping())
            return await socket.recv()

    async def ask_and_stop(self, address, question):
        async with websockets.connect(address) as socket:
            await socket.send(json.dumps(question))
            while "token" not in json.loads(await socket.recv()):
                pass
            await socket.send('{"stop":true}')
            messages = [json.loads(message) async for message in socket]
            return messages[-1], socket.close_code


class AIOHTTP:
    """On a connection that has carried a request, which it takes from its pool."""

    async def opened(self, session, address):
        host = address.removeprefix("ws://").partition("/")[0]
        async with session.get(f"http://{host}/healthz") as reply:
            assert (await reply.json())["status"] == "ok"
        return session.ws_connect(address)

    async def read(self, address):
        async with aiohttp.ClientSession() as session, await self.opened(session, address) as socket:
            messages = [message.json() async for message in socket]
            return messages, socket.close_code

    async def echo(self, address, text):
        async with aiohttp.ClientSession() as session, await self.opened(session, address) as socket:
            await socket.send_str(text)
            await socket.ping()
            return await socket.receive_str()

    async def ask_and_stop(self, address, question):
        async with aiohttp.ClientSession() as session, await self.opened(session, address) as socket:
            await socket.send_json(question)
            while "token" not in await socket.receive_json():
                pass
            await socket.send_json({"stop": True})
            messages = [message.json() async for message in socket]
            return messages[-1], socket.close_code


@pytest.fixture(scope="module", params=["0", "100"], ids=["plain", "deflated"])
def granted(request):
    return request.param


@pytest.fixture(scope="module")
def server(granted):
    with serving("--max-deflated-sockets", granted) as address:
        yield address


@pytest.fixture(params=[WebSockets, AIOHTTP], ids=lambda client: client.__name__)
def client(request):
    return request.param()


def run(work):
    return asynchronous.run(asyncio.wait_for(work, 60))


def socket_of(address):
    return address.replace("http://", "ws://")


def test_a_stream_to_its_end(client, stream):
    messages, code = run(client.read(f"{socket_of(stream)}/socket"))
    assert [message["index"] for message in messages[:-1]] == list(range(TOKENS))
    assert messages[-1] == {"done": {"reason": "complete", "tokens": TOKENS}} and code == 1000


@pytest.mark.parametrize("text", ["", "Grüße", "x" * 100_000])
def test_an_echo(client, server, text):
    assert run(client.echo(f"{socket_of(server)}/echo", text)) == text


def test_a_question_and_a_stop(client, server):
    question = QUESTION | {"tokens": 2000, "rate": 50}
    last, code = run(client.ask_and_stop(f"{socket_of(server)}/chat-socket", question))
    assert last["done"]["reason"] == "stopped" and code == 1000


def test_compression_is_agreed_on_as_far_as_it_is_granted(server, granted):
    async def agreed():
        async with websockets.connect(f"{socket_of(server)}/echo") as socket:
            return [extension.name for extension in socket.protocol.extensions]

    assert run(agreed()) == (["permessage-deflate"] if granted == "100" else [])


def test_the_next_socket_past_the_limit_is_served_without():
    async def agreed(address):
        async with websockets.connect(address) as first, websockets.connect(address) as second:
            for socket in (first, second):
                await socket.send("there?" * 100)
                assert await socket.recv() == "there?" * 100
            return [len(socket.protocol.extensions) for socket in (first, second)]

    with serving("--max-deflated-sockets", "1") as address:
        # What the first left is there for the next.
        for _ in range(2):
            assert run(agreed(f"{socket_of(address)}/echo")) == [1, 0]
