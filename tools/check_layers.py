#!/usr/bin/env python3
"""Fails when a room under src/ includes a room that it may not.

The table is the house plan: includes go downwards only, and what it does not allow is an error.
A folder under src/ that the table does not know is an error too, so a new room must be placed
before it is built.

usage: check_layers.py SRC_FOLDER
"""

import pathlib
import re
import sys

MAY_INCLUDE = {
    "base": "",
    "core": "base",
    "workload": "core base",
    "tenants": "core base",
    "power": "base",
    "importer": "core base",
    "backend": "core base",
    "policy": "core base",
    "executor": "backend power core base",
    "scheduler": "executor backend policy power core base",
    "metrics": "scheduler core base",
    "admission": "tenants scheduler executor policy core base",
    "profiler": "executor backend policy power core base",
    "frontend": "admission tenants scheduler core base",
    "client": "workload core base",
    "sim": "admission tenants scheduler executor policy power workload core base",
    "apps": "*",  # where concrete classes meet; nobody may include apps
}
SUFFIXES = {".h", ".hpp", ".cc", ".cpp", ".cu", ".inc"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)


def allowed(room):
    """The rooms that `room` may include besides itself."""
    names = MAY_INCLUDE[room].split()
    return set(MAY_INCLUDE) - {"apps"} if names == ["*"] else set(names)


def include_problem(room, name):
    """Says what is wrong with `#include "name"` in `room`, or returns None."""
    other = name.split("/")[0]
    if "/" not in name:
        return f'write "{room}/{name}": includes start at src/' if room != "apps" else None
    if name.startswith("../") or "/../" in name:
        return f'"{name}" climbs folders: includes start at src/'
    if other == room or other not in MAY_INCLUDE:
        return None
    if other not in allowed(room):
        return f'{room} may not include "{name}"; it may include: {MAY_INCLUDE[room] or "nothing"}'
    if "internal" in name.split("/")[1:-1]:
        return f'{room} may not include "{name}": internal/ is for {other} alone'
    return None


def violations(src):
    """Yields one line for each broken rule, in file order."""
    for folder in sorted(path for path in src.iterdir() if path.is_dir()):
        if folder.name not in MAY_INCLUDE:
            yield f"{folder}: unknown room; place it in the table of tools/check_layers.py"
    for path in sorted(src.rglob("*")):
        room = path.relative_to(src).parts[0]
        if path.suffix not in SUFFIXES or room not in MAY_INCLUDE:
            continue
        text = path.read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            problem = include_problem(room, match.group(1))
            if problem:
                line = text.count("\n", 0, match.start(1)) + 1
                yield f"{path}:{line}: {problem}"


def main(arguments):
    if len(arguments) != 1 or not pathlib.Path(arguments[0]).is_dir():
        print("usage: check_layers.py SRC_FOLDER", file=sys.stderr)
        return 2
    found = list(violations(pathlib.Path(arguments[0])))
    print("\n".join(found) if found else "layers: ok")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
