"""What is committed holds for everybody: no index's host, no machine's path, no link, nothing undecided."""

import re
import subprocess

from tests.house.places import ROOT, committed_files, named, nothing_said

# Joined here, so that this file does not name them either.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
    )
]
PLACES = [
    r"(?<![\w.}])/" + place + "/" for place in (r"home/(?!vestry)\w+", r"Users/\w+", "root", "opt", "work")
]
UNWANTED = re.compile("|".join([*map(re.escape, HOSTS), *PLACES]))


def unwanted(text):
    for number, line in enumerate(text.splitlines(), start=1):
        if found := UNWANTED.search(line):
            yield number, found.group()


def committed_texts():
    for path in committed_files():
        try:
            yield path, path.read_text()
        except UnicodeDecodeError:
            continue  # a picture


def test_no_committed_file_names_an_index_or_a_machine():
    said = []
    for path, text in committed_texts():
        said += [f"{named(path)}:{number}: {found}" for number, found in unwanted(text)]
    nothing_said(said)


def test_an_index_or_a_place_is_seen():
    planted = [f'"resolved": "https://{HOSTS[2]}/x."' + "tgz", "see /" + "root/notes", "cd /" + "work/main"]
    assert [number for number, _ in unwanted("\n".join(planted))] == [1, 2, 3]
    assert not list(unwanted("https://council.example/work/ and {root}/opt/x and ../work/"))


def test_no_link_is_committed():
    """Where it leads is on one machine only; and git puts it in the place of a folder that is called so."""
    listed = subprocess.run(["git", "ls-files", "-s"], cwd=ROOT, capture_output=True, text=True, check=True)
    nothing_said(line for line in listed.stdout.splitlines() if line.startswith("120000"))


# As git leaves them at the beginning of a line, where two changes meet. A row of "=" alone is a heading's.
UNDECIDED = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)


def test_no_committed_file_holds_two_changes_that_met():
    nothing_said(
        f"{named(path)}: {found}" for path, text in committed_texts() for found in UNDECIDED.findall(text)
    )


def test_two_changes_that_met_are_seen():
    planted = "\n".join(
        ["<" * 7 + " HEAD", "one", "|" * 7, "both", "=" * 7, "other", ">" * 7 + " d20b9ff (a: B.)"]
    )
    assert len(UNDECIDED.findall(planted)) == 3
    assert not UNDECIDED.search("Heading\n=======\n<<<<<<<< \n  <<<<<<< HEAD\n")
