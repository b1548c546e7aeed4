// The pixels that each output of a 3×3 convolution is made of, written out.
#ifndef GRADAMP_KERNELS_CONVOLUTION_PATCHES_H_
#define GRADAMP_KERNELS_CONVOLUTION_PATCHES_H_

namespace gradamp::kernels::patches {

// Makes TensorFlow know the op GradampPatches on the CPU; false where it cannot run it.
bool registerPatches();

}  // namespace gradamp::kernels::patches

#endif  // GRADAMP_KERNELS_CONVOLUTION_PATCHES_H_
