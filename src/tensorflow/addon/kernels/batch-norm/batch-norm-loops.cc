#include "kernels/batch-norm/batch-norm-loops.h"

#include <algorithm>

// Says of a loop that no turn of it needs what another wrote.
#ifdef __clang__
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace gradamp::kernels::batch_norm {

namespace {

template <Activation A>
GRADAMP_INLINE float activate(float value, float alpha) {
  if (A == Activation::relu) return value <= 0 ? 0 : value;
  if (A == Activation::leakyRelu) return value > 0 ? value : value * alpha;
  return value;
}

// As TensorFlow's ReluGrad and LeakyReluGrad: a gradient that is not finite shows where it is multiplied by zero, too.
template <Activation A>
GRADAMP_INLINE float activationGradient(float dy, float value, float alpha) {
  if (A == Activation::relu) return dy * (value > 0 ? 1.0f : 0.0f);
  if (A == Activation::leakyRelu) return value > 0 ? dy : dy * alpha;
  return dy;
}

template <typename T>
GRADAMP_INLINE void momentsLoop(const Block& block, const T* __restrict x, const float* __restrict pivot,
                                float* __restrict first, float* __restrict second) {
  for (size_t at = 0; at < block.count; at += block.period) {
    const size_t size = std::min(block.period, block.count - at);
    const T* __restrict own = x + at;
    for (size_t i = 0; i < size; i++) {
      const float distance = load(own[i]) - pivot[i];
      first[i] += distance;
      second[i] += distance * distance;
    }
  }
}

template <Activation A, bool WithSide, typename T>
GRADAMP_INLINE void normaliseLoop(const Block& block, const T* __restrict x, const T* __restrict side,
                                  const Normalisation& by, T* __restrict y) {
  const float* __restrict mean = by.mean;
  const float* __restrict slope = by.slope;
  const float* __restrict offset = by.offset;
  const float alpha = block.alpha;
  for (size_t at = 0; at < block.count; at += block.period) {
    const size_t size = std::min(block.period, block.count - at);
    const T* __restrict own = x + at;
    const T* __restrict beside = side + at;
    T* __restrict to = y + at;
    for (size_t i = 0; i < size; i++) {
      const float value = (load(own[i]) - mean[i]) * slope[i] + offset[i];
      store(activate<A>(WithSide ? value + load(beside[i]) : value, alpha), to + i);
    }
  }
}

template <Activation A, typename T>
GRADAMP_INLINE void gradientMomentsLoop(const Block& block, const T* __restrict dy, const T* __restrict x,
                                        const Normalisation& by, float* __restrict first, float* __restrict second) {
  const float* __restrict mean = by.mean;
  const float* __restrict slope = by.slope;
  const float* __restrict offset = by.offset;
  const float alpha = block.alpha;
  for (size_t at = 0; at < block.count; at += block.period) {
    const size_t size = std::min(block.period, block.count - at);
    const T* __restrict own = x + at;
    const T* __restrict from = dy + at;
    for (size_t i = 0; i < size; i++) {
      const float distance = load(own[i]) - mean[i];
      const float g = activationGradient<A>(load(from[i]), distance * slope[i] + offset[i], alpha);
      first[i] += g;
      second[i] += g * distance;
    }
  }
}

template <Activation A, typename T>
GRADAMP_INLINE void inputGradientLoop(const Block& block, const T* dy, const T* __restrict x, const Normalisation& by,
                                      const InputGradient& gradient, T* dx) {
  const float* __restrict mean = by.mean;
  const float* __restrict slope = by.slope;
  const float* __restrict offset = by.offset;
  const float* __restrict center = gradient.center;
  const float* __restrict tilt = gradient.tilt;
  const float* __restrict scale = gradient.scale;
  const float alpha = block.alpha;
  for (size_t at = 0; at < block.count; at += block.period) {
    const size_t size = std::min(block.period, block.count - at);
    const T* __restrict own = x + at;
    const T* from = dy + at;
    T* to = dx + at;
    INDEPENDENT
    for (size_t i = 0; i < size; i++) {
      const float distance = load(own[i]) - mean[i];
      const float g = activationGradient<A>(load(from[i]), distance * slope[i] + offset[i], alpha);
      store((g - center[i] - distance * tilt[i]) * scale[i], to + i);
    }
  }
}

template <bool WithSide, typename T>
GRADAMP_INLINE void selectNormalise(const Block& block, const T* x, const T* side, const Normalisation& by, T* y) {
  switch (block.activation) {
    case Activation::linear:
      return normaliseLoop<Activation::linear, WithSide>(block, x, side, by, y);
    case Activation::relu:
      return normaliseLoop<Activation::relu, WithSide>(block, x, side, by, y);
    case Activation::leakyRelu:
      return normaliseLoop<Activation::leakyRelu, WithSide>(block, x, side, by, y);
  }
}

template <typename T>
GRADAMP_INLINE void selectGradientMoments(const Block& block, const T* dy, const T* x, const Normalisation& by,
                                          float* first, float* second) {
  switch (block.activation) {
    case Activation::linear:
      return gradientMomentsLoop<Activation::linear>(block, dy, x, by, first, second);
    case Activation::relu:
      return gradientMomentsLoop<Activation::relu>(block, dy, x, by, first, second);
    case Activation::leakyRelu:
      return gradientMomentsLoop<Activation::leakyRelu>(block, dy, x, by, first, second);
  }
}

template <typename T>
GRADAMP_INLINE void selectInputGradient(const Block& block, const T* dy, const T* x, const Normalisation& by,
                                        const InputGradient& gradient, T* dx) {
  switch (block.activation) {
    case Activation::linear:
      return inputGradientLoop<Activation::linear>(block, dy, x, by, gradient, dx);
    case Activation::relu:
      return inputGradientLoop<Activation::relu>(block, dy, x, by, gradient, dx);
    case Activation::leakyRelu:
      return inputGradientLoop<Activation::leakyRelu>(block, dy, x, by, gradient, dx);
  }
}

}  // namespace

namespace {

// The loops as functions for one kind of processor, in a namespace of its own.
#define DEFINE_LOOPS_FOR(T, TARGET)                                                                                  \
  TARGET void addMoments(const Block& block, const T* x, const float* pivot, float* first, float* second) {          \
    momentsLoop(block, x, pivot, first, second);                                                                     \
  }                                                                                                                  \
  TARGET void normalise(const Block& block, const T* x, const T* side, const Normalisation& by, T* y) {              \
    if (side)                                                                                                        \
      selectNormalise<true>(block, x, side, by, y);                                                                  \
    else                                                                                                             \
      selectNormalise<false>(block, x, x, by, y);                                                                    \
  }                                                                                                                  \
  TARGET void addGradientMoments(const Block& block, const T* dy, const T* x, const Normalisation& by, float* first, \
                                 float* second) {                                                                    \
    selectGradientMoments(block, dy, x, by, first, second);                                                          \
  }                                                                                                                  \
  TARGET void inputGradient(const Block& block, const T* dy, const T* x, const Normalisation& by,                    \
                            const InputGradient& gradient, T* dx) {                                                  \
    selectInputGradient(block, dy, x, by, gradient, dx);                                                             \
  }

#define DEFINE_LOOPS(KIND, TARGET)                                                 \
  namespace KIND {                                                                 \
  DEFINE_LOOPS_FOR(float, TARGET)                                                  \
  DEFINE_LOOPS_FOR(BFloat16, TARGET)                                               \
  template <typename T>                                                            \
  const Loops<T> all = {addMoments, normalise, addGradientMoments, inputGradient}; \
  }

DEFINE_LOOPS(plain, )

#ifdef GRADAMP_X86
DEFINE_LOOPS(avx2, GRADAMP_AVX2)
DEFINE_LOOPS(avx512, GRADAMP_AVX512)
#endif

template <typename T>
const Loops<T>& best() {
#ifdef GRADAMP_X86
  if (vectors() >= Vectors::avx512) return avx512::all<T>;
  if (vectors() == Vectors::avx2) return avx2::all<T>;
#endif
  return plain::all<T>;
}

}  // namespace

template <>
const Loops<float>& loops<float>() {
  static const Loops<float>& chosen = best<float>();
  return chosen;
}

template <>
const Loops<BFloat16>& loops<BFloat16>() {
  static const Loops<BFloat16>& chosen = best<BFloat16>();
  return chosen;
}

}  // namespace gradamp::kernels::batch_norm
