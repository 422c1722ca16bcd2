"""A good site and bad ones are told apart on every criterion that a probe can see."""

from datetime import UTC, datetime
from importlib.resources import files

import pytest
import yaml

from vestry.outbound.probes import Probes
from vestry.outbound.probes.confined import Named
from vestry.outbound.probes.tests.sites import bad, good
from vestry.outbound.probes.tests.sites.served import Reply, Site, authority, secured, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Where the bad site has nothing to be wrong, because another fault comes before it.
BY_ANOTHER = {"I3", "I7", "I9", "E7"}


def automatic():
    """The criteria that a probe can see, as the rubrics say."""
    folder = files("vestry.technology").joinpath("criteria")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        for name, each in yaml.safe_load(file.read_text()).get("criteria", {}).items():
            if "observed" in each["means"] and "eyes" not in each:
                yield name


def look(url, *, walk="", leave="", **how):
    said = []
    run = Probes(local=True, **how).look(
        url, now=lambda: datetime.now(UTC), told=said.append, walk=walk, leave=leave
    )
    assert [each.step for each in said] == sorted(each.step for each in said)
    return {each.criterion: each for each in run.findings}, run


def in_a_cloud(host):
    return Named(addresses=("127.0.0.1",), canonical="d1.cloudfront.net", reverse=("a.r.cloudfront.net",))


def in_an_office(host):
    return Named(addresses=("127.0.0.1",), reverse=("host81-2-3-4.dsl.example.net",))


@pytest.fixture(scope="module")
def runs(tmp_path_factory, chromium_is_there):
    by = authority(tmp_path_factory.mktemp("certificates"))
    onward = Site(at={"/": Reply("", status=301, headers=[("Location", "https://good.localhost/")])})
    with (
        serving(good.site(), secured(by, "good.localhost")) as port,
        serving(onward) as plain,
        serving(bad.site(), secured(by, "bad.localhost", old=True, self_signed=True)) as bad_port,
        serving(bad.with_an_interface()) as other_port,
    ):
        how = {"trust": by.file, "plain_port": plain, "names": in_a_cloud}
        leave = {"leave": "a letter of 1 October"}
        well, run = look(f"https://good.localhost:{port}/", walk=good.JOURNEY, **leave, **how)
        badly, _run = look(
            f"https://bad.localhost:{bad_port}/", walk=bad.JOURNEY, names=in_an_office, plain_port=other_port
        )
        other, _run = look(f"http://other.localhost:{other_port}/", walk=bad.JOURNEY_TO_NOTHING, **leave)
        yield {"good": well, "bad": badly, "other": other, "run": run}


@pytest.mark.parametrize("criterion", [*automatic()])
def test_the_good_site_meets_it(runs, criterion):
    found = runs["good"][criterion]
    assert found.verdict == "met", found.said


@pytest.mark.parametrize("criterion", [*automatic()])
def test_a_bad_site_does_not(runs, criterion):
    found = runs["other" if criterion in BY_ANOTHER else "bad"][criterion]
    assert found.verdict == "not-met", found.said


def test_nothing_is_found_that_nobody_asks(runs):
    assert set(runs["good"]) == set(automatic())


def test_the_evidence_of_a_run_is_kept_and_named(runs):
    run = runs["run"]
    names = [each.name for each in run.evidence]
    assert len(names) == len(set(names))
    assert {"page-1-width-320.png", "headers.txt", "tls.txt", "interface.json", "measured.json"} <= set(names)
    assert all(len(each.sha256) == 64 for each in run.evidence)
    assert "axe-core" in run.version
    assert "Chromium" in run.version
    assert run.ended > run.started
