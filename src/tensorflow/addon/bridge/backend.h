// What tfjs-node keeps to itself: the eager context and the table of tensors.
#ifndef GRADAMP_BRIDGE_BACKEND_H_
#define GRADAMP_BRIDGE_BACKEND_H_

#include <node_api.h>

#include "tensorflow/c/eager/c_api.h"

namespace gradamp::bridge {

TFE_Context* eagerContext(napi_env env);

// The tensor that tfjs knows by an id. Throws where there is none.
TFE_TensorHandle* findTensor(napi_env env, int32_t id);

// Enters a tensor into tfjs's table, which owns it from then on; returns { id, dtype, shape } as executeOp does.
napi_value enterTensor(napi_env env, TFE_TensorHandle* handle);

}  // namespace gradamp::bridge

#endif  // GRADAMP_BRIDGE_BACKEND_H_
