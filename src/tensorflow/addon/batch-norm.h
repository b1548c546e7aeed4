// Batch norm and the activation behind it in one op, two passes over memory forward and two backward.
#ifndef GRADAMP_BATCH_NORM_H_
#define GRADAMP_BATCH_NORM_H_

namespace gradamp {

// Makes TensorFlow know the ops GradampBatchNorm, GradampBatchNormGrad and GradampChannelSum on the CPU; false where it
// cannot run them.
bool registerBatchNorm();

}  // namespace gradamp

#endif  // GRADAMP_BATCH_NORM_H_
