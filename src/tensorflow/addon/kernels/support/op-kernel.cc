#include "kernels/support/op-kernel.h"

namespace gradamp::kernels {

std::vector<int64_t> Tensor::shape() const {
  std::vector<int64_t> shape(TF_NumDims(tensor_));
  for (size_t axis = 0; axis < shape.size(); axis++) shape[axis] = TF_Dim(tensor_, static_cast<int>(axis));
  return shape;
}

Tensor input(TF_OpKernelContext* context, int index) {
  Status status;
  TF_Tensor* tensor = nullptr;
  TF_GetInput(context, index, &tensor, status);
  status.check();
  return Tensor(tensor);
}

Tensor output(TF_OpKernelContext* context, int index, TF_DataType type, const std::vector<int64_t>& shape) {
  int64_t count = 1;
  for (const int64_t size : shape) count *= size;
  Status status;
  TF_Tensor* tensor = TF_AllocateOutput(context, index, type, shape.data(), static_cast<int>(shape.size()),
                                        count * TF_DataTypeSize(type), status);
  status.check();
  return Tensor(tensor);
}

Tensor workspace(TF_OpKernelContext* context, TF_DataType type, size_t count) {
  const int64_t size = static_cast<int64_t>(count);
  TF_AllocatorAttributes anywhere{TF_ALLOCATOR_ATTRIBUTES_STRUCT_SIZE, 0};
  Status status;
  TF_Tensor* tensor = TF_AllocateTemp(context, type, &size, 1, &anywhere, status);
  status.check();
  return Tensor(tensor);
}

Tensor outputInPlace(TF_OpKernelContext* context, const std::vector<int64_t>& shape) {
  const int candidate = 0;
  int forwarded;
  Status status;
  Tensor tensor(TF_ForwardInputOrAllocateOutput(context, &candidate, 1, 0, shape.data(), static_cast<int>(shape.size()),
                                                &forwarded, status));
  status.check();
  return tensor;
}

void define(const OpRegistration& definition) {
  TF_OpDefinitionBuilder* const builder = TF_NewOpDefinitionBuilder(definition.name);
  for (const char* attribute : definition.attributes) TF_OpDefinitionBuilderAddAttr(builder, attribute);
  for (const char* each : definition.inputs) TF_OpDefinitionBuilderAddInput(builder, each);
  for (const char* each : definition.outputs) TF_OpDefinitionBuilderAddOutput(builder, each);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(builder, definition.inferShapes);
  Status status;
  TF_RegisterOpDefinition(builder, status);
  status.check(definition.name);
}

bool isDefined(const char* op) {
  Status status;
  TF_Graph* const graph = TF_NewGraph();
  TF_Buffer* const definition = TF_NewBuffer();
  TF_GraphGetOpDef(graph, op, definition, status);
  TF_DeleteBuffer(definition);
  TF_DeleteGraph(graph);
  return status.ok();
}

}  // namespace gradamp::kernels
