#ifndef GRADAMP_BRIDGE_PROFILER_H_
#define GRADAMP_BRIDGE_PROFILER_H_

#include <node_api.h>

namespace gradamp::bridge {

// startProfile, stopProfile.
void defineProfilerFunctions(napi_env env, napi_value object);

}  // namespace gradamp::bridge

#endif  // GRADAMP_BRIDGE_PROFILER_H_
