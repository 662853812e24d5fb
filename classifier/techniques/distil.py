"""Several networks as one: as a teacher of another (Hinton, Vinyals & Dean 2015), or by the mean of their weights."""

# torch is the extra [train]; the serving environment in which types are checked does not hold it.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import copy
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

from classifier.data import Example
from classifier.finetune import FineTuned, predict
from core.bert.softmax import softmax
from core.errors import BadInput

__all__ = ["average", "ensemble", "teacher_of"]


def ensemble(
    networks: Sequence[FineTuned], texts: Sequence[str], *, temperature: float = 1.0
) -> npt.NDArray[np.float64]:
    """Mean probabilities of the top classes, shape (texts, classes); raises BadInput without a network."""
    if not networks:
        raise BadInput("networks", 0, "at least one")
    said = [softmax(one.head("top", one.say(texts)), temperature) for one in networks]
    return np.mean(said, axis=0)


def teacher_of(
    networks: Sequence[FineTuned], texts: Sequence[str], *, temperature: float = 1.0
) -> dict[str, list[float]]:
    """Text → mean probabilities of the top classes: what finetune takes as teacher.

    texts: all of those it will learn from. temperature: above 1, a softer teacher, which says more of the classes it does not
    choose; networks that learnt the same texts are near certain of them.
    """
    return dict(zip(texts, ensemble(networks, texts, temperature=temperature).tolist(), strict=True))


def average(networks: Sequence[FineTuned], dev: Sequence[Example]) -> FineTuned:
    """One network whose weights are the mean of several of one base: a model soup (Wortsman et al. 2022).

    It means something where they also started from the same heads, that is with one seed and different settings. dev: the texts
    of the dev numbers. Without history. Raises BadInput where the networks differ in shape, pooling or heads.
    """
    if not networks:
        raise BadInput("networks", 0, "at least one")
    first = networks[0]
    states = [one.network.state_dict() for one in networks]
    shapes = [{name: tensor.shape for name, tensor in state.items()} for state in states]
    if any(one.heads != first.heads or one.pooling != first.pooling for one in networks) or any(
        one != shapes[0] for one in shapes
    ):
        raise BadInput("networks", len(networks), "networks of one base, with one pooling and the same heads")
    network = copy.deepcopy(first.network)
    mean = {
        name: torch.stack([state[name] for state in states]).mean(0) if tensor.is_floating_point() else tensor
        for name, tensor in states[0].items()
    }
    network.load_state_dict(mean)
    numbers = predict(network, first.encoder, [one.text for one in dev])
    return FineTuned(network, first.encoder, first.pooling, first.heads, numbers, ())
