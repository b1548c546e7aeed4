#include "bridge/numerics.h"

#include <dlfcn.h>

#include "bridge/values.h"

namespace gradamp::bridge {

namespace {

// TensorFlow's switches have no place in its C API. They are looked up by the names that its C++ compiler gave them, so
// that a TensorFlow without them still loads.
void setSwitch(const char* symbol, const char* meaning, bool value) {
  using Switch = void (*)(bool);
  const auto set = reinterpret_cast<Switch>(dlsym(RTLD_DEFAULT, symbol));
  if (!set) throw Failure(std::string("This TensorFlow does not let ") + meaning + " be chosen");
  set(value);
}

napi_value setTensorFloat32(napi_env env, const Arguments& arguments) {
  setSwitch("_ZN3tsl32enable_tensor_float_32_executionEb", "TensorFloat-32", toBool(env, arguments[0]));
  return undefinedValue(env);
}

napi_value setOpDeterminism(napi_env env, const Arguments& arguments) {
  setSwitch("_ZN3tsl19EnableOpDeterminismEb", "determinism", toBool(env, arguments[0]));
  return undefinedValue(env);
}

}  // namespace

void defineNumericsFunctions(napi_env env, napi_value object) {
  addMethod(env, object, "setTensorFloat32", callback<setTensorFloat32>);
  addMethod(env, object, "setOpDeterminism", callback<setOpDeterminism>);
}

}  // namespace gradamp::bridge
