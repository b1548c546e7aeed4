// From JavaScript's values to C++'s and back. Whatever goes wrong is thrown as a Failure and becomes a JavaScript
// Error.
#ifndef GRADAMP_BRIDGE_VALUES_H_
#define GRADAMP_BRIDGE_VALUES_H_

#include <node_api.h>

#include <cstdint>
#include <string>
#include <vector>

#include "status.h"

namespace gradamp::bridge {

// Throws what Node-API says of a call that failed.
void check(napi_env env, napi_status status);

napi_valuetype typeOf(napi_env env, napi_value value);
inline bool isNull(napi_env env, napi_value value) {
  const napi_valuetype type = typeOf(env, value);
  return type == napi_null || type == napi_undefined;
}
bool isArray(napi_env env, napi_value value);
std::string toString(napi_env env, napi_value value);
int32_t toInt32(napi_env env, napi_value value);
int64_t toInt64(napi_env env, napi_value value);
double toDouble(napi_env env, napi_value value);
bool toBool(napi_env env, napi_value value);
napi_value property(napi_env env, napi_value object, const char* name);
std::vector<napi_value> elements(napi_env env, napi_value array);
// Whole numbers of an Int32Array or a plain array.
std::vector<int32_t> toInt32s(napi_env env, napi_value array);
std::vector<int64_t> toInt64s(napi_env env, napi_value array);

napi_value undefinedValue(napi_env env);
napi_value booleanValue(napi_env env, bool value);
napi_value stringValue(napi_env env, const std::string& value);
// { dtype, shape }; a rank of -1 is unknown, and null in JavaScript.
napi_value tensorInfo(napi_env env, int dtype, const int64_t* dimensions, int rank);

// The arguments of a call from JavaScript; those left out are undefined.
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info);
  napi_value operator[](size_t index) const { return values_[index]; }

 private:
  napi_value values_[8];
};

void throwError(napi_env env, const char* message);

// What Node-API calls: runs Body and turns a Failure into a JavaScript Error.
template <napi_value (*Body)(napi_env, const Arguments&)>
napi_value callback(napi_env env, napi_callback_info info) {
  try {
    return Body(env, Arguments(env, info));
  } catch (const std::exception& failure) {
    throwError(env, failure.what());
    return nullptr;
  }
}

void addMethod(napi_env env, napi_value object, const char* name, napi_callback body);

}  // namespace gradamp::bridge

#endif  // GRADAMP_BRIDGE_VALUES_H_
