"""Autobahn's cases of RFC 6455 against `/echo`: each has the outcome that websocket.md keeps."""

import json
import pathlib
import socket
import struct
import subprocess
import sys
import threading

import pytest
from pushlab import serving

TABLE = pathlib.Path(__file__).with_name("websocket.md")
# 9 measures speed; 12 and 13 are of compression, and have a test of their own.
LEFT_OUT = ["9.*", "12.*", "13.*"]


def kept():
    """Case by case the outcomes it may have: several where they hang on how frames fall together in a read."""
    rows = [line.strip("|").split("|") for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row] for row in rows if row[0].strip()[0].isdigit()]
    assert all(outcome == "OK, OK" or explanation for _, outcome, explanation in cells), "explain each that is not OK"
    return {case: outcome.split(" or ") for case, outcome, _ in cells}


def all_outcomes(server, folder, *options):
    """What became of the messages and what of the closing handshake, case by case."""
    command = [pathlib.Path(sys.executable).with_name("kosoku"), "-m", "fuzzingclient", *options]
    subprocess.run([*command, "-o", folder, f"ws://{server}/echo"], timeout=600)  # 1 where a case failed
    (results,) = json.loads((folder / "index.json").read_text()).values()
    return {case: f"{result['behavior']}, {result['behaviorClose']}" for case, result in results.items()}


def test_every_case_has_the_outcome_that_is_kept(server, tmp_path):
    outcomes = all_outcomes(server, tmp_path, *[word for case in LEFT_OUT for word in ("-x", case)])
    table = kept()
    assert sorted(outcomes) == sorted(table)
    other = {case: outcome for case, outcome in outcomes.items() if outcome not in table[case]}
    assert other == {}, "better or worse, websocket.md says otherwise"


@pytest.mark.large
def test_every_case_of_compression_is_well(tmp_path):
    with serving("--max-deflated-sockets", "100") as address:
        options = [word for case in ["12.*", "13.*"] for word in ("-i", case)]
        outcomes = all_outcomes(address.removeprefix("http://"), tmp_path, *options, "-p", "2")
    assert len(outcomes) == 216 and set(outcomes.values()) == {"OK, OK"}


# What the verdicts of some cases hang on: frames that come in one read, because they are sent in one write.


@pytest.fixture
def peer(server):
    """A connection to `/echo` behind its opening handshake, and a reader of what comes back."""
    host, port = server.split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(
            f"GET /echo HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        reader = connection.makefile("rb")
        while reader.readline() not in (b"\r\n", b""):
            pass
        yield connection, reader


TEXT, CLOSE, PING = 1, 8, 9


def frame(opcode, payload):
    """A final frame of a client (RFC 6455, section 5.2), its mask all zero."""
    return bytes([0x80 | opcode, 0x80 | len(payload), 0, 0, 0, 0]) + payload


def test_the_answer_to_a_message_does_not_overtake_an_earlier_pong(peer):
    connection, reader = peer
    connection.sendall(frame(PING, b"ping") + frame(TEXT, b"text"))
    assert reader.read(12) == b"\x8a\x04ping" + b"\x81\x04text"


def test_what_comes_before_a_close_is_answered_and_what_follows_is_not(peer):
    connection, reader = peer
    connection.sendall(frame(TEXT, b"before") + frame(CLOSE, b"\x03\xe8") + frame(TEXT, b"behind"))
    assert reader.read() == b"\x81\x06before" + b"\x88\x02\x03\xe8"


def test_of_pings_in_one_read_the_first_is_answered(peer):
    connection, reader = peer
    connection.sendall(b"".join(frame(PING, b"%d" % number) for number in range(10)))
    assert reader.read(3) == b"\x8a\x010"
    connection.sendall(frame(CLOSE, b"\x03\xe8"))
    assert reader.read() == b"\x88\x02\x03\xe8"


def test_a_peer_that_sends_and_does_not_read_is_not_read_on_and_loses_nothing(peer):
    connection, reader = peer
    connection.settimeout(60)
    count, size = 1024, struct.pack(">Q", 65_536)
    payload = bytes(65_536)
    sender = threading.Thread(
        target=connection.sendall, args=((b"\x82\xff" + size + bytes(4) + payload) * count,), daemon=True
    )
    sender.start()
    # 64 MiB are more than the sockets hold; without a bound they are taken in a fraction of this.
    sender.join(timeout=2)
    assert sender.is_alive()
    for _ in range(count):
        assert reader.read(10 + len(payload)) == b"\x82\x7f" + size + payload
    sender.join(timeout=60)
    assert not sender.is_alive()
