"""A child's watch over its parent: who is left alone ends by itself."""

import os
import signal
import threading
import time

LOOK_S = 0.5  # between two looks
GRACE_S = 5.0  # to end the turn under way


def watch() -> None:
    """End this process soon after its parent has died, its turn first."""
    parent = os.getppid()

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_S)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_S)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=look, name="lifeline", daemon=True).start()
