// 3×3 convolutions of stride 1 with fewer multiplications than they seem to need.
#ifndef GRADAMP_WINOGRAD_H_
#define GRADAMP_WINOGRAD_H_

namespace gradamp {

// Makes TensorFlow know the ops GradampConv2D, GradampConv2DBackpropInput and GradampConv2DBackpropFilter on the CPU: its
// own of these names, with the same inputs, where padding is "SAME", strides and dilations are 1, filters 3×3, height and
// width even and channels a multiple of 16. False where they cannot be run.
bool registerConvolutions();

// Whether these run on bfloat16, too: on processors that multiply it.
bool convolvesBFloat16();

}  // namespace gradamp

#endif  // GRADAMP_WINOGRAD_H_
