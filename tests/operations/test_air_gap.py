"""A folder of wheels is enough: install, set up and serve where no network is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("django")

from operations.installation import ROOT

# Runs inside a network namespace whose only device is a loopback that it starts itself.
SCRIPT = """
set -eu
ip link set lo up 2>/dev/null || python3 -c '
import fcntl, socket, struct
door = socket.socket()
fcntl.ioctl(door, 0x8914, struct.pack("16sH14s", b"lo", 0x1 | 0x40, b""))'
"$1/bin/pip" install -q --no-index --find-links "$2" 'voltrail[server]'
export VOLTRAIL_DATA="$3"
"$1/bin/voltrail" init --operator urn:voltrail:party:nordlicht --origin test.example
"$1/bin/voltrail" serve --port 8000 & server=$!
"$1/bin/python" - <<'END'
import json, socket, time
from urllib import request
for number in range(300):
    try:
        with request.urlopen("http://127.0.0.1:8000/healthz", timeout=5) as answer:
            print("healthz", answer.status, json.load(answer)["status"])
            break
    except OSError:
        time.sleep(0.2)
try:
    socket.create_connection(("192.0.2.1", 80), timeout=2)
except OSError as error:
    print("outside", error.strerror)
END
kill $server
wait $server
"""


def _wheels(folder: Path) -> str:
    """Fill a folder with our wheel and those that we need; why not, where that cannot be done."""
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    source = folder.parent / "source"
    kept = shutil.ignore_patterns(".git", ".venv", "var", "tests", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, source, ignore=kept)
    words = ["wheel", "-c", str(ROOT / "constraints.txt"), "-w", str(folder), f"{source}[server]"]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [*pip, *words], env=environment, capture_output=True, text=True, timeout=400, check=False
    )
    return done.stderr[-300:] if done.returncode else ""


@pytest.mark.drill
def test_a_folder_of_wheels_installs_and_serves_without_a_network(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    fault = _wheels(wheels)
    if fault:
        pytest.skip(f"The wheels could not be gathered on this machine: {fault}")
    walled = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False)
    if walled.returncode:
        pytest.skip("This machine gives no network namespace: unshare -rn is refused.")
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "env")], check=True)
    script = tmp_path / "script.sh"
    script.write_text(SCRIPT)
    places = [str(tmp_path / name) for name in ("env", "wheels", "data")]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("VOLTRAIL_", "PYTHON", "PIP"))}
    done = subprocess.run(
        ["unshare", "-rn", "bash", str(script), *places],
        env=kept,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "healthz 200 ok" in done.stdout
    assert "outside Network is unreachable" in done.stdout
