# SPDX-License-Identifier: Apache-2.0
"""Starts the real parts for demo, tests and benchmarks (docs/architecture.md, part 8)."""
