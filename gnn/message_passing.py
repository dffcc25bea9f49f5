"""torch and PyTorch Geometric, imported without the warnings that they give of themselves."""

from __future__ import annotations

import warnings

import numpy as np
import torch
from scipy.sparse import csr_array

with warnings.catch_warnings():
    # torch_geometric 2.8 decorates with torch.jit.script while it is imported, which torch 2.15 calls deprecated
    warnings.filterwarnings("ignore", message=r"`torch\.jit\.script", category=FutureWarning)
    warnings.filterwarnings("ignore", message=r"`torch\.jit\.script", category=DeprecationWarning)
    from torch_geometric.nn import MessagePassing

__all__ = ["MessagePassing", "sparse"]


def sparse(rows: csr_array, device: torch.device) -> torch.Tensor:
    """Give a SciPy matrix as a torch tensor in CSR layout, with 32-bit indices, which MKL takes as they are."""
    parts = (rows.indptr.astype(np.int32), rows.indices.astype(np.int32), rows.data.astype(np.float32))
    starts, columns, values = (torch.from_numpy(part).to(device) for part in parts)
    with warnings.catch_warnings():
        # torch says of its CSR layout that it is in beta
        warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta", category=UserWarning)
        return torch.sparse_csr_tensor(starts, columns, values, size=rows.shape, check_invariants=True)
