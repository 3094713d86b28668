"""Proxies in front of a server, each a process of its own with a configuration of its own."""

import contextlib
import socket
import subprocess
import time

from pushlab import GUARDED

NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};
  fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; location / {{ {directives} proxy_pass http://127.0.0.1:{origin}; }} }}
}}
"""
TUNED = "proxy_buffering off; proxy_http_version 1.1; proxy_set_header Connection '';"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextlib.contextmanager
def nginx(folder, origin, directives=""):
    """Its address, in front of what listens at that port of the loopback interface."""
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, port=port, origin=origin, directives=directives))
    process = subprocess.Popen(
        [GUARDED, "/usr/sbin/nginx", "-e", "stderr", "-c", configuration],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdin.close()
        process.stderr.close()


def wait_for(port, process):
    """Until somebody listens there."""
    while True:
        assert process.poll() is None, process.stderr.read()
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.01)
