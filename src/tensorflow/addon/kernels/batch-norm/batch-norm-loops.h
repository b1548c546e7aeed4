// The inner loops of batch norm over a block of rows, [rows, channels] in memory.
//
// Constants and sums of the channels come repeated up to a period of at least kPeriod numbers, so that a loop over a
// period fills vector registers however few channels there are, and no sum waits for the one before it.
#ifndef GRADAMP_KERNELS_BATCH_NORM_BATCH_NORM_LOOPS_H_
#define GRADAMP_KERNELS_BATCH_NORM_BATCH_NORM_LOOPS_H_

#include <cstddef>

#include "kernels/support/activation.h"
#include "kernels/support/bfloat16.h"

namespace gradamp::kernels::batch_norm {

constexpr size_t kPeriod = 256;

// Where a block lies and what is done to it.
struct Block {
  // How many numbers: whole rows.
  size_t count;
  // Numbers until a channel comes again at the same place: whole rows.
  size_t period;
  Activation activation;
  // Slope of the leaky ReLU for negative numbers.
  float alpha;
};

// Of each channel, repeated up to the period.
struct Normalisation {
  const float* mean;
  // gamma / deviation
  const float* slope;
  // beta
  const float* offset;
};

// What turns a gradient behind batch norm into one before it, repeated likewise.
struct InputGradient {
  const float* center;
  const float* tilt;
  const float* scale;
};

// The loops over T, float or BFloat16.
template <typename T>
struct Loops {
  // Σ (x − pivot) and Σ (x − pivot)², added to what is in first and second.
  void (*addMoments)(const Block& block, const T* x, const float* pivot, float* first, float* second);
  // y = activation((x − mean) slope + offset + side); the side input may be missing (null).
  void (*normalise)(const Block& block, const T* x, const T* side, const Normalisation& by, T* y);
  // With g for dy behind the activation: Σ g and Σ g (x − mean), added to what is in first and second.
  void (*addGradientMoments)(const Block& block, const T* dy, const T* x, const Normalisation& by, float* first,
                             float* second);
  // dx = (g − center − (x − mean) tilt) scale; dx may be dy.
  void (*inputGradient)(const Block& block, const T* dy, const T* x, const Normalisation& by,
                        const InputGradient& gradient, T* dx);
};

// Those made for this processor.
template <typename T>
const Loops<T>& loops();
template <>
const Loops<float>& loops<float>();
template <>
const Loops<BFloat16>& loops<BFloat16>();

}  // namespace gradamp::kernels::batch_norm

#endif  // GRADAMP_KERNELS_BATCH_NORM_BATCH_NORM_LOOPS_H_
