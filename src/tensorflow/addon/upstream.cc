// tfjs-node's own sources, unmodified, with two of the names that they use given another meaning.
#include <node_api.h>

#include "main-thread.h"

// A tensor made of a typed array holds a reference to it, and lets it go on whichever thread gives the tensor up last.
// TensorFlow's own threads do that with a variable's old value; Node-API allows it on JavaScript's thread only.
#define napi_delete_reference gradamp::deleteReference
#include "tfjs_backend.cc"
#undef napi_delete_reference

// Its initialiser gets a name, so that ours can call it.
#undef NAPI_MODULE
#define NAPI_MODULE(name, initialise) \
  napi_value initialiseUpstream(napi_env env, napi_value exports) { return initialise(env, exports); }
#include "tfjs_binding.cc"

#include "batch-norm.h"
#include "functions.h"
#include "graph.h"
#include "numerics.h"
#include "patches.h"
#include "profiler.h"
#include "values.h"
#include "winograd.h"

namespace {

// Raised with every change of what TypeScript sees (graph-binding.ts compares it).
const int kInterface = 8;

void initialise(napi_env env, napi_value exports) {
  gradamp::openMainThread(env);
  napi_value ours, version;
  gradamp::check(env, napi_create_object(env, &ours));
  gradamp::check(env, napi_create_int32(env, kInterface, &version));
  gradamp::check(env, napi_set_named_property(env, ours, "interface", version));
  const auto tell = [&](const char* name, bool value) {
    gradamp::check(env, napi_set_named_property(env, ours, name, gradamp::booleanValue(env, value)));
  };
  tell("hasBatchNorm", gradamp::registerBatchNorm());
  tell("hasConvolutions", gradamp::registerConvolutions());
  tell("hasPatches", gradamp::registerPatches());
  tell("convolvesBFloat16", gradamp::convolvesBFloat16());
  gradamp::defineGraphFunctions(env, ours);
  gradamp::defineCallFunctions(env, ours);
  gradamp::defineNumericsFunctions(env, ours);
  gradamp::defineProfilerFunctions(env, ours);
  gradamp::check(env, napi_set_named_property(env, exports, "gradamp", ours));
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value result = tfnodejs::initialiseUpstream(env, exports);
  bool pending = true;
  napi_is_exception_pending(env, &pending);
  if (pending) return result;
  try {
    initialise(env, result);
  } catch (const std::exception& failure) {
    gradamp::throwError(env, failure.what());
  }
  return result;
}
