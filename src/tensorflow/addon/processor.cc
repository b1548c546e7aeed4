#include "processor.h"

#include <cstdlib>
#include <string>

namespace gradamp {

namespace {

Vectors widest() {
#ifdef GRADAMP_X86
  const char* const setting = std::getenv("ONEDNN_MAX_CPU_ISA");
  const std::string most = setting ? setting : "";
  if (most == "SSE41" || most == "AVX") return Vectors::plain;
  const bool atMostAvx2 = most.rfind("AVX2", 0) == 0;
  if (!atMostAvx2 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq"))
    return Vectors::avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Vectors::avx2;
#endif
  return Vectors::plain;
}

}  // namespace

Vectors vectors() {
  static const Vectors found = widest();
  return found;
}

}  // namespace gradamp
