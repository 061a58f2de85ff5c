"""Whether what is installed is what is pinned: python -m scripts.check_dependencies

It asks nobody: known vulnerabilities are for `make audit`, which needs PyPI.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from scripts import install

PARTS = sorted({name for names in install.PARTS.values() for name in names})
# what torch brings where there is a GPU, and what comes with Python
_OF_A_MACHINE = ("nvidia", "cuda", "triton", "setuptools")
_NOT_LOOKED_UP = "Known vulnerabilities were not looked up; `make audit` asks PyPI for them."


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description="Check that every requirement is pinned, that constraints.txt has it and all "
        "that it brings, and that just these versions are installed."
    )
    parser.parse_args(argv)
    asked = list(read(install.ROOT, PARTS))
    pins = {str(canonicalize_name(x.name)): x for x in read(install.ROOT, ["constraints.txt"])}
    installed, problems = closure(asked)
    problems += unpinned(asked) + unequal(asked, installed, pins)
    if problems:
        sys.exit("\n".join([*problems, "Correct the files, or run `make constraints`."]))
    print(f"{len(installed)} packages are installed as they are pinned. {_NOT_LOOKED_UP}")


def read(root: Path, names: Iterable[str]) -> Iterator[Requirement]:
    """The requirements of these files, without what they include."""
    for name in names:
        for line in (root / name).read_text(encoding="utf-8").splitlines():
            text = line.partition("#")[0].strip()
            if text and not text.startswith("-"):
                yield Requirement(text)


def unpinned(asked: Iterable[Requirement]) -> list[str]:
    return [f"{each} is not pinned; write {each.name}==VERSION." for each in asked if not pin(each)]


def pin(requirement: Requirement) -> str:
    """The one version that it allows; empty where it allows several."""
    specifiers = list(requirement.specifier)
    exact = len(specifiers) == 1 and specifiers[0].operator == "=="
    return specifiers[0].version if exact and "*" not in specifiers[0].version else ""


def closure(asked: Iterable[Requirement]) -> tuple[dict[str, Version], list[str]]:
    """What is installed of these and of all they bring, and what is missing or does not fit."""
    found: dict[str, Version] = {}
    problems: list[str] = []
    left, seen = list(asked), set[str]()
    while left:
        each = left.pop()
        if str(each) in seen:
            continue
        seen.add(str(each))
        try:
            package = distribution(each.name)
        except PackageNotFoundError:
            problems.append(f"{each} is not installed.")
            continue
        version = Version(package.version)
        found[canonicalize_name(each.name)] = version
        if not each.specifier.contains(version, prereleases=True):
            problems.append(f"{each} is wanted, and {version} is installed.")
        brought = map(Requirement, package.requires or ())
        left += [other for other in brought if _applies(other, each.extras)]
    return found, problems


def _applies(brought: Requirement, extras: set[str]) -> bool:
    marker = brought.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in {"", *extras})


def unequal(
    asked: Iterable[Requirement], installed: dict[str, Version], pins: dict[str, Requirement]
) -> list[str]:
    """What constraints.txt lacks, or has in another version."""
    wanted = {name: version.public for name, version in installed.items()}
    wanted |= {canonicalize_name(each.name): pin(each) for each in asked if pin(each)}
    said = []
    for name, version in sorted(wanted.items()):
        pinned = pin(pins[name]) if name in pins else ""
        if version != pinned and not name.startswith(_OF_A_MACHINE):
            said.append(f"{name} {version}: constraints.txt has {pinned or 'no version'}.")
    return said


if __name__ == "__main__":
    main()
