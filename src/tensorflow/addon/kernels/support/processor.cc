#include "kernels/support/processor.h"

#ifdef __x86_64__
#include <cpuid.h>
#endif

#include <cstdlib>
#include <string>

namespace gradamp::kernels {

namespace {

#ifdef GRADAMP_X86
// Not every compiler that can make the rest knows this one's name.
bool multipliesBFloat16() {
  unsigned a, b, c, d;
  return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & (1u << 5));
}
#endif

Vectors widest() {
#ifdef GRADAMP_X86
  const char* const setting = std::getenv("ONEDNN_MAX_CPU_ISA");
  const std::string most = setting ? setting : "";
  if (most == "SSE41" || most == "AVX") return Vectors::plain;
  const bool atMostAvx2 = most.rfind("AVX2", 0) == 0;
  if (!atMostAvx2 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq")) {
    const bool isCapped = most == "AVX512_CORE" || most == "AVX512_CORE_VNNI";
    return !isCapped && multipliesBFloat16() ? Vectors::avx512WithBFloat16 : Vectors::avx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Vectors::avx2;
#endif
  return Vectors::plain;
}

}  // namespace

Vectors vectors() {
  static const Vectors found = widest();
  return found;
}

}  // namespace gradamp::kernels
