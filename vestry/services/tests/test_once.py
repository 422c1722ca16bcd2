"""What is worked out once is that of the very same thing, never of one that only looks like it."""

from vestry.services.once import once


def test_it_is_worked_out_once_for_one_thing_and_again_for_one_that_is_alike():
    worked = []

    @once
    def total(numbers, more):
        worked.append((numbers, more))
        return sum(numbers) + sum(more)

    ours, alike, more = [1, 2], [1, 2], [3]
    assert [total(ours, more), total(ours, more), total(alike, more)] == [6, 6, 6]
    assert [each[0] is ours for each in worked] == [True, False]


def test_a_thing_that_is_gone_is_not_mistaken_for_the_next_in_its_place():
    count = once(len)
    assert [count([None] * number) for number in range(50)] == list(range(50))
