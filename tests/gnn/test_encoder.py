"""The layer is the sum that its description says, its gradients are right, and it tells directions apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from gnn.encoder import CallGraph, Decoupled, DirectedSage, GraphSage
from gnn.objectives import hidden_rows, link_contrast, reconstruction, without
from gnn.tensors import adjacency
from tests.gnn.small import snapshot

CPU = torch.device("cpu")


def test_a_layer_is_own_and_both_means_by_weights_of_their_own(tmp_path: Path) -> None:
    ties = adjacency(snapshot(tmp_path))
    values, layer = torch.randn(60, 5), DirectedSage(5, 4)
    out, into = (torch.from_numpy(d.mean.toarray()) for d in (ties.out, ties.into))
    expected = layer.own(values) + layer.out(out @ values) + layer.into(into @ values)
    torch.testing.assert_close(layer(values, CallGraph(ties, CPU)), expected)


def test_gradients_flow_through_the_means(tmp_path: Path) -> None:
    ties = adjacency(snapshot(tmp_path))
    values = torch.randn(60, 5, requires_grad=True)
    layer, weights = DirectedSage(5, 4), torch.randn(60, 4)
    (layer(values, CallGraph(ties, CPU)) * weights).sum().backward()
    assert values.grad is not None
    sparse_gradient = values.grad.clone()
    values.grad = None
    out, into = (torch.from_numpy(d.mean.toarray()) for d in (ties.out, ties.into))
    dense = layer.own(values) + out @ layer.out(values) + into @ layer.into(values)
    (dense * weights).sum().backward()
    torch.testing.assert_close(sparse_gradient, values.grad)


def test_callers_and_callees_are_not_the_same(tmp_path: Path) -> None:
    ties = adjacency(snapshot(tmp_path))
    swapped = type(ties)(ties.into, ties.out)
    encoder, values = GraphSage(5, 4, 2), torch.randn(60, 5)
    assert not torch.allclose(encoder(values, CallGraph(ties, CPU)), encoder(values, CallGraph(swapped, CPU)))


def test_a_number_sees_as_far_as_there_are_layers() -> None:
    from scipy.sparse import csr_array

    from gnn.tensors import Adjacency, Direction

    chain = csr_array(np.eye(6, k=1, dtype=np.float32))  # 0 calls 1 calls 2 …
    ties = Adjacency(Direction(chain, chain.T.tocsr()), Direction(chain.T.tocsr(), chain))
    values = torch.randn(6, 3)
    changed = values.clone()
    changed[3] += 1
    encoder = GraphSage(3, 4, 2)
    apart = (encoder(values, CallGraph(ties, CPU)) - encoder(changed, CallGraph(ties, CPU))).abs().sum(dim=1)
    assert apart[0] == 0
    assert (apart[1:] > 0).all()


def test_the_decoupled_network_embeds_each_row_by_itself() -> None:
    encoder, rows = Decoupled(6, 4), torch.randn(10, 6)
    torch.testing.assert_close(encoder(rows)[3:5], encoder(rows[3:5]))


def test_a_share_of_the_rows_is_hidden_and_reads_unknown() -> None:
    hidden = hidden_rows(100, torch.Generator().manual_seed(1))
    values = without(torch.ones(100, 3), hidden)
    assert int(hidden.sum()) == 30
    assert torch.equal(values[hidden], torch.zeros(30, 3))
    assert torch.equal(values[~hidden], torch.ones(70, 3))
    assert int(hidden_rows(1, torch.Generator()).sum()) == 1


def test_reconstruction_is_nothing_when_the_columns_are_told() -> None:
    values = torch.randn(5, 3)
    assert float(reconstruction(torch.nn.Identity(), values, values)) == 0
    assert float(reconstruction(torch.nn.Identity(), values + 1, values)) > 0.4


def test_contrast_falls_when_calls_fit_and_chance_pairs_do_not() -> None:
    callers, callees, others = torch.zeros(3, 1, 4)
    none = float(link_contrast(callers, callees, others))
    callers[:, :2], callees[:, 2:], others[:, 2:] = 3.0, 3.0, -3.0
    assert float(link_contrast(callers, callees, others)) < none
    assert float(link_contrast(callees, callers, others)) >= none, "who calls whom matters"
