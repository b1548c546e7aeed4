#include "kernels/pooling/max-pool.h"

#include <algorithm>
#include <vector>

#include "kernels/pooling/max-pool-loops.h"
#include "kernels/support/op-kernel.h"
#include "kernels/support/output-shape.h"
#include "kernels/support/thread-pool.h"

namespace gradamp::kernels::max_pool {

namespace {

constexpr char kGradient[] = "GradampMaxPoolGrad";

Pair pairOf(TF_OpKernelConstruction* construction, const char* name) {
  int64_t values[2] = {0, 0};
  Status status;
  TF_OpKernelConstruction_GetAttrInt64List(construction, name, values, 2, status);
  status.check();
  return {values[0], values[1]};
}

// Where a unit's gradients are added up: in the output, where that is float32.
class Sums {
 public:
  Sums(float* dx, size_t, size_t, size_t stride) : sums_{dx, stride} {}
  Channels<float> use() const { return sums_; }
  void finish(float*, size_t, size_t, size_t) const {}

 private:
  Channels<float> sums_;
};

// In float32 beside it, where it is not: rounded once.
class RoundedSums {
 public:
  RoundedSums(BFloat16*, size_t pixels, size_t count, size_t) : sums_(pixels * count), count_(count) {}
  Channels<float> use() { return {sums_.data(), count_}; }
  void finish(BFloat16* dx, size_t pixels, size_t count, size_t stride) const {
    for (size_t pixel = 0; pixel < pixels; pixel++)
      for (size_t i = 0; i < count; i++) store(sums_[pixel * count + i], dx + pixel * stride + i);
  }

 private:
  std::vector<float> sums_;
  size_t count_;
};

template <typename T>
struct SumsOf;
template <>
struct SumsOf<float> {
  using Type = Sums;
};
template <>
struct SumsOf<BFloat16> {
  using Type = RoundedSums;
};

// Inputs: x [n, h, w, c], dy [n, p, q, c]. Output: dx [n, h, w, c].
template <typename T>
class Gradient {
 public:
  explicit Gradient(TF_OpKernelConstruction* construction)
      : type_(attribute(construction, "T", TF_OpKernelConstruction_GetAttrType)),
        window_(pairOf(construction, "window")),
        strides_(pairOf(construction, "strides")),
        before_(pairOf(construction, "padding_before")) {}

  void compute(TF_OpKernelContext* context) const {
    const Tensor x = input(context, 0), dy = input(context, 1);
    const std::vector<int64_t> size = x.shape(), outputs = dy.shape();
    if (size.size() != 4 || outputs.size() != 4 || size[0] != outputs[0] || size[3] != outputs[3])
      throw Failure("Expected as many images and channels as gradients, of four dimensions");
    const Tensor dx = output(context, 0, type_, size);
    if (dx.count() == 0) return;
    const Pooling pooling{{size[1], size[2]}, {outputs[1], outputs[2]}, window_, strides_, before_};
    const size_t channels = size[3], pixels = size[1] * size[2], gradients = outputs[1] * outputs[2];
    const size_t groups = (channels + kChannels - 1) / kChannels;
    parallelFor(context, size[0] * groups, [&](size_t unit) {
      const size_t image = unit / groups, first = unit % groups * kChannels;
      const size_t count = std::min(kChannels, channels - first);
      T* const to = dx.data<T>() + image * pixels * channels + first;
      for (size_t pixel = 0; pixel < pixels; pixel++) std::fill_n(to + pixel * channels, count, T{});
      typename SumsOf<T>::Type sums(to, pixels, count, channels);
      addShares<T>()(pooling, count, {x.data<T>() + image * pixels * channels + first, channels},
                     {dy.data<T>() + image * gradients * channels + first, channels}, sums.use());
      sums.finish(to, pixels, count, channels);
    });
  }

 private:
  TF_DataType type_;
  Pair window_;
  Pair strides_;
  Pair before_;
};

void inferGradient(TF_ShapeInferenceContext* context) { OutputShape(context).then(0, 0).set(0); }

}  // namespace

bool registerMaxPool() {
  if (!hasThreadPool()) return false;
  if (isDefined(kGradient)) return true;
  define({kGradient,
          {"x: T", "dy: T"},
          {"dx: T"},
          {"T: {float, bfloat16} = DT_FLOAT", "window: list(int) = [2, 2]", "strides: list(int) = [1, 1]",
           "padding_before: list(int) = [0, 0]"},
          inferring<inferGradient>});
  implement<Gradient<float>>(kGradient, TF_FLOAT);
  implement<Gradient<BFloat16>>(kGradient, TF_BFLOAT16);
  return true;
}

}  // namespace gradamp::kernels::max_pool
