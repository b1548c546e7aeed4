// What TensorFlow is told of the shapes of an op's outputs before the op runs.
#ifndef GRADAMP_KERNELS_SUPPORT_OUTPUT_SHAPE_H_
#define GRADAMP_KERNELS_SUPPORT_OUTPUT_SHAPE_H_

#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>

#include "status.h"
#include "tensorflow/c/ops.h"

namespace gradamp::kernels {

// A shape, put together from its first dimension to its last.
class OutputShape {
 public:
  explicit OutputShape(TF_ShapeInferenceContext* context)
      : context_(context), shape_(TF_ShapeInferenceContextScalar(context)) {}
  OutputShape(const OutputShape&) = delete;
  OutputShape& operator=(const OutputShape&) = delete;
  ~OutputShape() { TF_DeleteShapeHandle(shape_); }

  // Goes on with an input's dimensions from begin to before end; begin counts from the last where it is negative.
  OutputShape& then(int input, int64_t begin, int64_t end = std::numeric_limits<int64_t>::max());
  // Goes on with a dimension of a size.
  OutputShape& then(size_t size);
  void set(int output) const;

 private:
  void append(TF_ShapeHandle* dimensions);

  TF_ShapeInferenceContext* context_;
  TF_ShapeHandle* shape_;
};

// An op's shape inference, of a function that sets its OutputShapes.
template <void (*Set)(TF_ShapeInferenceContext*)>
void inferring(TF_ShapeInferenceContext* context, TF_Status* status) {
  try {
    Set(context);
  } catch (const std::exception& failure) {
    TF_SetStatus(status, TF_INVALID_ARGUMENT, failure.what());
  }
}

}  // namespace gradamp::kernels

#endif  // GRADAMP_KERNELS_SUPPORT_OUTPUT_SHAPE_H_
