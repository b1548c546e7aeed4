#include "bridge/functions.h"

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "bridge/backend.h"
#include "bridge/main-thread.h"
#include "bridge/values.h"

// Of tensorflow/c/eager/c_api_experimental.h, whose own includes are a wheel's 60 MB.
extern "C" {
typedef struct TFE_CancellationManager TFE_CancellationManager;
TFE_CancellationManager* TFE_NewCancellationManager();
void TFE_CancellationManagerStartCancel(TFE_CancellationManager*);
void TFE_DeleteCancellationManager(TFE_CancellationManager*);
void TFE_OpSetCancellationManager(TFE_Op* op, TFE_CancellationManager* manager, TF_Status* status);
}

namespace gradamp::bridge {

namespace {

// One call of a function: everything in it is made and freed on JavaScript's thread, and held while the call runs, so
// that no other thread is ever the last to let a tensor go that tfjs may have disposed of meanwhile.
struct Call {
  std::string name;
  TFE_Op* op = nullptr;
  TFE_CancellationManager* cancellation = TFE_NewCancellationManager();
  std::vector<TFE_TensorHandle*> inputs, outputs;
  Status status;
  napi_deferred deferred = nullptr;

  Call() = default;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() {
    if (op) TFE_DeleteOp(op);
    for (TFE_TensorHandle* handle : inputs) TFE_DeleteTensorHandle(handle);
    for (TFE_TensorHandle* handle : outputs)
      if (handle) TFE_DeleteTensorHandle(handle);
    TFE_DeleteCancellationManager(cancellation);
  }
};

void execute(Call& call) {
  int count = static_cast<int>(call.outputs.size());
  TFE_Execute(call.op, call.outputs.data(), &count, call.status);
}

void settle(napi_env env, Call& call) {
  try {
    call.status.check(call.name);
    napi_value results;
    check(env, napi_create_array_with_length(env, call.outputs.size(), &results));
    for (size_t i = 0; i < call.outputs.size(); i++) {
      TFE_TensorHandle* const handle = call.outputs[i];
      call.outputs[i] = nullptr;
      check(env, napi_set_element(env, results, i, enterTensor(env, handle)));
    }
    check(env, napi_resolve_deferred(env, call.deferred, results));
  } catch (const std::exception& failure) {
    napi_value error;
    bool pending = false;
    napi_is_exception_pending(env, &pending);
    if (pending)
      napi_get_and_clear_last_exception(env, &error);
    else
      napi_create_error(env, nullptr, stringValue(env, failure.what()), &error);
    napi_reject_deferred(env, call.deferred, error);
  }
}

// executeAsync(name, inputIds, outputs)
napi_value executeAsync(napi_env env, const Arguments& arguments) {
  const auto call = std::make_shared<Call>();
  call->name = toString(env, arguments[0]);
  call->op = TFE_NewOp(eagerContext(env), call->name.c_str(), call->status);
  call->status.check();
  for (int32_t id : toInt32s(env, arguments[1])) {
    TFE_TensorHandle* const handle = TFE_TensorHandleCopySharingTensor(findTensor(env, id), call->status);
    call->status.check();
    call->inputs.push_back(handle);
    TFE_OpAddInput(call->op, handle, call->status);
    call->status.check();
  }
  call->outputs.assign(toInt32(env, arguments[2]), nullptr);
  TFE_OpSetCancellationManager(call->op, call->cancellation, call->status);
  call->status.check();
  napi_value promise;
  check(env, napi_create_promise(env, &call->deferred, &promise));
  // The worker's share of the call ends before finish is posted, so finish frees it.
  runAside(
      env, [call = call.get()] { execute(*call); },
      [call](napi_env env) {
        if (env) settle(env, *call);
      },
      [call = call.get()] { TFE_CancellationManagerStartCancel(call->cancellation); });
  return promise;
}

napi_value hasFunction(napi_env env, const Arguments& arguments) {
  return booleanValue(env, TFE_ContextHasFunction(eagerContext(env), toString(env, arguments[0]).c_str()) != 0);
}

napi_value removeFunction(napi_env env, const Arguments& arguments) {
  Status status;
  TFE_ContextRemoveFunction(eagerContext(env), toString(env, arguments[0]).c_str(), status);
  status.check();
  return undefinedValue(env);
}

std::vector<int64_t> shapeOf(TFE_TensorHandle* handle) {
  Status status;
  const int rank = TFE_TensorHandleNumDims(handle, status);
  status.check();
  std::vector<int64_t> shape;
  for (int i = 0; i < rank; i++) {
    shape.push_back(TFE_TensorHandleDim(handle, i, status));
    status.check();
  }
  return shape;
}

napi_value infoOfTensor(napi_env env, const Arguments& arguments) {
  TFE_TensorHandle* const handle = findTensor(env, toInt32(env, arguments[0]));
  const std::vector<int64_t> shape = shapeOf(handle);
  return tensorInfo(env, TFE_TensorHandleDataType(handle), shape.data(), static_cast<int>(shape.size()));
}

// A tensor of the processor's in memory of TensorFlow's own; one on a card is that already.
TFE_TensorHandle* copyOf(TFE_TensorHandle* handle) {
  Status status;
  const char* const device = TFE_TensorHandleBackingDeviceName(handle, status);
  status.check();
  if (!std::strstr(device, "CPU:")) {
    TFE_TensorHandle* const same = TFE_TensorHandleCopySharingTensor(handle, status);
    status.check();
    return same;
  }
  const TF_DataType dtype = TFE_TensorHandleDataType(handle);
  if (TF_DataTypeSize(dtype) == 0) throw Failure("Expected a numeric tensor but found type " + std::to_string(dtype));
  using Tensor = std::unique_ptr<TF_Tensor, decltype(&TF_DeleteTensor)>;
  const Tensor source(TFE_TensorHandleResolve(handle, status), TF_DeleteTensor);
  status.check();
  const std::vector<int64_t> shape = shapeOf(handle);
  const size_t bytes = TF_TensorByteSize(source.get());
  const Tensor copy(TF_AllocateTensor(dtype, shape.data(), static_cast<int>(shape.size()), bytes), TF_DeleteTensor);
  if (bytes > 0) std::memcpy(TF_TensorData(copy.get()), TF_TensorData(source.get()), bytes);
  TFE_TensorHandle* const result = TFE_NewTensorHandle(copy.get(), status);
  status.check();
  return result;
}

napi_value copyTensor(napi_env env, const Arguments& arguments) {
  return enterTensor(env, copyOf(findTensor(env, toInt32(env, arguments[0]))));
}

// For tests, which could not tell otherwise that what they are about did happen.
napi_value countForeignReleases(napi_env env, const Arguments&) {
  napi_value count;
  check(env, napi_create_int64(env, foreignReleases(), &count));
  return count;
}

}  // namespace

void defineCallFunctions(napi_env env, napi_value object) {
  addMethod(env, object, "executeAsync", callback<executeAsync>);
  addMethod(env, object, "hasFunction", callback<hasFunction>);
  addMethod(env, object, "removeFunction", callback<removeFunction>);
  addMethod(env, object, "tensorInfo", callback<infoOfTensor>);
  addMethod(env, object, "copyTensor", callback<copyTensor>);
  addMethod(env, object, "foreignReleases", callback<countForeignReleases>);
}

}  // namespace gradamp::bridge
