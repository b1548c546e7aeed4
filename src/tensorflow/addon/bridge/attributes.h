#ifndef GRADAMP_BRIDGE_ATTRIBUTES_H_
#define GRADAMP_BRIDGE_ATTRIBUTES_H_

#include <node_api.h>

#include <string>

#include "tensorflow/c/c_api.h"

namespace gradamp::bridge {

// Sets an attribute, { name, type, value } in JavaScript, of an op that is being made. `declared`: its type in the op's
// definition, empty for one that is not there.
void setAttribute(napi_env env, TF_OperationDescription* op, const std::string& name, const std::string& declared,
                  napi_value attribute);

}  // namespace gradamp::bridge

#endif  // GRADAMP_BRIDGE_ATTRIBUTES_H_
