// Batch norm and the activation behind it in one op, two passes over memory forward and two backward.
#ifndef GRADAMP_KERNELS_BATCH_NORM_BATCH_NORM_H_
#define GRADAMP_KERNELS_BATCH_NORM_BATCH_NORM_H_

namespace gradamp::kernels::batch_norm {

// Makes TensorFlow know the ops GradampBatchNorm, GradampBatchNormGrad and GradampChannelSum on the CPU; false where it
// cannot run them.
bool registerBatchNorm();

}  // namespace gradamp::kernels::batch_norm

#endif  // GRADAMP_KERNELS_BATCH_NORM_BATCH_NORM_H_
