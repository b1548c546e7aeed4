#ifndef GRADAMP_BRIDGE_NUMERICS_H_
#define GRADAMP_BRIDGE_NUMERICS_H_

#include <node_api.h>

namespace gradamp::bridge {

// setTensorFloat32, setOpDeterminism.
void defineNumericsFunctions(napi_env env, napi_value object);

}  // namespace gradamp::bridge

#endif  // GRADAMP_BRIDGE_NUMERICS_H_
