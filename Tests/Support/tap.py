"""What stands between a browser and the server: it sees what the browser says, and breaks connections."""

import re
import socket
import threading

from listening import accepted


class Tap:
    """Stands between the browser and the server, and keeps what the browser says."""

    def __init__(self, server):
        self.port = int(server.rsplit(":", 1)[1])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.said = []
        self.sockets = []
        # While it is, whoever connects is turned away at once.
        self.is_away = False
        # An expression: once, nothing passes behind the event that it is found in.
        self.holds_behind = None
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        for browser in accepted(self.listener):
            if self.is_away:
                browser.close()
                continue
            server = socket.create_connection(("127.0.0.1", self.port))
            self.sockets += [browser, server]
            threading.Thread(target=self.pump, args=(browser, server, self.hear), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, browser, self.watcher()), daemon=True).start()

    def pump(self, source, target, pass_on):
        """Passes on what comes, as far as it may."""
        try:
            while piece := source.recv(65_536):
                passed, goes_on = pass_on(piece)
                target.sendall(piece[:passed])
                if not goes_on:
                    return
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def hear(self, piece):
        self.said.append(piece)
        return len(piece), True

    def watcher(self):
        """Says of each piece of a connection how much of it may pass, and whether anything may behind it."""
        seen = b""

        def watch(piece):
            nonlocal seen
            if self.holds_behind is None:
                return len(piece), True
            seen += piece
            found = re.search(self.holds_behind + rb"[^\n]*\n\n", seen)
            if found is None:
                return len(piece), True
            self.holds_behind = None
            return len(piece) - (len(seen) - found.end()), False

        return watch

    def cut(self):
        """Breaks every connection there is."""
        for end in self.sockets:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def heads(self, request):
        """Those of the requests so far whose line is this, in the order in which they came."""
        text = b"".join(list(self.said)).decode(errors="replace")
        found = re.findall(r"(?:GET|POST|DELETE) /[^\r]* HTTP/1.1\r\n(?:[^\r]+\r\n)+\r\n", text)
        return [head for head in found if re.match(request, head)]

    def close(self):
        self.listener.close()
        self.cut()
        for end in self.sockets:
            end.close()
