"""Teaches papermill to write parameters in TypeScript, for notebooks of gradamp's kernel.

papermill has no entry point for translators. It loads every engine that is registered as one, so this module registers
papermill's own engine once more, under the name `gradamp`, and its translator while it is loaded.
"""

import json
import math
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

# Texts may hold semicolons and slashes; outside of them these end the value. A line may hold several declarations.
_VALUE = r"""(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|/(?!/)|[^;"'`/\n])*?"""
_DECLARATION = re.compile(
    r"(?:^|(?<=;))[ \t]*(?:export\s+)?(?:const|let|var)\s+(?P<name>[\w$]+)\s*(?::\s*(?P<type>[^=;\n]+?))?\s*=[ \t]*"
    rf"(?P<value>{_VALUE})[ \t]*(?=;|//|$)(?:;?[ \t]*//[ \t]*(?P<help>.*))?",
    re.MULTILINE,
)


class TypeScriptTranslator(Translator):
    """Parameters as TypeScript: `let lr = 0.5;`."""

    @classmethod
    def translate(cls, val):
        if isinstance(val, float) and not math.isfinite(val):
            return "NaN" if math.isnan(val) else "Infinity" if val > 0 else "-Infinity"
        if isinstance(val, dict):
            pairs = (f"{json.dumps(str(name))}: {cls.translate(each)}" for name, each in val.items())
            return "{ " + ", ".join(pairs) + " }"
        if isinstance(val, (list, tuple)):
            return "[" + ", ".join(cls.translate(each) for each in val) + "]"
        if val is None or isinstance(val, (bool, int, float, str)):
            return json.dumps(val)
        return json.dumps(str(val))

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        return f"let {name} = {str_val};"

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        # By this word the kernel knows that the variables keep the types that the notebook has given them.
        return f"/** @parameters */\n{super().codify(parameters, comment)}"

    @classmethod
    def inspect(cls, parameters_cell):
        source = "\n".join(parameters_cell["source"].splitlines())
        return [
            Parameter(
                name=match["name"],
                inferred_type_name=(match["type"] or "None").strip(),
                default=match["value"],
                help=(match["help"] or "").strip(),
            )
            for match in _DECLARATION.finditer(source)
        ]


papermill_translators.register("typescript", TypeScriptTranslator)


class Engine(NBClientEngine):
    """papermill's own engine: what is registered so that papermill loads this module."""
