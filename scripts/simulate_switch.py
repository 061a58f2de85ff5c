"""Prove the switch on a simulated year: python -m scripts.simulate_switch --demos 1000 --seed 1"""

import argparse
import json
import logging
import sys
from dataclasses import asdict

from tqdm import tqdm

from scripts.simulated_year import Report, Year

_EPILOG = """A fake cloud throttles, loses requests and answers, has no capacity, reads late, is
slow, kills the switch between any two of its calls, runs it twice at once and sets its clock
wrong, while hosts plan, change, extend, stop and cancel. Reported are the demos that were ready
on time, those that were late, those that the cloud did not allow to be ready, and the minutes in
which the endpoint stood without a lease: beyond the bound (leaked), the bound, and the longest of
all."""


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description="Live through a simulated year of demos in a cloud that fails.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--demos", type=int, default=1000, help="demos in the year (1000)")
    parser.add_argument("--seed", type=int, default=1, help="of everything that is drawn (1)")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    arguments = parser.parse_args(argv)
    if arguments.demos < 1:
        parser.error(f"--demos is {arguments.demos}; it must be 1 or more.")
    logging.getLogger("webapp").setLevel(logging.ERROR)
    report = simulate(arguments.demos, arguments.seed, quiet=not sys.stderr.isatty())
    print(json.dumps(asdict(report), indent=2) if arguments.json else _words(report))
    if report.leaked_minutes or report.late:
        sys.exit(1)


def simulate(demos: int, seed: int, quiet: bool = True) -> Report:
    """The report of a year, with a bar that shows how many demos have come."""
    with tqdm(total=demos, desc="Demos", unit="demo", disable=quiet, leave=False) as bar:

        def tell(done: int) -> None:
            bar.update(done - bar.n)

        return Year(demos, seed).run(tell)


def _words(report: Report) -> str:
    faults = ", ".join(f"{count:,} x {name}" for name, count in report.faults.items())
    return (
        f"{report.demos:,} demos, {report.steps:,} runs of the switch; faults: {faults}.\n"
        f"Ready on time: {report.ready_on_time:,}. Late: {report.late}. "
        f"Not allowed by the cloud: {report.excused}.\n"
        f"Without a lease: at most {report.longest_minutes} minutes at a time, of the bound of "
        f"{report.bound_minutes}; beyond it: {report.leaked_minutes}."
    )


if __name__ == "__main__":
    main()
