// The pixels that each output of a 3×3 convolution is made of, written out.
#ifndef GRADAMP_KERNELS_CONVOLUTION_IM2COL_H_
#define GRADAMP_KERNELS_CONVOLUTION_IM2COL_H_

namespace gradamp::kernels::im2col {

// Makes TensorFlow know the op GradampIm2col on the CPU; false where it cannot run it.
bool registerIm2col();

}  // namespace gradamp::kernels::im2col

#endif  // GRADAMP_KERNELS_CONVOLUTION_IM2COL_H_
