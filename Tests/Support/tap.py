"""What stands between a browser and the server: it sees what the browser says, and breaks connections."""

import re
import socket
import threading


class Tap:
    """Stands between the browser and the server, and keeps what the browser says."""

    def __init__(self, server):
        self.port = int(server.rsplit(":", 1)[1])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.said = []
        self.sockets = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                browser, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.port))
            self.sockets += [browser, server]
            threading.Thread(target=self.pump, args=(browser, server, self.said.append), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, browser, lambda piece: None), daemon=True).start()

    def pump(self, source, target, keep):
        try:
            while piece := source.recv(65_536):
                keep(piece)
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

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
