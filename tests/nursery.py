"""Commands in processes that need not load anything first: one process loads it all, and forks for each.

It reads commands and tells how they ended, a line of JSON each; the fixture `nursery` is the other end.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path


def main():
    import kg.cli
    import kg.cli.job
    import kg.export.html
    import kg.export.node_link
    import kg.export.rdf
    import kg.export.validate
    import kg.nlp
    import kg.pipeline
    import kg.store  # noqa: F401

    for line in sys.stdin:
        print(json.dumps(_run(**json.loads(line))), flush=True)


def _run(arguments, cwd, patience, input, env):
    with tempfile.TemporaryDirectory() as folder:
        given, *printed = (Path(folder, name) for name in ("stdin", "stdout", "stderr"))
        given.write_text(input, encoding="utf-8")
        started = time.monotonic()
        child = os.fork()
        if not child:
            os.environ.update(env)
            os.dup2(os.open(given, os.O_RDONLY), 0)
            _become(arguments, cwd, printed)
        status = _ended(child, started + patience)
        seconds = time.monotonic() - started
        texts = [path.read_text(encoding="utf-8") if path.exists() else "" for path in printed]
    return {"returncode": os.waitstatus_to_exitcode(status), "seconds": seconds, "stdout": texts[0], "stderr": texts[1]}


def _become(arguments, cwd, printed):
    from kg.cli import main
    from kg.cli.report import messages

    os.chdir(cwd)
    for path, stream in zip(printed, (sys.stdout, sys.stderr), strict=True):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), stream.fileno())
    sys.argv = ["kg", *arguments]
    try:
        main()
    except SystemExit as end:
        sys.stdout.flush()
        messages.file.flush()
        # Not `sys.exit`: threads of libraries that were loaded before the fork can't be waited for.
        os._exit(end.code or 0)
    finally:
        os._exit(70)


def _ended(child, latest):
    while time.monotonic() < latest:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.001)
    os.kill(child, 9)
    return os.waitpid(child, 0)[1]


if __name__ == "__main__":
    main()
