"""Training steps of Keras's `model.fit` on TensorFlow, in float32 or mixed_bfloat16, with XLA or without."""

import os
import time

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")

from channel import answer, load, serve, task  # noqa: E402

np, tf, keras = load("numpy", "tensorflow", "keras")
from keras_networks import NETWORKS  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(task["threads"])
if task["device"] == "cpu":
    tf.config.set_visible_devices([], "GPU")
keras.utils.set_random_seed(1)
if task["precision"] == "bfloat16":
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
options = {"classes": task["classes"]} | ({} if task["width"] is None else {"width": task["width"]})
model = NETWORKS[task["network"]](**options)
rate = task["learningRate"]
adam = task["optimizer"] == "adam"
model.compile(
    optimizer=keras.optimizers.Adam(rate, epsilon=1e-8) if adam else keras.optimizers.SGD(rate, momentum=0.9),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    jit_compile=task["variant"] == "XLA on",
)


class Watch(keras.callbacks.Callback):
    """From the end of the first step, with which starting an epoch is over, to the end of the last."""

    def on_train_begin(self, logs=None):
        self.times = []

    def on_train_batch_end(self, batch, logs=None):
        self.times.append(time.perf_counter())


def run(steps):
    watch = Watch()
    count = (steps + 1) * task["batch"]
    images = np.random.default_rng(1).standard_normal((count, 32, 32, 3), dtype=np.float32)
    labels = np.arange(count) % task["classes"]
    model.fit(images, labels, batch_size=task["batch"], epochs=1, verbose=0, callbacks=[watch])
    return (watch.times[-1] - watch.times[0]) * 1000


run(1)
parameters = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
answer(parameters=parameters, versions={"keras": keras.__version__, "tensorflow (Python)": tf.__version__})
serve(run)
