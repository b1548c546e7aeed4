// What ops of ours need of TensorFlow's C API: tensors that come in and go out of a kernel, attributes, definitions.
#ifndef GRADAMP_KERNELS_SUPPORT_OP_KERNEL_H_
#define GRADAMP_KERNELS_SUPPORT_OP_KERNEL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "status.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_tensor.h"

namespace gradamp::kernels {

// A tensor that came in, or one that goes out, while a kernel runs. TensorFlow itself holds either until the op is
// over, so pointers to the data outlive this.
class Tensor {
 public:
  explicit Tensor(TF_Tensor* tensor) : tensor_(tensor) {}
  Tensor(Tensor&& other) : tensor_(other.tensor_) { other.tensor_ = nullptr; }
  Tensor(const Tensor&) = delete;
  Tensor& operator=(const Tensor&) = delete;
  ~Tensor() {
    if (tensor_) TF_DeleteTensor(tensor_);
  }
  template <typename T>
  T* data() const {
    return static_cast<T*>(TF_TensorData(tensor_));
  }
  size_t count() const { return TF_TensorElementCount(tensor_); }
  std::vector<int64_t> shape() const;

 private:
  TF_Tensor* tensor_;
};

Tensor input(TF_OpKernelContext* context, int index);
Tensor output(TF_OpKernelContext* context, int index, TF_DataType type, const std::vector<int64_t>& shape);
// Memory to work with, from where TensorFlow takes that of tensors: it may have served before and needs no first touch.
Tensor workspace(TF_OpKernelContext* context, TF_DataType type, size_t count);
// The first output, in the memory of the first input where nobody else needs that.
Tensor outputInPlace(TF_OpKernelContext* context, const std::vector<int64_t>& shape);

// An attribute of the node, by one of TF_OpKernelConstruction_GetAttr….
template <typename T>
T attribute(TF_OpKernelConstruction* construction, const char* name,
            void (*get)(TF_OpKernelConstruction*, const char*, T*, TF_Status*)) {
  T value;
  Status status;
  get(construction, name, &value, status);
  status.check();
  return value;
}

// An op as TensorFlow's registry knows it: "name: type" of inputs, outputs and attributes.
struct OpRegistration {
  const char* name;
  std::vector<const char*> inputs;
  std::vector<const char*> outputs;
  std::vector<const char*> attributes;
  void (*inferShapes)(TF_ShapeInferenceContext* context, TF_Status* status);
};

void define(const OpRegistration& definition);

// Whether the registry has it: another copy of this addon in the process may have been here before.
bool isDefined(const char* op);

// Runs body; tells TensorFlow by fail of what it throws.
template <typename Fail, typename Body>
void report(Fail fail, Body body) {
  try {
    body();
  } catch (const std::exception& failure) {
    Status status;
    TF_SetStatus(status, TF_INVALID_ARGUMENT, failure.what());
    fail(static_cast<TF_Status*>(status));
  }
}

// Makes Kernel the op's kernel on the CPU for a type: it is constructed of a TF_OpKernelConstruction* for each node,
// and its method compute(TF_OpKernelContext*) const runs the op.
template <typename Kernel>
void implement(const char* op, TF_DataType type) {
  const auto create = [](TF_OpKernelConstruction* construction) -> void* {
    Kernel* kernel = nullptr;
    report([&](TF_Status* status) { TF_OpKernelConstruction_Failure(construction, status); },
           [&] { kernel = new Kernel(construction); });
    return kernel;
  };
  const auto compute = [](void* kernel, TF_OpKernelContext* context) {
    report([&](TF_Status* status) { TF_OpKernelContext_Failure(context, status); },
           [&] { static_cast<const Kernel*>(kernel)->compute(context); });
  };
  const auto destroy = [](void* kernel) { delete static_cast<Kernel*>(kernel); };
  Status status;
  TF_KernelBuilder* const builder = TF_NewKernelBuilder(op, "CPU", create, compute, destroy);
  TF_KernelBuilder_TypeConstraint(builder, "T", type, status);
  status.check(op);
  TF_RegisterKernelBuilder(op, builder, status);
  status.check(op);
}

}  // namespace gradamp::kernels

#endif  // GRADAMP_KERNELS_SUPPORT_OP_KERNEL_H_
