#include "kernels/pooling/max-pool-loops.h"

#include <algorithm>

namespace gradamp::kernels::max_pool {

namespace {

// Channels that are done at once, one vector register of the widest kind.
constexpr size_t kLanes = 16;

// How far a window reaches along one axis: the first pixel that is in the image, and how many are.
struct Reach {
  int64_t first;
  int64_t count;
};

GRADAMP_INLINE Reach reach(int64_t output, int64_t stride, int64_t before, int64_t window, int64_t size) {
  const int64_t begin = output * stride - before;
  const int64_t first = std::max<int64_t>(begin, 0);
  return {first, std::min(begin + window, size) - first};
}

// A window's part of the image, from its first pixel, where pixels and rows of them are so many numbers apart.
struct Window {
  int64_t rows;
  int64_t columns;
};

// Count channels of one output. With a count that is known when this is compiled all stays in registers.
template <typename T>
GRADAMP_INLINE void addOutput(const Window& window, size_t count, const T* __restrict x, size_t xPixel, size_t xRow,
                              const T* __restrict dy, float* __restrict dx, size_t dxPixel, size_t dxRow) {
  float largest[kLanes];
  int32_t place[kLanes];
  for (size_t i = 0; i < count; i++) {
    largest[i] = load(x[i]);
    place[i] = 0;
  }
  int32_t at = 0;
  for (int64_t row = 0; row < window.rows; row++) {
    for (int64_t column = 0; column < window.columns; column++, at++) {
      const T* __restrict const from = x + row * xRow + column * xPixel;
      for (size_t i = 0; i < count; i++) {
        const float value = load(from[i]);
        const bool isLarger = value > largest[i];
        largest[i] = isLarger ? value : largest[i];
        place[i] = isLarger ? at : place[i];
      }
    }
  }
  float share[kLanes];
  for (size_t i = 0; i < count; i++) share[i] = load(dy[i]);
  at = 0;
  for (int64_t row = 0; row < window.rows; row++) {
    for (int64_t column = 0; column < window.columns; column++, at++) {
      float* __restrict const to = dx + row * dxRow + column * dxPixel;
      for (size_t i = 0; i < count; i++) to[i] += place[i] == at ? share[i] : 0.0f;
    }
  }
}

template <typename T>
GRADAMP_INLINE void addSharesLoop(const Pooling& pooling, size_t count, Channels<const T> x, Channels<const T> dy,
                                  Channels<float> dx) {
  const size_t width = pooling.image.columns;
  for (int64_t row = 0; row < pooling.outputs.rows; row++) {
    const Reach rows = reach(row, pooling.strides.rows, pooling.before.rows, pooling.window.rows, pooling.image.rows);
    for (int64_t column = 0; column < pooling.outputs.columns; column++) {
      const Reach columns =
          reach(column, pooling.strides.columns, pooling.before.columns, pooling.window.columns, pooling.image.columns);
      if (rows.count <= 0 || columns.count <= 0) continue;
      const Window window{rows.count, columns.count};
      const size_t corner = rows.first * width + columns.first;
      const T* const from = x.data + corner * x.stride;
      const T* const share = dy.data + (row * pooling.outputs.columns + column) * dy.stride;
      float* const to = dx.data + corner * dx.stride;
      size_t done = 0;
      for (; done + kLanes <= count; done += kLanes)
        addOutput(window, kLanes, from + done, x.stride, width * x.stride, share + done, to + done, dx.stride,
                  width * dx.stride);
      if (done < count)
        addOutput(window, count - done, from + done, x.stride, width * x.stride, share + done, to + done, dx.stride,
                  width * dx.stride);
    }
  }
}

// The loop as functions for one kind of processor, in a namespace of its own.
#define DEFINE_LOOP_FOR(T, TARGET)                                                                 \
  TARGET void add(const Pooling& pooling, size_t count, Channels<const T> x, Channels<const T> dy, \
                  Channels<float> dx) {                                                            \
    addSharesLoop(pooling, count, x, dy, dx);                                                      \
  }

#define DEFINE_LOOP(KIND, TARGET)   \
  namespace KIND {                  \
  DEFINE_LOOP_FOR(float, TARGET)    \
  DEFINE_LOOP_FOR(BFloat16, TARGET) \
  }

DEFINE_LOOP(plain, )

#ifdef GRADAMP_X86
DEFINE_LOOP(avx2, GRADAMP_AVX2)
DEFINE_LOOP(avx512, GRADAMP_AVX512)
#endif

template <typename T>
AddShares<T> best() {
#ifdef GRADAMP_X86
  if (vectors() >= Vectors::avx512) return avx512::add;
  if (vectors() == Vectors::avx2) return avx2::add;
#endif
  return plain::add;
}

}  // namespace

template <>
AddShares<float> addShares<float>() {
  static const AddShares<float> chosen = best<float>();
  return chosen;
}

template <>
AddShares<BFloat16> addShares<BFloat16>() {
  static const AddShares<BFloat16> chosen = best<BFloat16>();
  return chosen;
}

}  // namespace gradamp::kernels::max_pool
