#include "bridge/backend.h"

#include "bridge/values.h"
#include "tfjs_backend.h"

namespace gradamp::bridge {

namespace {

using tfnodejs::TFJSBackend;

// Access to private members without touching upstream's sources or a compiler's switches: the arguments of an explicit
// template instantiation may name them ([temp.explicit], C++17 13.9.2), so that is where their addresses are taken.
template <typename Member, Member Pointer>
struct Expose {
  friend Member exposed(Member) { return Pointer; }
};

using Context = TFE_Context* TFJSBackend::*;
using Handles = std::unordered_map<int32_t, TFE_TensorHandle*> TFJSBackend::*;
using Enter = napi_value (TFJSBackend::*)(napi_env, TFE_TensorHandle*);
Context exposed(Context);
Handles exposed(Handles);
Enter exposed(Enter);

template struct Expose<Context, &TFJSBackend::tfe_context_>;
template struct Expose<Handles, &TFJSBackend::tfe_handle_map_>;
template struct Expose<Enter, &TFJSBackend::GenerateOutputTensorInfo>;

TFJSBackend* backend(napi_env env) {
  void* data = nullptr;
  check(env, napi_get_instance_data(env, &data));
  if (!data) throw Failure("tfjs-node's backend is gone");
  return static_cast<TFJSBackend*>(data);
}

}  // namespace

TFE_Context* eagerContext(napi_env env) { return backend(env)->*exposed(Context()); }

TFE_TensorHandle* findTensor(napi_env env, int32_t id) {
  const auto& handles = backend(env)->*exposed(Handles());
  const auto found = handles.find(id);
  if (found == handles.end()) throw Failure("Expected the id of a tensor but found " + std::to_string(id));
  return found->second;
}

napi_value enterTensor(napi_env env, TFE_TensorHandle* handle) {
  return (backend(env)->*exposed(Enter()))(env, handle);
}

}  // namespace gradamp::bridge
