"""/reports/allocation: the daily allocation reports, as files."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.responses import FileResponse

from api.deps import Served
from core.errors import NotFound

__all__ = ["router"]

router = APIRouter(prefix="/reports/allocation", tags=["allocation reports"])
_NAME = re.compile(r"allocation-\d{4}-\d\d-\d\d-[0-9a-f]+-(zh|en)\.(html|csv)")
_TYPES = {"html": "text/html; charset=utf-8", "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report that was made; url: where it is read."""

    name: str
    url: str
    language: str
    format: str
    made_at: datetime
    bytes: int


@router.get("", summary="List the allocation reports, latest first")
def list_files(services: Served) -> list[ReportFile]:
    """HTML and CSV, in Chinese and in English."""
    found: list[ReportFile] = []
    for path in services.reports.glob("allocation-*"):
        name = _NAME.fullmatch(path.name)
        if name:
            state = path.stat()
            found.append(
                ReportFile(
                    name=path.name,
                    url=f"/reports/allocation/{path.name}",
                    language=name[1],
                    format=name[2],
                    made_at=datetime.fromtimestamp(state.st_mtime, UTC),
                    bytes=state.st_size,
                )
            )
    return sorted(found, key=lambda file: (file.made_at, file.name), reverse=True)


@router.get("/{name}", summary="One allocation report", response_class=FileResponse)
def read_file(name: str, services: Served) -> FileResponse:
    """The file as it was written; names are checked, so nothing else of the machine is served."""
    matched = _NAME.fullmatch(name)
    path = services.reports / name
    if not matched or not path.is_file():
        raise NotFound("allocation report", name)
    return FileResponse(path, media_type=_TYPES[matched[2]])
