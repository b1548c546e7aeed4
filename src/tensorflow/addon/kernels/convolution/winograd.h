// 3×3 convolutions of stride 1 with fewer multiplications than they seem to need.
#ifndef GRADAMP_KERNELS_CONVOLUTION_WINOGRAD_H_
#define GRADAMP_KERNELS_CONVOLUTION_WINOGRAD_H_

namespace gradamp::kernels::winograd {

// Makes TensorFlow know the ops GradampConv2D, GradampConv2DBackpropInput and GradampConv2DBackpropFilter on the CPU:
// its own of these names, with the same inputs, where padding is "SAME", strides and dilations are 1, filters 3×3,
// height and width even and channels a multiple of 16. False where they cannot be run.
bool registerConvolutions();

// Whether these run on bfloat16, too: on processors that multiply it.
bool convolvesBFloat16();

}  // namespace gradamp::kernels::winograd

#endif  // GRADAMP_KERNELS_CONVOLUTION_WINOGRAD_H_
