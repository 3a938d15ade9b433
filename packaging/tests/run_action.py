#!/usr/bin/env python3
"""Runs the steps of action.yml as GitHub does.

    run_action.py ACTION_DIR [NAME=VALUE ...]

The values are the inputs. A step that uses another action is printed, with its inputs, and not run. Ends with the status of the
first step that fails, after the steps that run in spite of that.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml


def evaluate(text: str, inputs: dict, outputs: dict) -> str:
    """The two kinds of expressions that action.yml has as values."""
    text = re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]], str(text))
    return re.sub(r"\$\{\{ steps\.check\.outputs\.([\w-]+) \}\}", lambda found: outputs.get(found[1], ""), text)


def written(variable: str) -> list[str]:
    return Path(os.environ[variable]).read_text().splitlines()


def run_step(step: dict, inputs: dict) -> int:
    values = {name: evaluate(value, inputs, {}) for name, value in step.get("env", {}).items()}
    path = os.pathsep.join([*reversed(written("GITHUB_PATH")), os.environ["PATH"]])
    # GitHub's own command for `shell: bash`.
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(command, check=False, env={**os.environ, **values, "PATH": path}).returncode


def main(action_dir: Path, given: dict) -> int:
    action = yaml.safe_load((action_dir / "action.yml").read_text())
    inputs = {name: given.pop(name, one["default"]) for name, one in action["inputs"].items()}
    if given:
        sys.exit(f"action.yml has no input {', '.join(given)}")
    os.environ["GITHUB_ACTION_PATH"] = str(action_dir)
    status = 0
    for step in action["runs"]["steps"]:
        if "run" in step and not status:
            status = run_step(step, inputs)
        elif "uses" in step:
            outputs = dict(line.split("=", 1) for line in written("GITHUB_OUTPUT"))
            # The condition of this step: not cancelled, and there is a report.
            if outputs.get("sarif-file"):
                with_ = {name: evaluate(value, inputs, outputs) for name, value in step["with"].items()}
                print(f"uses {step['uses']} with {with_}", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), dict(word.split("=", 1) for word in sys.argv[2:])))
