#!/usr/bin/env python3
"""Runs clang-tidy over the compile database, in parallel, and remembers what was clean.

A source is skipped when it, every header of ours that it reaches, its flags, .clang-tidy and the
tool itself are what they were when it last passed. The memory holds hashes alone, so it may be
shared by any number of checkouts; removing it is always safe.

usage: tidy.py BUILD_FOLDER [PATH_PREFIX]...      (default: every source outside the build folder)
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TIDY = os.environ.get("CLANG_TIDY", "clang-tidy-14")
INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)
FORGET_AFTER_SECONDS = 30 * 24 * 3600


def memory_folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return pathlib.Path(base) / "delen" / "tidy"


def closure(source):
    """The source and all headers of this tree that it includes, directly or not."""
    seen, waiting = {}, [source]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen[path] = path.read_bytes()
        for name in INCLUDE.findall(seen[path]):
            for folder in (path.parent, ROOT / "src", ROOT):
                header = (folder / name.decode()).resolve()
                if header.is_file():
                    waiting.append(header)
                    break
    return seen


def key_of(entry, tool):
    """Names a source, what it depends on and how it is checked; free of this checkout's path."""
    digest = hashlib.sha256()
    command = entry["command"].replace(str(ROOT), ".")
    for part in (tool, (ROOT / ".clang-tidy").read_bytes(), command.encode()):
        digest.update(hashlib.sha256(part).digest())
    for path, content in sorted(closure(pathlib.Path(entry["file"])).items()):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def wanted_entries(build, prefixes):
    """The database's entries below this tree, each source once."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = pathlib.Path(entry["file"])
        if not path.is_relative_to(ROOT) or path.is_relative_to(ROOT / "build"):
            continue
        name = str(path.relative_to(ROOT))
        if not prefixes or name.startswith(tuple(prefixes)):
            found.setdefault(name, entry)
    return found


def check(build, name, memory):
    """Returns what clang-tidy complains about in one source; an empty text means clean."""
    run = subprocess.run(
        [TIDY, "-p", str(build), "--quiet", str(ROOT / name)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if run.returncode == 0:
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.touch()
        return ""
    return run.stdout or run.stderr


def forget_old(folder):
    for path in folder.glob("*"):
        if time.time() - path.stat().st_mtime > FORGET_AFTER_SECONDS:
            path.unlink(missing_ok=True)


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    build = pathlib.Path(arguments[0]).resolve()
    tool = subprocess.run([TIDY, "--version"], stdout=subprocess.PIPE, check=True).stdout
    entries = wanted_entries(build, arguments[1:])
    memory = {name: memory_folder() / key_of(entry, tool) for name, entry in entries.items()}
    todo = sorted(name for name, path in memory.items() if not path.exists())
    forget_old(memory_folder())

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS") or os.cpu_count())) as pool:
        reports = pool.map(lambda name: check(build, name, memory[name]), todo)
        for name, report in zip(todo, reports):
            if report:
                failed += 1
                print(report.replace(f"{ROOT}/", ""))
    print(f"clang-tidy: {len(entries)} sources, {len(todo)} looked at, {failed} with complaints")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
