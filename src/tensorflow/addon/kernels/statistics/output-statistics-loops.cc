#include "kernels/statistics/output-statistics-loops.h"

#include <algorithm>
#include <cmath>

namespace gradamp::kernels::statistics {

namespace {

// Numbers that are gone through twice: 16 KiB of float32.
constexpr size_t kPart = 4096;

// Sums that run beside each other.
constexpr size_t kLanes = 16;

GRADAMP_INLINE double total(const double (&lanes)[kLanes]) {
  double sum = 0;
  for (size_t i = 0; i < kLanes; i++) sum += lanes[i];
  return sum;
}

template <typename T>
GRADAMP_INLINE Moments measurePart(const T* __restrict x, size_t count, float near) {
  const size_t whole = count - count % kLanes;
  double sums[kLanes] = {};
  int32_t nearZero[kLanes] = {};
  for (size_t at = 0; at < whole; at += kLanes) {
    for (size_t i = 0; i < kLanes; i++) {
      const float value = load(x[at + i]);
      sums[i] += value;
      nearZero[i] += std::fabs(value) < near ? 1 : 0;
    }
  }
  for (size_t i = 0; whole + i < count; i++) {
    const float value = load(x[whole + i]);
    sums[i] += value;
    nearZero[i] += std::fabs(value) < near ? 1 : 0;
  }
  Moments moments;
  moments.count = count;
  moments.sum = total(sums);
  for (size_t i = 0; i < kLanes; i++) moments.nearZero += nearZero[i];
  const double mean = moments.sum / static_cast<double>(count);
  double squares[kLanes] = {};
  for (size_t at = 0; at < whole; at += kLanes) {
    for (size_t i = 0; i < kLanes; i++) {
      const double distance = load(x[at + i]) - mean;
      squares[i] += distance * distance;
    }
  }
  for (size_t i = 0; whole + i < count; i++) {
    const double distance = load(x[whole + i]) - mean;
    squares[i] += distance * distance;
  }
  moments.squares = total(squares);
  return moments;
}

template <typename T>
GRADAMP_INLINE Moments measureLoop(const T* x, size_t count, float near) {
  Moments moments;
  for (size_t at = 0; at < count; at += kPart) moments.add(measurePart(x + at, std::min(kPart, count - at), near));
  return moments;
}

// The loop as functions for one kind of processor, in a namespace of its own.
#define DEFINE_LOOP_FOR(T, TARGET) \
  TARGET Moments all(const T* x, size_t count, float near) { return measureLoop(x, count, near); }

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
Measure<T> best() {
#ifdef GRADAMP_X86
  if (vectors() >= Vectors::avx512) return avx512::all;
  if (vectors() == Vectors::avx2) return avx2::all;
#endif
  return plain::all;
}

}  // namespace

void Moments::add(const Moments& other) {
  if (other.count == 0) return;
  if (count > 0) {
    const double own = static_cast<double>(count), its = static_cast<double>(other.count);
    const double apart = other.sum / its - sum / own;
    squares += apart * apart * (own * its / (own + its));
  }
  count += other.count;
  sum += other.sum;
  squares += other.squares;
  nearZero += other.nearZero;
}

template <>
Measure<float> measure<float>() {
  static const Measure<float> chosen = best<float>();
  return chosen;
}

template <>
Measure<BFloat16> measure<BFloat16>() {
  static const Measure<BFloat16> chosen = best<BFloat16>();
  return chosen;
}

}  // namespace gradamp::kernels::statistics
