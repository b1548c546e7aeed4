#include "kernels/convolution/winograd.h"

#include <algorithm>
#include <string>
#include <vector>

#include "kernels/convolution/winograd-loops.h"
#include "kernels/support/activation-attributes.h"
#include "kernels/support/op-kernel.h"
#include "kernels/support/output-shape.h"
#include "kernels/support/thread-pool.h"

namespace gradamp::kernels::winograd {

namespace {

constexpr char kForward[] = "GradampConv2D";
constexpr char kBackwardInput[] = "GradampConv2DBackpropInput";
constexpr char kBackwardFilter[] = "GradampConv2DBackpropFilter";

constexpr size_t kTaps = 9;
// About how many tiles one thread takes at a time: multiples of the rows that registers hold. The filter's gradient is
// read and written once for each such block.
constexpr size_t kBlockTiles = 48;
constexpr size_t kGradientBlockTiles = 96;
// The filter's gradient is added up by parts of about so many tiles, of which there are not too many, nor too large
// ones: zeroing and reading 32 MiB of them took as long as the products did.
constexpr size_t kPartTiles = 256;
constexpr size_t kMostParts = 32;
constexpr size_t kMostPartNumbers = size_t{1} << 22;

ConvolutionShape shapeOf(const std::vector<int64_t>& images, int64_t inChannels, int64_t outChannels) {
  if (images.size() != 4) throw Failure("Expected images of four dimensions");
  if (images[1] % kTile != 0 || images[2] % kTile != 0 || inChannels % kChannelStep != 0 ||
      outChannels % kChannelStep != 0) {
    throw Failure("Expected an even height and width and channels in multiples of " + std::to_string(kChannelStep));
  }
  const auto size = [](int64_t value) { return static_cast<size_t>(value); };
  return {size(images[0]), size(images[1]), size(images[2]), size(inChannels), size(outChannels)};
}

void checkFilter(const std::vector<int64_t>& filter) {
  if (filter.size() != 4 || filter[0] != 3 || filter[1] != 3) throw Failure("Expected filters of 3×3");
}

bool isEmpty(const ConvolutionShape& shape) {
  return shape.tileRows() * shape.tilesPerRow() * shape.inChannels * shape.outChannels == 0;
}

// Rows of tiles that one thread takes at a time.
size_t blockRows(const ConvolutionShape& shape, size_t tiles) {
  return std::max<size_t>(1, tiles / shape.tilesPerRow());
}

float* scratchFor(const ConvolutionShape& shape, size_t rows) {
  static thread_local std::vector<float> memory;
  const size_t size = scratchSize(shape, rows);
  if (memory.size() < size) memory.resize(size);
  return memory.data();
}

// How the taps of a filter [3, 3, in, out] are read as one that leads from `rows` channels to `columns` others.
template <typename T>
struct FilterView {
  const T* taps;
  size_t rows;
  size_t columns;
  // Turned round by half a turn, in and out exchanged: the filter of the gradient by the input.
  bool transposed;

  float at(size_t tap, size_t row, size_t column) const {
    return load(transposed ? taps[((kTaps - 1 - tap) * columns + column) * rows + row]
                           : taps[(tap * rows + row) * columns + column]);
  }
};

// Where a number of a point's plane lies that the loops multiply by.
template <typename T>
size_t place(size_t row, size_t column, size_t rows);
template <>
size_t place<float>(size_t row, size_t column, size_t rows) {
  return panelPlace(row, column, rows);
}
// In pairs of rows.
template <>
size_t place<BFloat16>(size_t row, size_t column, size_t rows) {
  return panelPlace(row / 2, column, rows / 2) * 2 + row % 2;
}

// G g Gᵀ for each pair of channels.
template <typename T>
void transformFilter(TF_OpKernelContext* context, const FilterView<T>& filter, T* to) {
  parallelFor(context, filter.rows, [&](size_t row) {
    const size_t plane = filter.rows * filter.columns;
    for (size_t column = 0; column < filter.columns; column++) {
      float half[4][3];
      for (size_t x = 0; x < 3; x++) {
        const float top = filter.at(x, row, column), middle = filter.at(3 + x, row, column),
                    bottom = filter.at(6 + x, row, column);
        half[0][x] = top;
        half[1][x] = 0.5f * (top + middle + bottom);
        half[2][x] = 0.5f * (top - middle + bottom);
        half[3][x] = bottom;
      }
      T* const own = to + place<T>(row, column, filter.rows);
      for (size_t i = 0; i < 4; i++) {
        const float left = half[i][0], middle = half[i][1], right = half[i][2];
        store(left, own + (4 * i) * plane);
        store(0.5f * (left + middle + right), own + (4 * i + 1) * plane);
        store(0.5f * (left - middle + right), own + (4 * i + 2) * plane);
        store(right, own + (4 * i + 3) * plane);
      }
    }
  });
}

template <typename T>
constexpr TF_DataType kType = TF_FLOAT;
template <>
constexpr TF_DataType kType<BFloat16> = TF_BFLOAT16;

template <typename T>
void convolve(TF_OpKernelContext* context, const ConvolutionShape& shape, const FilterView<T>& filter, const T* x,
              const Ending<T>& ending, T* y) {
  const Tensor memory = workspace(context, kType<T>, kPoints * filter.rows * filter.columns);
  T* const transformed = memory.data<T>();
  transformFilter(context, filter, transformed);
  const size_t rows = shape.tileRows(), step = blockRows(shape, kBlockTiles);
  parallelFor(context, (rows + step - 1) / step, [&](size_t block) {
    const size_t first = block * step;
    const TileRows own = {first, std::min(step, rows - first)};
    winogradLoops<T>()->convolve(shape, own, x, transformed, ending, scratchFor(shape, step), y);
  });
}

template <typename T>
void fillZeros(T* to, size_t count) {
  for (size_t at = 0; at < count; at++) store(0, to + at);
}

// Inputs: x, filter, and a bias or none. Output: y, behind bias and activation.
// Transposed, it is the gradient by x, a convolution of dy. Inputs: the size of dx, filter, dy. Output: dx.
template <typename T, bool Transposed>
class Convolution {
 public:
  explicit Convolution(TF_OpKernelConstruction* construction) {
    if (Transposed) return;
    activation_ = activationOf(construction);
    alpha_ = alphaOf(construction);
    withBias_ = attribute(construction, "num_args", TF_OpKernelConstruction_GetAttrInt32) > 0;
  }

  void compute(TF_OpKernelContext* context) const {
    const Tensor x = input(context, Transposed ? 2 : 0), filter = input(context, 1);
    std::vector<int64_t> size = x.shape();
    const std::vector<int64_t> taps = filter.shape();
    checkFilter(taps);
    const int64_t from = taps[Transposed ? 3 : 2], to = taps[Transposed ? 2 : 3];
    const ConvolutionShape shape = shapeOf(size, from, to);
    if (size[3] != from) throw Failure("Expected a filter of the images' channels");
    size[3] = to;
    const Tensor y = output(context, 0, kType<T>, size);
    if (isEmpty(shape)) return fillZeros(y.data<T>(), y.count());
    const FilterView<T> view{filter.data<T>(), shape.inChannels, shape.outChannels, Transposed};
    convolve(context, shape, view, x.data<T>(), {bias(context, shape), activation_, alpha_}, y.data<T>());
  }

 private:
  const T* bias(TF_OpKernelContext* context, const ConvolutionShape& shape) const {
    if (!withBias_) return nullptr;
    const Tensor tensor = input(context, 2);
    if (tensor.count() != shape.outChannels) throw Failure("Expected a bias of a number for each output channel");
    return tensor.data<T>();
  }

  Activation activation_ = Activation::linear;
  float alpha_ = 0;
  bool withBias_ = false;
};

// Adds up the parts of a row of the transformed filter's gradient, in their order, and turns it back: Gᵀ m G.
template <typename T>
void finishFilterRow(const ConvolutionShape& shape, size_t parts, const float* gradients, size_t row, T* to) {
  const size_t columns = shape.outChannels, plane = shape.inChannels * columns;
  std::vector<float> sums(kPoints * columns);
  for (size_t point = 0; point < kPoints; point++) {
    float* const sum = sums.data() + point * columns;
    for (size_t part = 0; part < parts; part++) {
      const float* const own = gradients + (part * kPoints + point) * plane + row * columns;
      for (size_t column = 0; column < columns; column++) sum[column] += own[column];
    }
  }
  for (size_t column = 0; column < columns; column++) {
    float half[3][4];
    for (size_t j = 0; j < 4; j++) {
      const auto m = [&](size_t i) { return sums[(4 * i + j) * columns + column]; };
      half[0][j] = m(0) + 0.5f * (m(1) + m(2));
      half[1][j] = 0.5f * (m(1) - m(2));
      half[2][j] = 0.5f * (m(1) + m(2)) + m(3);
    }
    for (size_t i = 0; i < 3; i++) {
      const float* const m = half[i];
      T* const own = to + row * columns + column;
      store(m[0] + 0.5f * (m[1] + m[2]), own + (3 * i) * plane);
      store(0.5f * (m[1] - m[2]), own + (3 * i + 1) * plane);
      store(0.5f * (m[1] + m[2]) + m[3], own + (3 * i + 2) * plane);
    }
  }
}

// Inputs: x, the size of the filter, dy. Output: the filter's gradient.
template <typename T>
struct BackwardFilter {
  explicit BackwardFilter(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) const {
    const Tensor x = input(context, 0), dy = input(context, 2);
    std::vector<int64_t> size = x.shape();
    const std::vector<int64_t> gradientSize = dy.shape();
    if (gradientSize.size() != 4 || size.size() != 4) throw Failure("Expected images of four dimensions");
    const ConvolutionShape shape = shapeOf(size, size[3], gradientSize[3]);
    size[3] = gradientSize[3];
    if (size != gradientSize) throw Failure("Expected a gradient of the images' size");
    const Tensor gradient = output(
        context, 0, kType<T>, {3, 3, static_cast<int64_t>(shape.inChannels), static_cast<int64_t>(shape.outChannels)});
    T* const to = gradient.data<T>();
    if (isEmpty(shape)) return fillZeros(to, gradient.count());
    // Depends on nothing but the shape, and so do the sums' last bits.
    const size_t rows = shape.tileRows(), step = blockRows(shape, kGradientBlockTiles);
    const size_t part = kPoints * shape.inChannels * shape.outChannels;
    const size_t parts = std::max<size_t>(
        1, std::min({rows * shape.tilesPerRow() / kPartTiles, kMostParts, kMostPartNumbers / part, rows}));
    const Tensor memory = workspace(context, TF_FLOAT, parts * part);
    float* const gradients = memory.data<float>();
    const T* const from = x.data<T>();
    const T* const back = dy.data<T>();
    parallelFor(context, parts, [&](size_t index) {
      float* const own = gradients + index * part;
      std::fill_n(own, part, 0.0f);
      const size_t end = rows * (index + 1) / parts;
      for (size_t first = rows * index / parts; first < end; first += step) {
        const TileRows block = {first, std::min(step, end - first)};
        winogradLoops<T>()->correlate(shape, block, from, back, scratchFor(shape, step), own);
      }
    });
    parallelFor(context, shape.inChannels, [&](size_t row) { finishFilterRow(shape, parts, gradients, row, to); });
  }
};

// The pixels of one input and the channels of the filter.
template <int Pixels, int FilterChannels>
void inferImages(TF_ShapeInferenceContext* context) {
  OutputShape(context).then(Pixels, 0, 3).then(1, FilterChannels, FilterChannels + 1).set(0);
}

void inferFilter(TF_ShapeInferenceContext* context) {
  OutputShape(context).then(size_t{3}).then(size_t{3}).then(0, 3).then(2, 3).set(0);
}

template <typename T>
void implementFor() {
  implement<Convolution<T, false>>(kForward, kType<T>);
  implement<Convolution<T, true>>(kBackwardInput, kType<T>);
  implement<BackwardFilter<T>>(kBackwardFilter, kType<T>);
}

}  // namespace

bool registerConvolutions() {
  if (!hasThreadPool() || !winogradLoops<float>()) return false;
  if (isDefined(kForward)) return true;
  // Those of TensorFlow's own, so that one can stand for the other; tfjs's kernels set them.
  const std::vector<const char*> attributes = {
      "T: {float, bfloat16} = DT_FLOAT",    "strides: list(int) = [1, 1, 1, 1]", "use_cudnn_on_gpu: bool = true",
      "padding: {'SAME'} = 'SAME'",         "explicit_paddings: list(int) = []", "data_format: {'NHWC'} = 'NHWC'",
      "dilations: list(int) = [1, 1, 1, 1]"};
  std::vector<const char*> forwardAttributes = attributes;
  forwardAttributes.insert(forwardAttributes.end(), {"num_args: int >= 0 = 0", kActivationAttribute, kAlphaAttribute});
  define({kForward,
          {"input: T", "filter: T", "args: num_args * T"},
          {"output: T"},
          forwardAttributes,
          inferring<inferImages<0, 3>>});
  define({kBackwardInput,
          {"input_sizes: int32", "filter: T", "out_backprop: T"},
          {"output: T"},
          attributes,
          inferring<inferImages<2, 2>>});
  define({kBackwardFilter,
          {"input: T", "filter_sizes: int32", "out_backprop: T"},
          {"output: T"},
          attributes,
          inferring<inferFilter>});
  implementFor<float>();
  if (winogradLoops<BFloat16>()) implementFor<BFloat16>();
  return true;
}

bool convolvesBFloat16() { return hasThreadPool() && winogradLoops<BFloat16>(); }

}  // namespace gradamp::kernels::winograd
