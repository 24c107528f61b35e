#!/usr/bin/env python3
"""Starts a run, approves its plan, and says how it ended; exits like the run. Needs only Python 3 and the
program.

    python3 examples/follow.py TEAM TASK [OPTION...]

Uses only what docs/events.schema.json says of the lines of `run --json`.
"""
import json
import shutil
import subprocess
import sys


def approve(event):
    command = ["llm-orchestrator", "approve", event["run"], event["approval"]]
    if event["subject"]["kind"] == "plan":
        subprocess.run(command, stdout=sys.stderr)
    else:
        print("waits:", *command, file=sys.stderr)


def print_report(report):
    delivered = report["delivered"] or {"files": []}
    usd = report["cost"]["usd"]
    steps = [report[step] for step in ("hint", "next") if step in report]
    print(f"outcome: {report['outcome']}: {report['reason']}")
    print("files:", ", ".join(delivered["files"]))
    print("cost:", "unknown" if usd is None else usd, "US dollars")
    if steps:
        print("next:", "; then: ".join(steps))
    print("exit code:", report["exitCode"])


def main(arguments):
    if len(arguments) < 2:
        print("usage: follow.py TEAM TASK [OPTION of llm-orchestrator run...]", file=sys.stderr)
        return 2
    if shutil.which("llm-orchestrator") is None:
        message = "llm-orchestrator is not on the PATH: install it, or run npm link in a checkout"
        print(message, file=sys.stderr)
        return 2
    # What went wrong before a run, in a line of type "error", is on standard error too.
    command = ["llm-orchestrator", "run", *arguments, "--json", "--approve", "ask"]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as program:
        for line in program.stdout:
            event = json.loads(line)
            if event["type"] == "approval-requested":
                approve(event)
            elif event["type"] in ("run-finished", "run-stopped"):
                print_report(event["report"])
    # A negative code is a signal.
    return program.returncode if program.returncode >= 0 else 128 - program.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
