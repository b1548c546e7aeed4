"""Writes gpu-kernels.json: what TensorFlow's CUDA wheel can compute on a GPU. No card is needed, the registry is asked.

    python -m venv venv && venv/bin/pip install tensorflow==2.21.0
    venv/bin/python data/tensorflow/gpu-kernels.py

The wheel registers its GPU kernels wherever it is loaded. For each op that has any, the file holds

- `inputs`, `outputs`: its arguments in order, each "name" (of one fixed type), "name:T" (of the type that attribute T
  names), "name*N" or "name:T*N" (a list as long as attribute N says), "name:[T" (a list of the types in T);
- `defaults`: of attributes that name types;
- `kernels`: for which types (TensorFlow's names) there is one, and which arguments it wants in the host's memory. An
  attribute that is left out may be of any type. Several types for several attributes mean every combination.

`xla` lists the operations that XLA compiles, the same for processors and GPUs.

Kernels for any device ("DEFAULT") are what TensorFlow takes where there is none for GPUs, and are among them.
"""

import json
import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow as tf
from tensorflow.core.framework import op_def_pb2
from tensorflow.python.framework import dtypes, kernels, op_def_registry


def describe(argument):
    text = argument.name
    if argument.type_list_attr:
        return f"{text}:[{argument.type_list_attr}"
    if argument.type_attr:
        text += f":{argument.type_attr}"
    if argument.number_attr:
        text += f"*{argument.number_attr}"
    return text


def name_of(number):
    return dtypes.as_dtype(number).name


def merged(rows):
    """Rows (types by attribute) that differ in one attribute alone become one, as far as that goes."""
    rows = [{name: frozenset(types) for name, types in row.items()} for row in rows]
    for name in sorted({name for row in rows for name in row}, reverse=True):
        groups = {}
        for row in rows:
            key = (name in row, tuple(sorted((k, tuple(sorted(v))) for k, v in row.items() if k != name)))
            groups.setdefault(key, []).append(row)
        rows = []
        for (there, _), group in groups.items():
            row = dict(group[0])
            if there:
                row[name] = frozenset().union(*(each[name] for each in group))
            rows.append(row)
    return [{name: sorted(types) for name, types in sorted(row.items())} for row in rows]


def describe_op(name, found):
    definition = op_def_registry.get(name)
    by_host = {}
    own = [kernel for kernel in found if kernel.device_type == "GPU"]
    own_types = {str(sorted((c.name, tuple(c.allowed_values.list.type)) for c in k.constraint)) for k in own}
    for kernel in found:
        constraint = sorted((c.name, tuple(c.allowed_values.list.type)) for c in kernel.constraint)
        # One for any device is taken only where there is none for GPUs.
        if kernel.label or (kernel.device_type == "DEFAULT" and {"[]", str(constraint)} & own_types):
            continue
        row = {attribute: tuple(map(name_of, types)) for attribute, types in constraint if types}
        by_host.setdefault(tuple(sorted(kernel.host_memory_arg)), []).append(row)
    rows = []
    for host, group in sorted(by_host.items()):
        for types in sorted(merged(group), key=str):
            rows.append({"types": types, **({"host": list(host)} if host else {})})
    if not rows:
        return None
    defaults = {
        a.name: name_of(a.default_value.type) for a in definition.attr if a.type == "type" and a.default_value.type
    }
    return {
        "inputs": [describe(argument) for argument in definition.input_arg],
        "outputs": [describe(argument) for argument in definition.output_arg],
        **({"defaults": defaults} if defaults else {}),
        "kernels": rows,
    }


def main():
    build = tf.sysconfig.get_build_info()
    if not build["is_cuda_build"]:
        sys.exit("Expected TensorFlow for CUDA but found another: pip install tensorflow (not tensorflow-cpu)")
    # XLA's kernels are registered when something is compiled by it.
    tf.function(lambda x: x + 1.0, jit_compile=True)(tf.zeros([2]))
    by_op = {}
    for kernel in kernels.get_all_registered_kernels().kernel:
        if kernel.device_type in ("GPU", "DEFAULT") and op_def_registry.get(kernel.op) is not None:
            by_op.setdefault(kernel.op, []).append(kernel)
    ops = {name: describe_op(name, found) for name, found in sorted(by_op.items())}
    header = {
        "tensorflow": tf.__version__,
        "cuda": build["cuda_version"],
        "cudnn": build["cudnn_version"],
        "architectures": build["cuda_compute_capabilities"],
        "xla": sorted({kernel.op for kernel in kernels.get_all_registered_kernels().kernel if kernel.device_type == "XLA_GPU_JIT"}),
    }
    lines = [f"{json.dumps(name)}: {json.dumps(op, separators=(',', ':'))}" for name, op in ops.items() if op]
    start = json.dumps(header)[:-1]
    path = Path(__file__).with_suffix(".json")
    path.write_text(start + ', "ops": {\n' + ",\n".join(lines) + "\n}}\n")
    print(f"{len(lines)} ops, {path.stat().st_size // 1024} KiB")


main()
