// What is known of some numbers after they have been read once.
#ifndef GRADAMP_KERNELS_STATISTICS_OUTPUT_STATISTICS_LOOPS_H_
#define GRADAMP_KERNELS_STATISTICS_OUTPUT_STATISTICS_LOOPS_H_

#include <cstddef>
#include <cstdint>

#include "kernels/support/bfloat16.h"

namespace gradamp::kernels::statistics {

struct Moments {
  size_t count = 0;
  double sum = 0;
  // Of the squares of the distances from the mean.
  double squares = 0;
  // Numbers of an absolute value below `near`.
  size_t nearZero = 0;

  // Takes in those of other numbers.
  void add(const Moments& other);
};

// Reads numbers from memory once: parts that stay in the nearest cache are gone through twice, for the mean and then
// for the distances from it, so that numbers far from zero lose nothing. The bits depend on count alone.
template <typename T>
using Measure = Moments (*)(const T* x, size_t count, float near);

// That made for this processor.
template <typename T>
Measure<T> measure();
template <>
Measure<float> measure<float>();
template <>
Measure<BFloat16> measure<BFloat16>();

}  // namespace gradamp::kernels::statistics

#endif  // GRADAMP_KERNELS_STATISTICS_OUTPUT_STATISTICS_LOOPS_H_
