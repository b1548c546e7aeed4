// How ops are told the activation that they apply to their results: 0 for none, 1 for ReLU, 2 for leaky ReLU of slope
// alpha.
#ifndef GRADAMP_KERNELS_SUPPORT_ACTIVATION_ATTRIBUTES_H_
#define GRADAMP_KERNELS_SUPPORT_ACTIVATION_ATTRIBUTES_H_

#include "kernels/support/activation.h"
#include "kernels/support/op-kernel.h"

namespace gradamp::kernels {

// Of a definition.
constexpr char kActivationAttribute[] = "activation: int = 0";
constexpr char kAlphaAttribute[] = "alpha: float = 0.0";

// Of a node.
inline Activation activationOf(TF_OpKernelConstruction* construction) {
  const int32_t number = attribute(construction, "activation", TF_OpKernelConstruction_GetAttrInt32);
  if (number < 0 || number > 2) throw Failure("Expected activation 0, 1 or 2");
  return static_cast<Activation>(number);
}
inline float alphaOf(TF_OpKernelConstruction* construction) {
  return attribute(construction, "alpha", TF_OpKernelConstruction_GetAttrFloat);
}

}  // namespace gradamp::kernels

#endif  // GRADAMP_KERNELS_SUPPORT_ACTIVATION_ATTRIBUTES_H_
