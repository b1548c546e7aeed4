// Numbers in memory, float32 or bfloat16, read as float32 and written back.
#ifndef GRADAMP_KERNELS_SUPPORT_BFLOAT16_H_
#define GRADAMP_KERNELS_SUPPORT_BFLOAT16_H_

#include <cstdint>
#include <cstring>

#include "kernels/support/processor.h"

namespace gradamp::kernels {

struct BFloat16 {
  uint16_t bits;
};

GRADAMP_INLINE float load(float value) { return value; }

GRADAMP_INLINE float load(BFloat16 value) {
  const uint32_t bits = static_cast<uint32_t>(value.bits) << 16;
  float result;
  std::memcpy(&result, &bits, sizeof result);
  return result;
}

GRADAMP_INLINE void store(float value, float* to) { *to = value; }

// The NaN that arithmetic makes. With other bits, as data may have, rounding would make a NaN infinite or zero.
constexpr uint32_t kNotANumber = 0x7fc00000;

// To the nearest, ties away from zero: half the work of ties to even.
GRADAMP_INLINE void store(float value, BFloat16* to) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  bits = value == value ? bits : kNotANumber;
  to->bits = static_cast<uint16_t>((bits + 0x8000) >> 16);
}

}  // namespace gradamp::kernels

#endif  // GRADAMP_KERNELS_SUPPORT_BFLOAT16_H_
