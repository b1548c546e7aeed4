// Activations that loops apply to their results before they write them.
#ifndef GRADAMP_KERNELS_SUPPORT_ACTIVATION_H_
#define GRADAMP_KERNELS_SUPPORT_ACTIVATION_H_

namespace gradamp::kernels {

enum class Activation { linear, relu, leakyRelu };

}  // namespace gradamp::kernels

#endif  // GRADAMP_KERNELS_SUPPORT_ACTIVATION_H_
