"""
Ask the advisory service about every pinned package, and say what nobody could answer.

Exit code 0: every package was asked about and none has a known weakness. 1: one has. 75: for some,
nobody answered; what is not known is not good.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

PINS = Path(__file__).parents[1] / "constraints.txt"
UNKNOWN = 75


def main() -> int:
    """Return the exit code after printing one line for each weakness, and a count."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        words = ["-r", str(PINS), "--no-deps", "--disable-pip", "-f", "json", "-o", out.name]
        run = [sys.executable, "-m", "pip_audit", *words]
        subprocess.run(run, check=False, capture_output=True, timeout=300)
        told = Path(out.name).read_text()
    found = json.loads(told)["dependencies"] if told else []
    weak = [one for one in found if one.get("vulns")]
    for one in weak:
        named = ", ".join(each["id"] for each in one["vulns"])
        print(f"{one['name']} {one['version']}: {named}")
    pinned = sum("==" in line for line in PINS.read_text().splitlines())
    asked = sum("skip_reason" not in one for one in found)
    print(f"{asked} of {pinned} pinned packages were answered for; {len(weak)} are weak.")
    if weak:
        return 1
    if asked < pinned:
        print("Run this again where the advisory service can be reached.", file=sys.stderr)
        return UNKNOWN
    return 0


if __name__ == "__main__":
    sys.exit(main())
