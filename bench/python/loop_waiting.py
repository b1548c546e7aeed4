"""Whether a loop's next step waits until the host has been told of the one before; on two virtual devices, without a GPU.

    python bench/python/loop_waiting.py        # with TensorFlow for Python, of which gradamp itself needs nothing

The first processor stands for the host and the second for a card. A step takes 20 ms there, and telling the host of it
20 ms more, as a copy does that waits for the card. Three ways to tell: what the loop must have done before it goes on
("needed"), the same by a value that is carried from step to step, with one step under way at a time or two.
"""

import os
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

v1 = tf.compat.v1
v1.disable_eager_execution()
v1.enable_control_flow_v2()
STEPS = 50
MILLISECONDS = 20


def slow(x):
    def wait(value):
        time.sleep(MILLISECONDS / 1000)
        return value

    result = v1.numpy_function(wait, [x], tf.float32, stateful=False)
    result.set_shape(x.shape)
    return result


def measure(carried, parallel_iterations):
    with tf.Graph().as_default():
        cell = lambda: tf.raw_ops.VarHandleOp(dtype=tf.float32, shape=[4], shared_name="cell")
        first = tf.raw_ops.AssignVariableOp(resource=cell(), value=tf.zeros([4]))

        def body(index, state, told):
            with tf.device("CPU:1"):
                state = slow(state + 1.0)
            with tf.device("CPU:0"), tf.control_dependencies([told]):
                telling = tf.raw_ops.AssignVariableOp(resource=cell(), value=slow(tf.identity(state)))
            with tf.control_dependencies([telling]):
                told = tf.identity(told)
                if not carried:
                    state = tf.identity(state)
            return index + 1, state, told

        steps = v1.placeholder(tf.int32, [])
        start = [tf.constant(0), tf.zeros([4]), tf.constant(0)]
        loop = v1.while_loop(lambda i, *_: i < steps, body, start, parallel_iterations=parallel_iterations)
        read = tf.raw_ops.ReadVariableOp(resource=cell(), dtype=tf.float32)
        with v1.Session(config=v1.ConfigProto(device_count={"CPU": 2})) as session:
            session.run(first)
            session.run(loop, {steps: 2})
            begun = time.perf_counter()
            session.run(loop, {steps: STEPS})
            taken = (time.perf_counter() - begun) / STEPS * 1000
            assert session.run(read)[0] == STEPS, "the host was told of every step"
            return taken


for carried in (False, True):
    for parallel_iterations in (1, 2):
        way = "carried" if carried else "needed"
        print(f"{way:8} {parallel_iterations} at a time  {measure(carried, parallel_iterations):5.1f} ms a step")
