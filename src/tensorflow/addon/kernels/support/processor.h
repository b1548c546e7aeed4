// Which instructions the processor has, of those that loops are compiled for.
#ifndef GRADAMP_KERNELS_SUPPORT_PROCESSOR_H_
#define GRADAMP_KERNELS_SUPPORT_PROCESSOR_H_

// Into the caller, whatever processor that is made for.
#define GRADAMP_INLINE inline __attribute__((always_inline))

#if defined(__x86_64__) && defined(__GNUC__)
#define GRADAMP_X86 1
#define GRADAMP_AVX2 __attribute__((target("avx2,fma")))
// Products of bfloat16, too, are written as instructions: a compiler that does not know them yet can make the others.
#define GRADAMP_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma,prefer-vector-width=512")))
#endif

namespace gradamp::kernels {

// Each has what the one before it has.
enum class Vectors { plain, avx2, avx512, avx512WithBFloat16 };

// The widest of this processor, at most what ONEDNN_MAX_CPU_ISA allows, as for TensorFlow's own convolutions.
Vectors vectors();

}  // namespace gradamp::kernels

#endif  // GRADAMP_KERNELS_SUPPORT_PROCESSOR_H_
