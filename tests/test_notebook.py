"""The notebooks run from the first cell to the last, and are kept without outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

pytest_plugins = ["tiny_bert"]
ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path):
    cells = nbformat.read(path, as_version=4).cells
    assert not [cell for cell in cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)]


@pytest.fixture
def tiny_base(request):
    pytest.importorskip("torch", reason="training is the extra [train]: pip install -e '.[train]'")
    return request.getfixturevalue("base")


def test_the_training_notebook_trains_judges_and_explains(monkeypatch, tiny_base):
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("CITYGRAPH_BASE_EN", tiny_base)
    monkeypatch.setenv("CITYGRAPH_SHARE", "0.1")
    monkeypatch.setenv("CITYGRAPH_EPOCHS", "1")
    notebook = nbformat.read(ROOT / "notebooks" / "02_train_evaluate.ipynb", as_version=4)
    NotebookClient(notebook, timeout=240, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    told = " ".join(str(output.get("data", {})) for output in outputs)
    assert [output for output in outputs if "image/png" in output.get("data", {})]
    assert "macro-F1" in told
    assert "dev_agreement" in told
    assert "noise.nightlife" in told or "noise" in told


def test_the_city_graph_notebook_runs_and_draws_and_answers(monkeypatch):
    for name in ("CITYGRAPH_HOME", "CITYGRAPH_CITY", "NEO4J_URI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    notebook = nbformat.read(ROOT / "notebooks" / "01_city_graph.ipynb", as_version=4)
    NotebookClient(notebook, timeout=240, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    noise = [output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    tables = [output for output in outputs if "text/html" in output.get("data", {})]
    assert noise == []
    assert len(pictures) == 3
    assert len(tables) >= 5
    assert all("<td" in table.data["text/html"] for table in tables)


def test_the_extraction_notebook_draws_words_and_says_why_a_place_won(monkeypatch):
    monkeypatch.delenv("CITYGRAPH_CITY", raising=False)
    notebook = nbformat.read(ROOT / "notebooks" / "03_extract.ipynb", as_version=4)
    NotebookClient(notebook, timeout=240, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output for output in outputs if output.output_type == "stream"] == []
    pages = [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    drawings = [page for page in pages if 'class="entities"' in page]
    tables = [page for page in pages if "<td" in page]
    assert len(drawings) == 2
    assert "麓山南路" in drawings[0]
    assert len(tables) == 4
    assert any("as the report says" in table for table in tables)
    assert any("2026-11-19 23:00:00+08:00" in table or "FREQ=DAILY" in table for table in tables)
    assert "[电话]" in str(outputs[-1].data)
