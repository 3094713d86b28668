"""Three browser engines behind one face: open a page, run a script in it. None of them calls anybody else."""

import contextlib
import glob
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.request

from playwright.sync_api import sync_playwright
from websockets.sync.client import connect


@contextlib.contextmanager
def running(command, **options):
    """A process that is stopped and waited for, whatever happens."""
    process = subprocess.Popen(command, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Chromium:
    name = "Chromium"

    def __init__(self, page, version):
        self.page = page
        self.version = version

    @classmethod
    @contextlib.contextmanager
    def started(cls):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            try:
                yield cls(browser.new_page(), browser.version)
            finally:
                browser.close()

    def open(self, address):
        self.page.goto(address)

    def run(self, expression):
        """The value of an expression, or of the promise that it is."""
        return self.page.evaluate(f"() => ({expression})")


class Firefox:
    """Over WebDriver BiDi, which Firefox speaks by itself."""

    name = "Firefox"
    # Nothing is to be fetched at the start.
    preferences = {
        "app.normandy.enabled": False,
        "app.update.enabled": False,
        "browser.safebrowsing.malware.enabled": False,
        "browser.safebrowsing.phishing.enabled": False,
        "browser.shell.checkDefaultBrowser": False,
        "browser.startup.homepage_override.mstone": "ignore",
        "browser.startup.page": 0,
        "datareporting.policy.dataSubmissionEnabled": False,
        "extensions.getAddons.cache.enabled": False,
        "extensions.systemAddon.update.enabled": False,
        "extensions.update.enabled": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "network.dns.disablePrefetch": True,
        "services.settings.server": "http://127.0.0.1:9/",
        "toolkit.telemetry.enabled": False,
    }

    def __init__(self, socket):
        self.socket = socket
        self.number = 0
        capabilities = self.command("session.new", {"capabilities": {}})["capabilities"]
        self.version = capabilities["browserVersion"]
        self.context = self.command("browsingContext.getTree", {})["contexts"][0]["context"]

    @classmethod
    @contextlib.contextmanager
    def started(cls):
        profile = tempfile.mkdtemp()
        try:
            with open(os.path.join(profile, "user.js"), "w") as file:
                for name, value in cls.preferences.items():
                    file.write(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n")
            command = ["firefox-esr", "--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", profile]
            environment = {**os.environ, "HOME": profile}
            with running(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
                for line in process.stderr:
                    if listening := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
                        break
                else:
                    raise RuntimeError("Firefox did not start")
                with connect(f"{listening[1]}/session", max_size=None) as socket:
                    yield cls(socket)
        finally:
            shutil.rmtree(profile, ignore_errors=True)

    def command(self, method, parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=60))
            if message.get("id") != self.number:
                continue
            if message["type"] == "error":
                raise RuntimeError(f"{method}: {message['message']}")
            return message["result"]

    def open(self, address):
        self.command("browsingContext.navigate", {"context": self.context, "url": address, "wait": "complete"})

    def run(self, expression):
        script = f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))"
        target = {"context": self.context}
        result = self.command("script.evaluate", {"expression": script, "target": target, "awaitPromise": True})
        if result["type"] != "success":
            raise RuntimeError(result["exceptionDetails"]["text"])
        return json.loads(result["result"]["value"])


class WebKit:
    """WebKitGTK's MiniBrowser over WebKitWebDriver, on a screen in memory."""

    name = "WebKitGTK"

    def __init__(self, driver):
        [binary, *_] = glob.glob("/usr/lib/*/webkit2gtk-4.*/MiniBrowser")
        self.driver = driver
        options = {"binary": binary, "args": ["--automation"]}
        always = {"webkitgtk:browserOptions": options}
        session = self.command("POST", "/session", {"capabilities": {"alwaysMatch": always}})
        self.session = f"/session/{session['sessionId']}"
        self.version = session["capabilities"]["browserVersion"]

    @classmethod
    @contextlib.contextmanager
    def started(cls):
        screen_command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
        with running(screen_command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as screen:
            environment = {**os.environ, "DISPLAY": f":{screen.stdout.readline().strip()}"}
            environment.pop("WEBKIT_DISABLE_COMPOSITING_MODE", None)
            port = free_port()
            with running(["WebKitWebDriver", f"--port={port}"], env=environment, stderr=subprocess.DEVNULL):
                wait_for_port(port)
                browser = cls(f"http://127.0.0.1:{port}")
                try:
                    yield browser
                finally:
                    browser.command("DELETE", browser.session)

    def command(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.driver + path, data, {"content-type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=120) as reply:
            return json.load(reply)["value"]

    def open(self, address):
        self.command("POST", f"{self.session}/url", {"url": address})

    def run(self, expression):
        script = f"const done = arguments[0]; Promise.resolve({expression}).then((value) => done(JSON.stringify(value ?? null)))"
        return json.loads(self.command("POST", f"{self.session}/execute/async", {"script": script, "args": []}))


def free_port():
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for_port(port):
    import socket
    import time

    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise RuntimeError("WebKitWebDriver did not start")


engines = [Chromium, Firefox, WebKit]
