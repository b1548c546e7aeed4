#ifndef GRADAMP_FUNCTIONS_H_
#define GRADAMP_FUNCTIONS_H_

#include <node_api.h>

namespace gradamp {

// executeAsync, hasFunction, removeFunction, tensorInfo, copyTensor, foreignReleases.
void defineCallFunctions(napi_env env, napi_value object);

}  // namespace gradamp

#endif  // GRADAMP_FUNCTIONS_H_
