// The inner loop of max pooling's gradient over one image's channels, or some of them, [height, width, channels] in
// memory.
#ifndef GRADAMP_KERNELS_POOLING_MAX_POOL_LOOPS_H_
#define GRADAMP_KERNELS_POOLING_MAX_POOL_LOOPS_H_

#include <cstddef>
#include <cstdint>

#include "kernels/support/bfloat16.h"

namespace gradamp::kernels::max_pool {

// Channels that one thread goes through together.
constexpr size_t kChannels = 64;

// Sizes along rows and along columns.
struct Pair {
  int64_t rows;
  int64_t columns;
};

struct Pooling {
  Pair image;
  Pair outputs;
  Pair window;
  Pair strides;
  // Padding above and to the left.
  Pair before;
};

// Numbers of some channels, at most kChannels, of which pixels are `stride` numbers apart.
template <typename T>
struct Channels {
  T* data;
  size_t stride;
};

// Adds to dx, for every output, its gradient where its window of x has the largest number: the first of equal ones, in
// the order of rows and columns. As TensorFlow's kernel has it, NaN is the largest where it comes first, and else is
// not.
template <typename T>
using AddShares = void (*)(const Pooling& pooling, size_t count, Channels<const T> x, Channels<const T> dy,
                           Channels<float> dx);

// That made for this processor.
template <typename T>
AddShares<T> addShares();
template <>
AddShares<float> addShares<float>();
template <>
AddShares<BFloat16> addShares<BFloat16>();

}  // namespace gradamp::kernels::max_pool

#endif  // GRADAMP_KERNELS_POOLING_MAX_POOL_LOOPS_H_
