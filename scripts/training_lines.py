"""A training job's state told in lines, for a terminal."""

from collections.abc import Iterator

from scripts.target import Target
from scripts.training_log import StepNumbers
from scripts.training_state import Cost, TrainingState

EXIT_STATUS = {"Completed": 0, "Failed": 1, "Stopped": 3}


def duration(seconds: float) -> str:
    """45 s, 12 min, 3 h 05 min."""
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def progress(told: StepNumbers, cost: Cost | None) -> str:
    """What the last line of the log says: loss, pace, time left; and the cost so far."""
    numbers = told.numbers
    parts = []
    if "loss" in numbers:
        parts.append(f"loss {numbers['loss']:.4f}")
    if "tokens_per_second" in numbers:
        parts.append(f"{numbers['tokens_per_second']:.0f} tokens/s")
    if "seconds_left" in numbers:
        parts.append(f"{duration(numbers['seconds_left'])} left")
    if cost:
        parts.append(f"{cost.so_far:.2f} {cost.currency}")
    return ", ".join(parts)


def ending(target: Target, state: TrainingState) -> Iterator[str]:
    """How a job has ended, and what can be done now."""
    name = state.name
    again = f"`{target.command('start_training', '--resume', name)}` goes on from its checkpoints."
    match state.status:
        case "Completed":
            fetch = target.command("fetch_adapter", name, "--out FOLDER")
            yield f"{name} is completed. `{fetch}` brings its adapter."
        case "Failed":
            yield f"{name} has failed. {state.reason}"
            yield f"{state.remedy} {again}".strip()
        case "Stopped":
            why = "" if state.phase == "Stopped" else f" ({state.phase})"
            yield f"{name} was stopped{why}. {again}"
    yield from _bill(state)


def details(target: Target, state: TrainingState) -> Iterator[str]:
    """Everything that is known about a job."""
    machines = f"{state.instances} x {state.instance}{', spot' if state.spot else ''}"
    now = state.status if state.phase == state.status else f"{state.status}, {state.phase}"
    yield f"{state.name}: {now} ({machines})"
    for step in state.steps:
        took = duration((step.until - step.since).total_seconds()) if step.until else "..."
        yield f"  {step.since:%Y-%m-%d %H:%M:%S}  {took:>10}  {step.phase:22} {step.message}"
    if state.metrics:
        shown = ", ".join(f"{name} {value:g}" for name, value in sorted(state.metrics.items()))
        yield f"Last metrics: {shown}."
    if state.status == "Completed":
        yield f"Its adapter lies in {state.model}"
    if state.ended:
        yield from ending(target, state)
        return
    yield from _bill(state)
    follow = target.command("training_status", state.name, "--follow")
    yield f"`{follow}` follows it, `{target.command('stop_training', state.name)}` stops it."


def _bill(state: TrainingState) -> Iterator[str]:
    if state.seconds is None:
        return
    billed = "" if state.billable_seconds is None else f", {state.billable_seconds} s billed"
    spot = "" if state.saved_by_spot is None else f", spot saved {state.saved_by_spot:.0%}"
    yield f"It had its machine for {duration(state.seconds)}{billed}{spot}."
    if cost := state.cost:
        what = "Cost" if state.ended else "Cost so far"
        yield f"{what} {cost.so_far:.2f} {cost.currency} ({cost.per_hour:g} an hour; {cost.note})"
