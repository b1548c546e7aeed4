#ifndef GRADAMP_BRIDGE_FUNCTIONS_H_
#define GRADAMP_BRIDGE_FUNCTIONS_H_

#include <node_api.h>

namespace gradamp::bridge {

// executeAsync, hasFunction, removeFunction, tensorInfo, copyTensor, foreignReleases.
void defineCallFunctions(napi_env env, napi_value object);

}  // namespace gradamp::bridge

#endif  // GRADAMP_BRIDGE_FUNCTIONS_H_
