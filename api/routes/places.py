"""/places/proposals: names that reports use and the city does not know, for a person to decide on."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.dataclasses import dataclass

from api.deps import After, DistrictFilter, Limit, NextPage, NodeId, Review, WithKey
from core.types import PlaceKind, Point
from graph.proposal_decisions import Decision, DecisionKind, DecisionRecord
from graph.proposal_views import ProposalDetail, ProposalState, ProposalView

__all__ = ["DecisionRequest", "router"]

router = APIRouter(prefix="/places/proposals", tags=["proposed places"])


class _Location(BaseModel):
    """A point."""

    model_config = ConfigDict(extra="forbid")

    longitude: Annotated[float, Field(ge=-180, le=180, description="WGS 84 degrees")]
    latitude: Annotated[float, Field(ge=-90, le=90, description="WGS 84 degrees")]


class DecisionRequest(BaseModel):
    """What somebody decides about a proposed place."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "decision": "confirm",
                    "by": "Li Wei",
                    "name_zh": "映霞小区",
                    "name_en": "Yingxia Estate",
                    "location": {"longitude": 112.9305, "latitude": 28.1905},
                },
                {"decision": "alias", "by": "Li Wei", "place": "place-wuyi-square"},
                {"decision": "reject", "by": "Li Wei", "why": "any road with a stone surface is called so"},
                {"decision": "undo", "by": "Li Wei", "why": "the wrong estate"},
            ]
        },
    )

    decision: Annotated[DecisionKind, Field(description="confirm: a place of its own; alias: another name of `place`")]
    by: Annotated[str, Field(min_length=1, max_length=100, description="who decides")]
    why: Annotated[str | None, Field(default=None, max_length=1000, description="in their words")]
    place: Annotated[
        str | None, Field(default=None, max_length=300, description="alias: id of the place that is meant")
    ]
    name_zh: Annotated[str | None, Field(default=None, description="confirm: its Chinese name; unset: as proposed")]
    name_en: Annotated[str | None, Field(default=None, description="confirm: its English name; unset: as proposed")]
    kind: Annotated[PlaceKind | None, Field(default=None, description="confirm: what it is; unset: as proposed")]
    location: Annotated[
        _Location | None,
        Field(default=None, description="confirm: where it is; unset: as proposed, where reports have coordinates"),
    ]
    sensitive: Annotated[
        Literal["school", "kindergarten", "hospital", "elderly_care"] | None,
        Field(default=None, description="confirm: whom it needs to be quiet and clean for"),
    ]

    def as_decision(self) -> Decision:
        """The same in our own words."""
        given: dict[str, Any] = self.model_dump(exclude={"location"})
        return Decision(**given, location=Point(**self.location.model_dump()) if self.location else None)


@dataclass(frozen=True)
class DecisionReceipt:
    """What a decision came to. record: as it is kept, with how many reports it tied to the place or untied."""

    record: DecisionRecord
    detail: ProposalDetail


@router.get("", summary="Names that the city does not know, those met most often first")
def list_proposals(
    review: Review,
    page: NextPage,
    state: Annotated[ProposalState, Query(description="candidate: named in too few reports yet")] = ProposalState.OPEN,
    kind: Annotated[Literal["road", "estate", "poi", "crossing"] | None, Query(description="what they are")] = None,
    district: DistrictFilter = None,
    min_reports: Annotated[
        int | None,
        Query(ge=1, le=1_000_000, description="named in at least so many reports; open: unset, the setting's"),
    ] = None,
    after: After = None,
    limit: Limit = 50,
) -> list[ProposalView]:
    """Each with its spellings, districts and a location; see also `/places/proposals/{id}`."""
    found, key = review.proposals(
        state=state, kind=kind, district=district, min_reports=min_reports, after=after, limit=limit
    )
    page.link(key)
    return found


@router.get("/{identifier:path}", summary="One proposed place, with all that a decision needs")
def one(
    identifier: NodeId,
    review: Review,
    examples: Annotated[int, Query(ge=1, le=200, description="reports shown, the latest")] = 20,
) -> ProposalDetail:
    """Reports that use the name, names of the city like it and why, what seems right, and what was decided before."""
    return review.proposal(identifier, examples=examples)


@router.post("/{identifier:path}/decision", dependencies=[WithKey], summary="Decide on a proposed place")
def decide(identifier: NodeId, sent: DecisionRequest, review: Review) -> DecisionReceipt:
    """Confirm it as a place, call it another name of a place, reject it, or undo the last decision.

    Reports that named it are tied to the place, and reports to come are understood with the new name at once; the incidents that
    there are stay as they are. Answers 409 where the state does not allow it.
    """
    decided = review.decide(identifier, sent.as_decision())
    return DecisionReceipt(decided.record, decided.detail)
