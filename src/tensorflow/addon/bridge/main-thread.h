// The way back to JavaScript's thread, the only one that may touch its values.
#ifndef GRADAMP_BRIDGE_MAIN_THREAD_H_
#define GRADAMP_BRIDGE_MAIN_THREAD_H_

#include <node_api.h>

#include <cstdint>
#include <functional>

namespace gradamp::bridge {

// Once, when the addon is loaded into an environment.
void openMainThread(napi_env env);

// Runs work on a thread of its own, then finish on JavaScript's, for which the event loop is held open meanwhile. When
// the environment shuts down before that, cancel is called, work waited for, and finish run without an environment:
// then it may only clean up.
void runAside(napi_env env, std::function<void()> work, std::function<void(napi_env)> finish,
              std::function<void()> cancel);

// napi_delete_reference for any thread.
napi_status deleteReference(napi_env env, napi_ref reference);

// How often in this process another thread than JavaScript's asked for that.
int64_t foreignReleases();

}  // namespace gradamp::bridge

#endif  // GRADAMP_BRIDGE_MAIN_THREAD_H_
