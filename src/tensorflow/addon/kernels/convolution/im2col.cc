#include "kernels/convolution/im2col.h"

#include <algorithm>
#include <vector>

#include "kernels/support/bfloat16.h"
#include "kernels/support/op-kernel.h"
#include "kernels/support/output-shape.h"
#include "kernels/support/thread-pool.h"

namespace gradamp::kernels::im2col {

namespace {

constexpr char kIm2col[] = "GradampIm2col";
constexpr int64_t kSize = 3;

// Of rows and of columns.
struct Pair {
  int64_t values[2];
};

Pair pairOf(TF_OpKernelConstruction* construction, const char* name) {
  Pair pair{};
  Status status;
  TF_OpKernelConstruction_GetAttrInt64List(construction, name, pair.values, 2, status);
  status.check();
  return pair;
}

// Inputs: x [n, h, w, c]; dy [n, p, q, k], of which only the size matters. Output: columns [n, p, q, 3, 3, c], with
// zeros for what lies outside of the image.
template <typename T>
class Im2col {
 public:
  explicit Im2col(TF_OpKernelConstruction* construction)
      : type_(attribute(construction, "T", TF_OpKernelConstruction_GetAttrType)),
        strides_(pairOf(construction, "strides")),
        before_(pairOf(construction, "padding_before")) {}

  void compute(TF_OpKernelContext* context) const {
    const Tensor x = input(context, 0);
    const std::vector<int64_t> size = x.shape(), grid = input(context, 1).shape();
    if (size.size() != 4 || grid.size() != 4 || size[0] != grid[0]) {
      throw Failure("Expected as many images as gradients, of four dimensions");
    }
    const Tensor columns = output(context, 0, type_, {grid[0], grid[1], grid[2], kSize, kSize, size[3]});
    if (columns.count() == 0) return;
    const T* const from = x.data<T>();
    T* const to = columns.data<T>();
    const size_t image = size[1] * size[2] * size[3], written = columns.count() / grid[0];
    parallelFor(context, static_cast<size_t>(grid[0]),
                [&](size_t index) { writeImage(size, grid, from + index * image, to + index * written); });
  }

 private:
  void writeImage(const std::vector<int64_t>& size, const std::vector<int64_t>& grid, const T* from, T* to) const {
    const int64_t height = size[1], width = size[2], channels = size[3];
    for (int64_t row = 0; row < grid[1]; row++) {
      for (int64_t column = 0; column < grid[2]; column++) {
        for (int64_t tapRow = 0; tapRow < kSize; tapRow++) {
          const int64_t y = row * strides_.values[0] - before_.values[0] + tapRow;
          for (int64_t tapColumn = 0; tapColumn < kSize; tapColumn++, to += channels) {
            const int64_t x = column * strides_.values[1] - before_.values[1] + tapColumn;
            const bool isInside = y >= 0 && y < height && x >= 0 && x < width;
            if (isInside) {
              std::copy_n(from + (y * width + x) * channels, channels, to);
            } else {
              std::fill_n(to, channels, T{});
            }
          }
        }
      }
    }
  }

  TF_DataType type_;
  Pair strides_;
  Pair before_;
};

void inferIm2col(TF_ShapeInferenceContext* context) {
  OutputShape(context).then(1, 0, 3).then(size_t{kSize}).then(size_t{kSize}).then(0, 3).set(0);
}

}  // namespace

bool registerIm2col() {
  if (!hasThreadPool()) return false;
  if (isDefined(kIm2col)) return true;
  define({kIm2col,
          {"images: T", "gradients: T"},
          {"columns: T"},
          {"T: {float, bfloat16} = DT_FLOAT", "strides: list(int) = [1, 1]", "padding_before: list(int) = [1, 1]"},
          inferring<inferIm2col>});
  implement<Im2col<float>>(kIm2col, TF_FLOAT);
  implement<Im2col<BFloat16>>(kIm2col, TF_BFLOAT16);
  return true;
}

}  // namespace gradamp::kernels::im2col
