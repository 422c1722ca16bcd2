"""The criteria and the question set as they are shipped, read once. See `technology.api`."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec
import yaml

from vestry.technology.rules.claims import Questions
from vestry.technology.rules.criteria import PRINCIPLES, Criterion, Rubric, Rubrics

_T = TypeVar("_T")


def _text(name: str) -> bytes:
    return files("vestry.technology").joinpath("criteria", f"{name}.yaml").read_bytes()


def _read(text: bytes, kind: type[_T]) -> _T:
    """A data file whose days and numbers are read as what they are for, and "No" as the word it is."""
    return msgspec.convert(yaml.load(text, yaml.BaseLoader), kind, strict=False)  # noqa: S506 - texts only


@cache
def rubrics() -> Rubrics:
    """The criteria as they are now."""
    digest, since, titles = hashlib.sha256(), "", {}
    criteria: dict[str, Criterion] = {}
    for principle in PRINCIPLES:
        text = _text(principle)
        digest.update(text)
        rubric = _read(text, Rubric)
        since = max(since, rubric.since)
        titles[principle] = rubric.title
        for id_, each in rubric.criteria.items():
            criteria[id_] = msgspec.structs.replace(each, id=id_, principle=principle)
    return Rubrics(version=f"{since}/{digest.hexdigest()[:12]}", titles=titles, criteria=criteria)


@cache
def questions() -> Questions:
    """The published question set suppliers have answered."""
    return _read(_text("claims"), Questions)
