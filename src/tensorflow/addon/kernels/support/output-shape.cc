#include "kernels/support/output-shape.h"

#include <memory>

namespace gradamp::kernels {

namespace {

using Handle = std::unique_ptr<TF_ShapeHandle, decltype(&TF_DeleteShapeHandle)>;

}  // namespace

OutputShape& OutputShape::then(int input, int64_t begin, int64_t end) {
  const Handle dimensions(TF_NewShapeHandle(), TF_DeleteShapeHandle);
  Status status;
  TF_ShapeInferenceContextGetInput(context_, input, dimensions.get(), status);
  status.check();
  TF_ShapeInferenceContextSubshape(context_, dimensions.get(), begin, end, dimensions.get(), status);
  status.check();
  append(dimensions.get());
  return *this;
}

OutputShape& OutputShape::then(size_t size) {
  const Handle dimension(TF_ShapeInferenceContextVectorFromSize(context_, size), TF_DeleteShapeHandle);
  append(dimension.get());
  return *this;
}

void OutputShape::append(TF_ShapeHandle* dimensions) {
  Status status;
  TF_ShapeInferenceContextConcatenateShapes(context_, shape_, dimensions, shape_, status);
  status.check();
}

void OutputShape::set(int output) const {
  Status status;
  TF_ShapeInferenceContextSetOutput(context_, output, shape_, status);
  status.check();
}

}  // namespace gradamp::kernels
