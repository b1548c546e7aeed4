// Activations that loops apply to their results before they write them.
#ifndef GRADAMP_ACTIVATION_H_
#define GRADAMP_ACTIVATION_H_

namespace gradamp {

enum class Activation { linear, relu, leakyRelu };

}  // namespace gradamp

#endif  // GRADAMP_ACTIVATION_H_
