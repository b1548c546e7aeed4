"""How a measuring process talks with the benchmark: the task in its arguments, numbers of steps on its standard input,
answers on file descriptor 3."""

import json
import os
import sys

task = json.loads(sys.argv[1])
_answers = os.fdopen(3, "w")


def answer(**value):
    print(json.dumps(value), file=_answers, flush=True)


def serve(run):
    """Answers each number of steps with what run(steps) says they took, in milliseconds."""
    for line in sys.stdin:
        steps = int(float(line))
        answer(steps=steps, ms=run(steps))


def load(*names):
    """Modules by name; where one is lacking, says so and ends."""
    modules = []
    for name in names:
        try:
            modules.append(__import__(name))
        except ImportError as error:
            answer(unavailable=f"{sys.executable} lacks {name}: {error}")
            sys.exit(0)
    return modules
