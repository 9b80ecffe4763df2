"""The systemd unit that serves an installation, with the walls that it needs and no more."""

import os
import shutil
import sys
from pathlib import Path

_UNIT = """[Unit]
Description=Voltrail, evidence on batteries
Documentation=file:docs/how-to/install.md
After=network-online.target postgresql.service
Wants=network-online.target

[Service]
Type=exec
User={user}
Group={user}
# Settings, one NAME=VALUE a line; docs/reference/settings.md. Readable by root only.
EnvironmentFile=-/etc/voltrail/environment
Environment=VOLTRAIL_DATA={folder}
Environment=VOLTRAIL_LOG_FORMAT=json
ExecStart={command} serve --no-first-run --host {host} --port {port}
Restart=on-failure
RestartSec=5
KillMode=mixed
TimeoutStopSec=40
StateDirectory=voltrail
StateDirectoryMode=0700
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ReadWritePaths={folder}
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources

[Install]
WantedBy=multi-user.target
"""


def text(host: str = "127.0.0.1", port: int = 8000) -> str:
    """Return the unit filled in for this environment."""
    beside = Path(sys.executable).parent / "voltrail"
    command = str(beside) if beside.exists() else shutil.which("voltrail") or "voltrail"
    folder = os.environ.get("VOLTRAIL_DATA") or "/var/lib/voltrail"
    return filled(command, str(Path(folder).absolute()), host, port)


def filled(command: str, folder: str, host: str, port: int) -> str:
    """Return the unit for a command, a data folder and an address."""
    return _UNIT.format(command=command, folder=folder, host=host, port=port, user="voltrail")
