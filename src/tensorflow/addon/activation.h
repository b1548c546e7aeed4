// Activations that ops apply to their results before they write them.
#ifndef GRADAMP_ACTIVATION_H_
#define GRADAMP_ACTIVATION_H_

#include "op-kernel.h"

namespace gradamp {

enum class Activation { linear, relu, leakyRelu };

// The attributes by which an op is told: 0 for none, 1 for ReLU, 2 for leaky ReLU of slope alpha.
constexpr char kActivationAttribute[] = "activation: int = 0";
constexpr char kAlphaAttribute[] = "alpha: float = 0.0";

// Those of a node.
inline Activation activationOf(TF_OpKernelConstruction* construction) {
  const int32_t number = attribute(construction, "activation", TF_OpKernelConstruction_GetAttrInt32);
  if (number < 0 || number > 2) throw Failure("Expected activation 0, 1 or 2");
  return static_cast<Activation>(number);
}
inline float alphaOf(TF_OpKernelConstruction* construction) {
  return attribute(construction, "alpha", TF_OpKernelConstruction_GetAttrFloat);
}

}  // namespace gradamp

#endif  // GRADAMP_ACTIVATION_H_
