// Mean, deviation and share near zero of a tensor, read once.
#ifndef GRADAMP_KERNELS_STATISTICS_OUTPUT_STATISTICS_H_
#define GRADAMP_KERNELS_STATISTICS_OUTPUT_STATISTICS_H_

namespace gradamp::kernels::statistics {

// Makes TensorFlow know the op GradampOutputStatistics on the CPU; false where it cannot run it.
bool registerOutputStatistics();

}  // namespace gradamp::kernels::statistics

#endif  // GRADAMP_KERNELS_STATISTICS_OUTPUT_STATISTICS_H_
