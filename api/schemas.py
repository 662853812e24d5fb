"""What clients send: validated at the edge, then turned into our own types."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ClassifyRequest", "ExtractRequest", "PlanRequest", "ReportRequest"]


class ReportRequest(BaseModel):
    """A report to take in. Send `id` (your own) to make a repeated request harmless."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "text": "岳麓区麓山南路夜宵摊占道经营，人行道走不过去，半夜还在放音响。",
                    "reported_at": "2026-11-20T23:10:00+08:00",
                    "channel": "app",
                },
                {
                    "id": "a-1047",
                    "text": "Two mattresses dumped next to the school gate on Shaoshan South Road",
                    "longitude": 112.985,
                    "latitude": 28.15,
                },
            ]
        },
    )

    text: Annotated[str, Field(min_length=1, description="what was said, Chinese or English")]
    id: Annotated[str | None, Field(default=None, description="the sender's id; unset: made from the content")]
    subject: Annotated[str | None, Field(default=None, description="a headline")]
    reported_at: Annotated[
        datetime | None, Field(default=None, description="unset: now; in a demo city, the demo's now")
    ]
    longitude: Annotated[float | None, Field(default=None, description="WGS 84 degrees")]
    latitude: Annotated[float | None, Field(default=None, description="WGS 84 degrees")]
    address: Annotated[str | None, Field(default=None, max_length=300)]
    channel: Annotated[str, Field(default="web", description="app, hotline, wechat, inspector, sensor, web …")]
    language: Annotated[str | None, Field(default=None, description="zh or en; unset: found from the text")]


class ClassifyRequest(BaseModel):
    """A text to classify, without taking it in."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"text": "小区门口工地凌晨两点还在打桩，渣土撒了一路没人扫", "explain": True},
                {"subject": "Bar again", "text": "Loud music past midnight and bottles all over the sidewalk"},
            ]
        },
    )

    text: Annotated[str, Field(min_length=1, description="what was said, Chinese or English")]
    subject: Annotated[str | None, Field(default=None, description="a headline")]
    language: Annotated[str | None, Field(default=None, description="zh or en; unset: found from the text")]
    explain: Annotated[bool, Field(default=False, description="also say why: words for and against, nearest examples")]


class ExtractRequest(BaseModel):
    """A text to read, without taking it in."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "text": "昨晚11点岳麓区麓山南路夜宵摊占道经营，投诉某某物业不管。",
                    "reported_at": "2026-11-20T08:10:00+08:00",
                    "draw": "zh",
                },
                {
                    "subject": "Mattresses",
                    "text": "Dumped next to the school gate on Shaoshan South Road every weekend",
                },
            ]
        },
    )

    text: Annotated[str, Field(min_length=1, description="what was said, Chinese or English")]
    subject: Annotated[str | None, Field(default=None, description="a headline")]
    language: Annotated[str | None, Field(default=None, description="zh or en; unset: found from the text")]
    reported_at: Annotated[
        datetime | None,
        Field(default=None, description="what 'yesterday' counts from; unset: now; in a demo city, the demo's now"),
    ]
    longitude: Annotated[float | None, Field(default=None, description="WGS 84 degrees")]
    latitude: Annotated[float | None, Field(default=None, description="WGS 84 degrees")]
    address: Annotated[str | None, Field(default=None, max_length=300)]
    draw: Annotated[
        Literal["zh", "en"] | None,
        Field(default=None, description="also draw it as HTML, with labels in this language"),
    ]


class PlanRequest(BaseModel):
    """A plan to make."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"start": "2026-11-20T08:00:00+08:00", "hours": 24}]}
    )

    start: Annotated[datetime | None, Field(default=None, description="start of the horizon; unset: now")]
    hours: Annotated[float, Field(default=24.0, gt=0, le=168, description="length of the horizon")]
