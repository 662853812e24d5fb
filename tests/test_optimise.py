"""The optimiser: optimal where it says so, bounded where it does not, the same answer for the same question."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from allocation.matching import match_jobs
from allocation.optimise import Problem, optimise
from allocation.travel import haversine, road_metres, visiting_order
from core.types import Point


def problem(net, minutes, jobs, on_duty):
    """From dense tables, incidents × crews; None means not eligible."""
    pairs = [(i, c) for i, row in enumerate(net) for c, one in enumerate(row) if one is not None]
    return Problem(
        incidents=len(net),
        incident=np.array([i for i, _ in pairs], dtype=np.int64),
        crew=np.array([c for _, c in pairs], dtype=np.int64),
        net=np.array([net[i][c] for i, c in pairs], dtype=np.float64),
        minutes=np.array([minutes[i][c] for i, c in pairs], dtype=np.float64),
        jobs=np.array(jobs, dtype=np.int64),
        on_duty=np.array(on_duty, dtype=np.float64),
    )


def by_trying_everything(net, minutes, jobs, on_duty):
    best = 0.0
    for choice in product(range(-1, len(jobs)), repeat=len(net)):
        taken = [(i, c) for i, c in enumerate(choice) if c >= 0]
        if any(net[i][c] is None for i, c in taken):
            continue
        fits = all(
            sum(1 for _, one in taken if one == c) <= jobs[c]
            and sum(minutes[i][one] for i, one in taken if one == c) <= on_duty[c]
            for c in range(len(jobs))
        )
        if fits:
            best = max(best, sum(net[i][c] for i, c in taken))
    return best


def check_feasible(asked, solution):
    incident, crew = asked.incident[solution.taken], asked.crew[solution.taken]
    assert len(set(incident.tolist())) == len(incident)
    assert (np.bincount(crew, minlength=len(asked.jobs)) <= asked.jobs).all()
    used = np.bincount(crew, weights=asked.minutes[solution.taken], minlength=len(asked.jobs))
    assert (used <= asked.on_duty + 1e-6).all()
    assert solution.objective == pytest.approx(np.rint(asked.net[solution.taken] * 100).sum() / 100)
    assert solution.bound >= solution.objective
    assert 0 <= solution.gap <= 1


@st.composite
def cases(draw):
    incidents, crews = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    worth = st.one_of(st.none(), st.integers(-20, 60))
    net = [[draw(worth) for _ in range(crews)] for _ in range(incidents)]
    minutes = [[draw(st.integers(5, 60)) for _ in range(crews)] for _ in range(incidents)]
    jobs = [draw(st.integers(0, 3)) for _ in range(crews)]
    return net, minutes, jobs, [draw(st.integers(0, 120)) for _ in range(crews)]


@settings(max_examples=300, deadline=None)
@given(cases())
def test_on_small_cases_it_finds_what_trying_everything_finds_and_says_so(case):
    asked = problem(*case)
    solution = optimise(asked)
    check_feasible(asked, solution)
    assert solution.objective == pytest.approx(by_trying_everything(*case))
    assert solution.gap == 0


def test_it_is_not_greedy():
    # The greedy choice, crew 0 to incident 0 for 10, would leave incident 1 without a crew: 10 instead of 9 + 8.
    solution = optimise(problem([[10, 9], [8, None]], [[1, 1], [1, 1]], [1, 1], [10, 10]))
    assert solution.objective == 17


def test_what_costs_more_than_it_is_worth_is_not_done():
    assert not len(optimise(problem([[-1, 0]], [[1, 1]], [5, 5], [10, 10])).taken)


def test_equal_incidents_go_by_their_order_and_equal_crews_too():
    one_crew = problem([[5]] * 4, [[1]] * 4, [2], [100])
    assert one_crew.incident[optimise(one_crew).taken].tolist() == [0, 1]
    one_incident = problem([[5, 5, 5]], [[1, 1, 1]], [1, 1, 1], [9, 9, 9])
    assert one_incident.crew[optimise(one_incident).taken].tolist() == [0]


def test_minutes_bind_where_jobs_do_not():
    asked = problem([[10], [9], [8]], [[60], [30], [30]], [3], [60])
    solution = optimise(asked)
    assert asked.incident[solution.taken].tolist() == [1, 2]
    assert (solution.objective, solution.gap, solution.method) == (17, 0, "flow+packing")


def test_a_job_longer_than_the_duty_is_never_given():
    assert not len(optimise(problem([[10]], [[61]], [3], [60])).taken)


def test_nothing_to_assign_is_an_empty_optimum():
    solution = optimise(problem([[None]], [[1]], [1], [10]))
    assert (len(solution.taken), solution.objective, solution.gap) == (0, 0, 0)


def invented(incidents, crews, *, duty, share=0.3, seed=0):
    choose = np.random.default_rng(seed)
    incident, crew = np.nonzero(choose.random((incidents, crews)) < share)
    net = choose.gamma(2.0, 100.0, incidents)[incident] - choose.uniform(0, 120, len(incident))
    minutes = choose.choice([20.0, 30.0, 45.0, 90.0], incidents)[incident] + choose.uniform(2, 30, len(incident))
    jobs = choose.integers(6, 13, crews)
    return Problem(incidents, incident, crew, net, minutes, jobs.astype(np.int64), np.full(crews, duty))


@pytest.mark.parametrize(("incidents", "crews", "duty"), [(120, 12, 480.0), (3000, 60, 480.0)])
def test_where_minutes_bind_the_plan_is_feasible_and_its_gap_at_most_two_percent(incidents, crews, duty):
    asked = invented(incidents, crews, duty=duty)
    solution = optimise(asked)
    check_feasible(asked, solution)
    assert solution.method == "flow+packing"
    assert solution.gap <= 0.02


def test_the_bound_of_a_large_problem_is_no_lower_than_the_best_of_any_part_of_it():
    asked = invented(300, 12, duty=400.0)
    part = np.flatnonzero(asked.incident < 40)
    small = Problem(
        40, asked.incident[part], asked.crew[part], asked.net[part], asked.minutes[part], asked.jobs, asked.on_duty
    )
    assert optimise(small).objective <= optimise(asked).bound


def test_the_same_problem_has_the_same_answer():
    asked = invented(120, 12, duty=480.0)
    assert optimise(asked).taken.tolist() == optimise(asked).taken.tolist()


def test_more_crew_time_is_never_worth_less_than_the_bound_allows():
    tight, loose = optimise(invented(150, 10, duty=300.0)), optimise(invented(150, 10, duty=600.0))
    assert loose.bound >= tight.objective


def test_the_flow_alone_is_worth_what_the_linear_program_says():
    choose = np.random.default_rng(4)
    incident, crew = np.nonzero(choose.random((60, 8)) < 0.5)
    weight, jobs = choose.integers(-20, 200, len(incident)), np.full(8, 4, dtype=np.int64)
    taken = match_jobs(incident, crew, weight, jobs)
    rows = np.zeros((68, len(incident)))
    rows[incident, np.arange(len(incident))] = 1
    rows[60 + crew, np.arange(len(incident))] = 1
    relaxed = linprog(-weight, A_ub=rows, b_ub=np.concatenate([np.ones(60), jobs]), bounds=(0, None))
    assert weight[taken].sum() == pytest.approx(-relaxed.fun)


def test_haversine_agrees_with_known_distances():
    paris, london = np.array([2.3522, 48.8566]), np.array([-0.1278, 51.5074])
    assert float(haversine(paris, london)) == pytest.approx(343_556, rel=0.001)  # published great-circle distance
    assert float(haversine(paris, paris)) == 0


def test_road_metres_are_the_great_circle_times_the_detour_factor():
    here, there = Point(112.98, 28.2), Point(112.99, 28.2)
    assert road_metres(here, there, 1.3) == pytest.approx(1.3 * road_metres(here, there, 1.0))
    assert road_metres(here, there, 1.0) == pytest.approx(980, rel=0.01)


def test_stops_are_visited_nearest_first_from_where_one_is():
    base = Point(0.0, 0.0)
    stops = [Point(0.03, 0.0), Point(0.01, 0.0), Point(-0.02, 0.0)]
    assert visiting_order(base, stops) == [1, 0, 2]
    assert visiting_order(base, []) == []
