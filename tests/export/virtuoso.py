"""A real Virtuoso 7 for tests: on loopback, in a folder of its own."""

import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import requests

_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DirsAllowed = {folder}
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
"""


class Virtuoso:
    """A running server; `load` and `query` as the README's recipe does them."""

    def __init__(self, folder: Path, port: int, http_port: int):
        self.folder = folder
        self.port = port
        self.sparql = f"http://127.0.0.1:{http_port}/sparql"

    def isql(self, commands: str) -> str:
        done = subprocess.run(
            ["isql-vt", f"127.0.0.1:{self.port}", "dba", "dba", f"exec={commands}"], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def load(self, path: Path, graph: str) -> None:
        """Loads a file from the server's own folder with the bulk loader."""
        inside = self.folder / path.name
        inside.write_bytes(path.read_bytes())
        self.isql(f"ld_dir('{self.folder}', '{path.name}', '{graph}'); rdf_loader_run(); checkpoint;")
        errors = self.isql("SELECT ll_error FROM DB.DBA.load_list WHERE ll_error IS NOT NULL;")
        assert "0 Rows." in errors, errors

    def query(self, text: str, graph: str) -> dict:
        parameters = {"query": text, "default-graph-uri": graph, "format": "application/sparql-results+json"}
        answer = requests.post(self.sparql, data=parameters, timeout=60)
        assert answer.ok, answer.text
        return answer.json()


@contextmanager
def running(folder: Path):
    """Starts a server in an empty folder, and stops it at the end of the block."""
    port, http_port = _free_port(), _free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(_INI.format(folder=folder, port=port, http_port=http_port), encoding="utf-8")
    process = subprocess.Popen(["virtuoso-t", "+foreground", "+configfile", str(ini)], stderr=subprocess.DEVNULL, cwd=folder)
    try:
        _wait(process, http_port)
        yield Virtuoso(folder, port, http_port)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None, "virtuoso-t ended; see its virtuoso.log"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "virtuoso-t does not listen"
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
