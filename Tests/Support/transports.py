"""The transports that the server speaks, in the order in which it names them."""

import re

from pushlab import PROJECT

SERVER = PROJECT / "Sources" / "LabServer"


def name(transport):
    return re.search(r'transport = Transport\(\s*"([\w-]+)"', (SERVER / "Transports" / f"{transport}.swift").read_text())[1]


TRANSPORTS = [name(each) for each in re.findall(r"^  (\w+)\.self", (SERVER / "ServedTransports.swift").read_text(), re.MULTILINE)]


def label(transport):
    """What the page calls it."""
    return re.search(r'label: "([^"]+)"', (PROJECT / "static" / "transports" / f"{transport}.js").read_text())[1]
