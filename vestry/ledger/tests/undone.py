"""A state machine run on the database: each of its runs begins with what was there before the first."""

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def run_undone(machine: type[RuleBasedStateMachine], *, examples: int, steps: int) -> None:
    """Run a machine so many times for so many steps; what a run wrote is gone when the next begins."""

    class Undone(machine):
        def __init__(self):
            super().__init__()
            self.point = transaction.savepoint()

        def teardown(self):
            transaction.savepoint_rollback(self.point)

    run_state_machine_as_test(
        Undone,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
