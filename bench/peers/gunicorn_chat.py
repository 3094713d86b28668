"""The same Flask application as one would deploy it: gunicorn with gevent, which has a greenlet a reader."""

import sys

from gunicorn.app.base import BaseApplication

from tokens import end_with_parent


class Chat(BaseApplication):
    def load_config(self):
        settings = {
            "bind": f"127.0.0.1:{sys.argv[1]}",
            "worker_class": "gevent",
            "workers": 1,
            # More readers than the bench has, and a queue of new connections as long as the others'.
            "worker_connections": 100_000,
            "backlog": 4096,
            "loglevel": "critical",
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self):
        # In the worker, where gevent has replaced what blocks.
        from flask_chat import app

        return app


# In the master, whose worker ends when it is gone.
end_with_parent()
Chat().run()
