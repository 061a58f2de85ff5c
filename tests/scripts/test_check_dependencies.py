"""Packages are installed as they are pinned; what is not is told with its remedy."""

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from scripts.check_dependencies import closure, main, read, unequal, unpinned


def test_this_environment_is_as_pinned_and_what_was_not_looked_up_is_said(capsys):
    main([])

    told = capsys.readouterr().out
    assert "packages are installed as they are pinned" in told
    assert "Known vulnerabilities were not looked up; `make audit`" in told


def test_what_files_include_and_say_is_passed_over(tmp_path):
    (tmp_path / "r.txt").write_text("# why\n-r other.txt\n\nflask[async]==3.1.3  # the site\n")

    assert list(map(str, read(tmp_path, ["r.txt"]))) == ["flask[async]==3.1.3"]


@pytest.mark.parametrize("text", ["flask", "flask>=3", "flask==3.*", "flask>=3,<4"])
def test_a_requirement_of_several_versions_is_not_pinned(text):
    assert unpinned([Requirement(text)]) == [
        f"{Requirement(text)} is not pinned; write flask==VERSION."
    ]


def test_what_is_missing_or_another_version_is_told():
    found, problems = closure([Requirement("flask==0.1"), Requirement("no-such-thing==1")])

    assert {"flask", "werkzeug", "jinja2"} <= set(found)
    assert "no-such-thing==1 is not installed." in problems
    assert any(told.startswith("flask==0.1 is wanted, and ") for told in problems)


def test_what_the_constraints_lack_is_told():
    installed = {"flask": Version("3.1.3"), "torch": Version("2.13.0+cpu"), "blinker": Version("1")}
    pins = {"flask": Requirement("flask==3.1.2"), "torch": Requirement("torch==2.13.0")}

    assert unequal([], installed, pins) == [
        "blinker 1: constraints.txt has no version.",
        "flask 3.1.3: constraints.txt has 3.1.2.",
    ]
