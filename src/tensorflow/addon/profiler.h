#ifndef GRADAMP_PROFILER_H_
#define GRADAMP_PROFILER_H_

#include <node_api.h>

namespace gradamp {

// startProfile, stopProfile.
void defineProfilerFunctions(napi_env env, napi_value object);

}  // namespace gradamp

#endif  // GRADAMP_PROFILER_H_
