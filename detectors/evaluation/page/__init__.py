"""The figures as one page that needs nothing else: plots drawn as SVG, no scripts, light or dark as the reader's."""

from __future__ import annotations

from detectors.evaluation.page.document import report_page

__all__ = ["report_page"]
