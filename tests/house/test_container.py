"""The Containerfile says what the command line knows, runs as nobody special, and names no index."""

import json
import re

from tests.house.places import ROOT, nothing_said
from vestry.config.cli import COMMANDS

A_COMMAND = re.compile(r"^CMD (\[.*\])$", re.MULTILINE)
A_COPY = re.compile(r"^COPY (?!--from)(.+) \S+$", re.MULTILINE)
A_GUIDE = re.compile(r"^\s*(?:podman run .* vestry )?vestry ([a-z]+)", re.MULTILINE)


def text():
    # A line that ends in a backslash goes on.
    return (ROOT / "Containerfile").read_text().replace("\\\n", " ")


def verbs():
    return {command.__name__.rpartition(".")[2] for command in COMMANDS}


def test_what_it_runs_is_a_command_that_takes_those_words(capsys):
    from argparse import ArgumentParser

    (command,) = A_COMMAND.findall(text())
    program, *words = json.loads(command)
    assert program == "vestry"
    parser = ArgumentParser()
    choices = parser.add_subparsers()
    for one in COMMANDS:
        one.add_to(choices)
    said = parser.parse_args(words)
    assert (said.host, said.port, said.processes) == ("0.0.0.0", 8000, 2)
    assert f"127.0.0.1:{said.port}/healthz" in text()


def test_what_it_copies_is_there():
    copied = [name for line in A_COPY.findall(text()) for name in line.split()]
    assert copied
    nothing_said(name for name in copied if not (ROOT / name).exists())


def test_it_runs_as_nobody_special_and_installs_by_hash():
    assert re.findall(r"^USER (\d+)$", text(), re.MULTILINE) == ["10001"]
    assert "--require-hashes" in text()
    assert not re.search(r"index-url|find-links|--registry|trusted-host", text())


def test_the_guide_names_only_verbs_there_are():
    guide = (ROOT / "docs/how-to/run-it-for-real.md").read_text()
    named = set(A_GUIDE.findall(guide)) | set(re.findall(r"`vestry ([a-z]+)", guide))
    assert {"serve", "work", "migrate", "seal", "verify"} <= named
    assert named <= verbs()
