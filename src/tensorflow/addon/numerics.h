#ifndef GRADAMP_NUMERICS_H_
#define GRADAMP_NUMERICS_H_

#include <node_api.h>

namespace gradamp {

// setTensorFloat32, setOpDeterminism.
void defineNumericsFunctions(napi_env env, napi_value object);

}  // namespace gradamp

#endif  // GRADAMP_NUMERICS_H_
