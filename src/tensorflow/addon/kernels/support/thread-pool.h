// TensorFlow's own threads, for kernels of ours.
#ifndef GRADAMP_KERNELS_SUPPORT_THREAD_POOL_H_
#define GRADAMP_KERNELS_SUPPORT_THREAD_POOL_H_

#include <cstddef>
#include <functional>

#include "tensorflow/c/kernels.h"

namespace gradamp::kernels {

// Whether this TensorFlow lends its threads, in a way that is known; without that parallelFor may not be called.
bool hasThreadPool();

// Calls body(0), body(1), …, body(count - 1), each once, in any order, on this thread and those that TensorFlow keeps
// for the inside of ops; returns when all are done. What body throws first is thrown again when all that has begun is
// over; what has not begun by then may be left out.
void parallelFor(TF_OpKernelContext* context, size_t count, const std::function<void(size_t)>& body);

}  // namespace gradamp::kernels

#endif  // GRADAMP_KERNELS_SUPPORT_THREAD_POOL_H_
