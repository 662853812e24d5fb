"""/plans: which crews go where, and why."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.deps import NodeId, Plans, Served, WithKey, of_our_time
from api.planning import make_and_store
from api.schemas import PlanRequest
from graph.views import CrewView, PlanSummary, PlanView

__all__ = ["router"]

router = APIRouter(tags=["plans"])


@router.post("/plans", status_code=201, dependencies=[WithKey], summary="Make a plan")
def make(asked: PlanRequest, services: Served, plans: Plans, response: Response) -> PlanView:
    """Weigh the open incidents by the rules, assign the crews optimally, store the plan, and answer with every reason."""
    plan = make_and_store(services, start=asked.start, hours=asked.hours)
    response.headers["Location"] = f"/plans/{plan.id}"
    return plans.plan(plan.id)


@router.get("/plans", summary="List plans, latest first")
def list_plans(
    plans: Plans,
    before: Annotated[datetime | None, Query(description="only those made before this instant")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[PlanSummary]:
    """The plans made so far."""
    return plans.plans(before=of_our_time("before", before), limit=limit)


@router.get("/plans/{identifier}", summary="One plan, explained")
def one(identifier: NodeId, plans: Plans) -> PlanView:
    """Every assignment with the rules that fired, its cost and why this crew; every incident left out with the reason."""
    return plans.plan(identifier)


@router.get("/crews", summary="All crews")
def crews(plans: Plans) -> list[CrewView]:
    """Crews with skills, shifts, capacities and bases."""
    return plans.crews()
