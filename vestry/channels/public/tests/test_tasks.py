"""The page that lists the tasks of a long service."""

import pytest

from vestry.services.tests.services_to_try import offer
from vestry.services.tests.test_tasks import MOVE


@pytest.fixture
def moving(visitor):
    offer(MOVE)
    return visitor.open("/services/moving/").press().press(ours="yes")


def test_it_says_what_there_is_to_do_and_how_far_each_is(moving):
    assert moving.here.endswith("/tasks/")
    assert "You have completed 0 of 3 tasks." in moving.page.text
    assert "Your old home Cannot start yet" in moving.page.text
    assert "Check your answers and send Cannot start yet" in moving.page.text
    links = [said for _href, said in moving.page.links]
    assert "About you" in links
    assert "Your old home" not in links
    moving.follow("Your move").press(where="away")
    assert moving.here.endswith("/tasks/")
    assert "Your move Completed" in moving.page.text
    assert moving.follow("Your old home").press(keys="no").here.endswith("/tasks/")
    moving.follow("About you").press(your__name="Sam").press(email="sam@example.com")
    assert "You have completed 3 of 3 tasks." in moving.page.text
    moving.follow("Check your answers and send")
    assert "About you" in moving.page.text, "the answers stand under their tasks"
    assert moving.follow("Back").here.endswith("/tasks/")
    assert moving.follow("Check your answers and send").press().here.endswith("/done/")


def test_back_from_a_task_is_the_list(moving):
    assert moving.follow("About you").follow("Back").here.endswith("/tasks/")
    assert moving.follow("Back").here.endswith("/ours/")


def test_it_is_saved_and_left_like_any_other_page(moving):
    moving.follow("Save and come back later")
    assert "What is your email address?" in moving.page.text
