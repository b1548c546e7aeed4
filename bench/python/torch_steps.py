"""Training steps in PyTorch: eager in two memory layouts, torch.compile, or bfloat16 autocast; one batch, already in memory.

The networks are those of test/fixtures/pytorch/make-fixtures.py, made lean: activations replaced in place where batch norm
or a convolution does not need them, and freed as soon as nothing needs them.
"""

import importlib.util
import os
import time

from channel import answer, load, serve, task

(torch,) = load("torch")
from torch import nn  # noqa: E402
import torch.nn.functional as F  # noqa: E402

torch.set_num_threads(task["threads"])
device = "cuda" if task["device"] == "gpu" else "cpu"


def fixture_networks():
    here = os.path.dirname(os.path.abspath(__file__))
    path = os.path.join(here, "..", "..", "test", "fixtures", "pytorch", "make-fixtures.py")
    spec = importlib.util.spec_from_file_location("make_fixtures", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.NETWORKS


class Lean(nn.Module):
    """A network of the fixtures as one would write it by hand."""

    def __init__(self, net):
        super().__init__()
        last_use = {source: at for at, (_, sources) in enumerate(net.steps) for source in sources}
        self.layers = net.layers
        self.plan = []
        for at, (name, sources) in enumerate(net.steps):
            dead = [source for source in dict.fromkeys(sources) if last_use[source] == at]
            if isinstance(net.layers[name], (nn.ReLU, nn.LeakyReLU)):
                net.layers[name].inplace = True
            self.plan.append((name, sources, dead))

    def forward(self, x):
        values = {"input": x}
        for name, sources, dead in self.plan:
            value = self.layers[name](*[values[source] for source in sources])
            for source in dead:
                del values[source]
            values[name] = value
        return value


torch.manual_seed(1)
options = {"classes": task["classes"]} | ({} if task["width"] is None else {"width": task["width"]})
net = fixture_networks()[task["network"]](**options)
parameters = sum(parameter.numel() for parameter in net.parameters())
net = Lean(net).train().to(device)
x = torch.randn(task["batch"], 3, 32, 32, device=device)
labels = torch.arange(task["batch"], device=device) % task["classes"]
if task["variant"] == "channels_last":
    net = net.to(memory_format=torch.channels_last)
    x = x.to(memory_format=torch.channels_last)
if task["optimizer"] == "adam":
    optimizer = torch.optim.Adam(net.parameters(), lr=task["learningRate"])
else:
    optimizer = torch.optim.SGD(net.parameters(), lr=task["learningRate"], momentum=0.9)
if task["engine"] == "torch.compile":
    net = torch.compile(net)
autocast = task["engine"] == "torch.autocast"
# The same setting as gradamp's: by default PyTorch shortens the factors of convolutions and not of matrix products.
torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = task["precision"] == "tf32"


def step():
    optimizer.zero_grad()
    with torch.autocast(device, dtype=torch.bfloat16, enabled=autocast):
        loss = F.cross_entropy(net(x), labels)
    loss.backward()
    optimizer.step()
    return loss


def run(steps):
    began = time.perf_counter()
    for _ in range(steps):
        loss = step()
    loss.item()
    return (time.perf_counter() - began) * 1000


run(2)
answer(parameters=parameters, versions={"torch": torch.__version__})
serve(run)
