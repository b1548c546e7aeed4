// tfjs-node's own sources, unmodified, with two of the names that they use given another meaning.
#include <node_api.h>

#include "bridge/main-thread.h"

// A tensor made of a typed array holds a reference to it, and lets it go on whichever thread gives the tensor up last.
// TensorFlow's own threads do that with a variable's old value; Node-API allows it on JavaScript's thread only.
#define napi_delete_reference gradamp::bridge::deleteReference
#include "tfjs_backend.cc"
#undef napi_delete_reference

// Its initialiser gets a name, so that ours can call it.
#undef NAPI_MODULE
#define NAPI_MODULE(name, initialise) \
  napi_value initialiseUpstream(napi_env env, napi_value exports) { return initialise(env, exports); }
#include "tfjs_binding.cc"

#include "bridge/functions.h"
#include "bridge/graph.h"
#include "bridge/numerics.h"
#include "bridge/profiler.h"
#include "bridge/values.h"
#include "kernels/batch-norm/batch-norm.h"
#include "kernels/convolution/im2col.h"
#include "kernels/convolution/winograd.h"
#include "kernels/pooling/max-pool.h"
#include "kernels/statistics/output-statistics.h"

namespace gradamp::bridge {

namespace {

// Raised with every change of what TypeScript sees (graph-binding.ts compares it).
const int kInterface = 9;

void initialise(napi_env env, napi_value exports) {
  openMainThread(env);
  napi_value ours, version;
  check(env, napi_create_object(env, &ours));
  check(env, napi_create_int32(env, kInterface, &version));
  check(env, napi_set_named_property(env, ours, "interface", version));
  const auto tell = [&](const char* name, bool value) {
    check(env, napi_set_named_property(env, ours, name, booleanValue(env, value)));
  };
  tell("hasBatchNorm", kernels::batch_norm::registerBatchNorm());
  tell("hasConvolutions", kernels::winograd::registerConvolutions());
  tell("hasIm2col", kernels::im2col::registerIm2col());
  tell("hasMaxPool", kernels::max_pool::registerMaxPool());
  tell("hasOutputStatistics", kernels::statistics::registerOutputStatistics());
  tell("convolvesBFloat16", kernels::winograd::convolvesBFloat16());
  defineGraphFunctions(env, ours);
  defineCallFunctions(env, ours);
  defineNumericsFunctions(env, ours);
  defineProfilerFunctions(env, ours);
  check(env, napi_set_named_property(env, exports, "gradamp", ours));
}

}  // namespace

}  // namespace gradamp::bridge

NAPI_MODULE_INIT() {
  napi_value result = tfnodejs::initialiseUpstream(env, exports);
  bool pending = true;
  napi_is_exception_pending(env, &pending);
  if (pending) return result;
  try {
    gradamp::bridge::initialise(env, result);
  } catch (const std::exception& failure) {
    gradamp::bridge::throwError(env, failure.what());
  }
  return result;
}
