"""Prints a stack's next parameters as JSON: `python3 infra/parameters.py DECLARED PRESENT NAME=VALUE ...`.

DECLARED and PRESENT are files with the template's parameters and the stack's, as CloudFormation lists them. JSON,
because the CLI's shorthand cannot say a value with commas.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Parameter = Mapping[str, Any]


def parameters(declared: Iterable[Parameter], present: Iterable[Parameter], given: Iterable[str]) -> list[Parameter]:
    """What is not given keeps the stack's present value, else has the template's default."""
    defaults = {parameter["ParameterKey"]: parameter.get("DefaultValue") for parameter in declared}
    kept = {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in present}
    values = {name: kept.get(name, default) for name, default in defaults.items()}
    values |= dict(pair.split("=", 1) for pair in given)
    return [{"ParameterKey": name, "ParameterValue": str(value)} for name, value in values.items() if value is not None]


if __name__ == "__main__":
    declared, present = (json.loads(Path(path).read_text(encoding="utf-8")) for path in sys.argv[1:3])
    json.dump(parameters(declared, present, sys.argv[3:]), sys.stdout)
