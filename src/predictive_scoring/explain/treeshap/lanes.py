"""Lanes: several rows in one value, for kernels compiled by Numba.

Arithmetic on lanes is the processor's own vector arithmetic, row by row: LLVM splits a value into
as many registers as it takes, on any processor. No fast-math flag is set, so NaN stays NaN and
nothing is reordered; only a product and the sum after it may be fused (``fma``). There is no
interpreted form: with NUMBA_DISABLE_JIT nothing here can run.
"""

from __future__ import annotations

import operator
from typing import Any

import llvmlite.binding
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.extending import intrinsic, lower_builtin, register_model, type_callable

ROWS = 64
"""Rows of a block: a mask has one bit for each."""

WIDE = 32 if llvmlite.binding.get_host_cpu_features().get("avx512f") else 16
"""Rows of a value: four registers of doubles, which share what is loaded for all rows."""

NARROW = 8
"""Rows of a value where a block has no more than that."""

ALIGNMENT = 64
"""Bytes; arrays that lanes are loaded from begin at a multiple."""


class LanesType(types.Type):
    """So many doubles, and what they are to LLVM."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.vector = ir.VectorType(ir.DoubleType(), width)
        super().__init__(name=f"Lanes({width})")


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: LanesType) -> None:
        super().__init__(manager, kind, kind.vector)


def _address(context: Any, builder: Any, kind: Any, array: Any, index: Any) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    return builder.gep(data, [index], inbounds=True)


def _repeated(builder: Any, scalar: Any, vector: Any) -> Any:
    nothing = ir.Constant(vector, ir.Undefined)
    first = builder.insert_element(nothing, scalar, ir.Constant(ir.IntType(32), 0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), [0] * vector.count)
    return builder.shuffle_vector(first, nothing, zeros)


@intrinsic
def load(_typing: Any, array: Any, _index: Any, like: Any) -> Any:
    """The lanes at an index of a flat array of doubles: as many as the tuple ``like`` is long.

    The index is a multiple of that.
    """
    lanes = LanesType(len(like))

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        address = _address(context, builder, signature.args[0], *values[:2])
        return builder.load(builder.bitcast(address, lanes.vector.as_pointer()), align=ALIGNMENT)

    return lanes(array, types.int64, like), generate


@intrinsic
def store(_typing: Any, array: Any, _index: Any, lanes: Any) -> Any:
    """Put lanes at an index of a flat array of doubles, a multiple of their width."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        address = _address(context, builder, signature.args[0], *values[:2])
        place = builder.bitcast(address, lanes.vector.as_pointer())
        builder.store(values[2], place, align=ALIGNMENT)
        return context.get_dummy_value()

    return types.void(array, types.int64, lanes), generate


@intrinsic
def every(_typing: Any, _number: Any, like: Any) -> Any:
    """The same number in every lane: as many as the tuple ``like`` is long."""
    lanes = LanesType(len(like))

    def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        return _repeated(builder, values[0], lanes.vector)

    return lanes(types.float64, like), generate


@intrinsic
def fma(_typing: Any, a: Any, _b: Any, _c: Any) -> Any:
    """``a * b + c``, fused where the processor does that."""

    def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        kind = ir.FunctionType(a.vector, [a.vector] * 3)
        name = f"llvm.fmuladd.v{a.width}f64"
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), values)

    return a(a, a, a), generate


@intrinsic
def choose(_typing: Any, _mask: Any, yes: Any, _no: Any) -> Any:
    """``yes`` in the lanes whose bit is set among the mask's lowest, ``no`` elsewhere."""

    def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        lowest = builder.trunc(values[0], ir.IntType(yes.width))
        mask = builder.bitcast(lowest, ir.VectorType(ir.IntType(1), yes.width))
        return builder.select(mask, *values[1:])

    return yes(types.uint64, yes, yes), generate


@intrinsic
def at_most(_typing: Any, codes: Any, _index: Any, _bound: Any) -> Any:
    """The mask of the ROWS codes from an index on that are not greater than the bound."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        kind = ir.VectorType(context.get_data_type(signature.args[0].dtype), ROWS)
        address = _address(context, builder, signature.args[0], *values[:2])
        found = builder.load(builder.bitcast(address, kind.as_pointer()), align=ALIGNMENT)
        bound = builder.trunc(values[2], kind.element)
        below = builder.icmp_unsigned("<=", found, _repeated(builder, bound, kind))
        return builder.bitcast(below, ir.IntType(ROWS))

    return types.uint64(codes, types.int64, types.int64), generate


def _arithmetic(operation: Any, instruction: str) -> None:
    """Make an operator of Python's work between two values of lanes."""

    @type_callable(operation)
    def kind(_context: Any) -> Any:
        def of(a: Any, b: Any) -> Any:
            return a if isinstance(a, LanesType) and a == b else None

        return of

    @lower_builtin(operation, LanesType, LanesType)
    def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        return getattr(builder, instruction)(*values)


_arithmetic(operator.mul, "fmul")
_arithmetic(operator.sub, "fsub")
