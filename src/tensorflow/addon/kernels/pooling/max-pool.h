// The gradient of max pooling, the same each time whichever threads are free.
#ifndef GRADAMP_KERNELS_POOLING_MAX_POOL_H_
#define GRADAMP_KERNELS_POOLING_MAX_POOL_H_

namespace gradamp::kernels::max_pool {

// Makes TensorFlow know the op GradampMaxPoolGrad on the CPU; false where it cannot run it.
bool registerMaxPool();

}  // namespace gradamp::kernels::max_pool

#endif  // GRADAMP_KERNELS_POOLING_MAX_POOL_H_
