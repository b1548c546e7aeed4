#include "kernels/convolution/winograd.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <string>
#include <vector>

#include "kernels/convolution/definition.h"
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

// Puts right what is out of range before the end: a tile's transform, the filter's, or a product may be infinite where
// the sum that they are made for is not. Such sums are added up as they are defined. What comes of numbers that are not
// finite themselves stays as it is.
template <typename T>
class OutputRepair {
 public:
  OutputRepair(const ConvolutionShape& shape, const FilterView<T>& filter, const T* x, const Ending<T>& ending, T* y)
      : shape_(shape), filter_(filter), x_(x), ending_(ending), y_(y) {}

  // After a call of convolve with the same rows and scratch memory.
  void operator()(TileRows rows, float* scratch) {
    const size_t channels = shape_.outChannels, firstPixel = rows.first * kTile * shape_.width;
    std::vector<float> sums(rows.count * kTile * shape_.width * channels);
    winogradLoops<T>()->sums(shape_, rows, scratch, sums.data());
    for (size_t at = 0; at < sums.size(); at += kChannelStep) {
      const float* const own = sums.data() + at;
      if (std::all_of(own, own + kChannelStep, [](float each) { return std::isfinite(each); })) continue;
      repair(own, firstPixel + at / channels, at % channels);
    }
  }

 private:
  void repair(const float* sums, size_t pixel, size_t channel) {
    if (!isWindowFinite(shape_, x_, pixel) || !isFilterFinite(channel)) return;
    const Sums exact = outputsAt(shape_, filter_, x_, pixel, channel);
    for (size_t i = 0; i < kChannelStep; i++) {
      if (std::isfinite(sums[i])) continue;
      float value = static_cast<float>(exact.values[i]);
      if (ending_.bias) value += load(ending_.bias[channel + i]);
      store(ending_.activate(value), y_ + pixel * shape_.outChannels + channel + i);
    }
  }

  // Of the columns from one on; asked once, by whichever thread is the first to want it.
  bool isFilterFinite(size_t channel) {
    std::call_once(once_, [this] {
      isFilterFinite_.assign(filter_.columns / kChannelStep, 1);
      for (size_t column = 0; column < filter_.columns; column++) {
        for (size_t at = 0; at < kTaps * filter_.rows; at++) {
          isFilterFinite_[column / kChannelStep] &= std::isfinite(filter_.at(at % kTaps, at / kTaps, column));
        }
      }
    });
    return isFilterFinite_[channel / kChannelStep];
  }

  const ConvolutionShape& shape_;
  const FilterView<T>& filter_;
  const T* const x_;
  const Ending<T>& ending_;
  T* const y_;
  std::once_flag once_;
  std::vector<char> isFilterFinite_;
};

template <typename T>
void convolve(TF_OpKernelContext* context, const ConvolutionShape& shape, const FilterView<T>& filter, const T* x,
              const Ending<T>& ending, T* y) {
  const Tensor memory = workspace(context, kType<T>, kPoints * filter.rows * filter.columns);
  T* const transformed = memory.data<T>();
  transformFilter(context, filter, transformed);
  OutputRepair<T> repair(shape, filter, x, ending, y);
  const size_t rows = shape.tileRows(), step = blockRows(shape, kBlockTiles);
  parallelFor(context, (rows + step - 1) / step, [&](size_t block) {
    const size_t first = block * step;
    const TileRows own = {first, std::min(step, rows - first)};
    float* const scratch = scratchFor(shape, step);
    if (!winogradLoops<T>()->convolve(shape, own, x, transformed, ending, scratch, y)) repair(own, scratch);
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

// Where the filter's gradient is out of range before the end, adds it up as it is defined; as OutputRepair.
template <typename T>
class GradientRepair {
 public:
  GradientRepair(const ConvolutionShape& shape, const T* x, const T* dy, T* to)
      : shape_(shape), x_(x), dy_(dy), to_(to) {}

  // The gradients of one input channel; some of them are not finite.
  void operator()(size_t row) {
    std::call_once(once_, [this] {
      const size_t pixels = shape_.images * shape_.height * shape_.width;
      isRowFinite_ = finiteColumns(x_, pixels, shape_.inChannels);
      isColumnFinite_ = finiteColumns(dy_, pixels, shape_.outChannels);
    });
    if (!isRowFinite_[row]) return;
    for (size_t column = 0; column < shape_.outChannels; column += kChannelStep) repair(row, column);
  }

 private:
  T* at(size_t tap, size_t row, size_t column) const {
    return to_ + (tap * shape_.inChannels + row) * shape_.outChannels + column;
  }

  void repair(size_t row, size_t column) {
    bool isNeeded = false;
    for (size_t at = 0; at < kTaps * kChannelStep; at++) {
      isNeeded |= isWrong(at / kChannelStep, row, column + at % kChannelStep);
    }
    if (!isNeeded) return;
    Sums exact[kTaps];
    gradientsAt(shape_, x_, dy_, row, column, exact);
    for (size_t tap = 0; tap < kTaps; tap++) {
      for (size_t i = 0; i < kChannelStep; i++) {
        if (isWrong(tap, row, column + i)) store(static_cast<float>(exact[tap].values[i]), at(tap, row, column + i));
      }
    }
  }

  bool isWrong(size_t tap, size_t row, size_t column) const {
    return isColumnFinite_[column] && !std::isfinite(load(*at(tap, row, column)));
  }

  const ConvolutionShape& shape_;
  const T* const x_;
  const T* const dy_;
  T* const to_;
  std::once_flag once_;
  // Of each input channel of x and each output channel of dy whether all its numbers are finite.
  std::vector<char> isRowFinite_, isColumnFinite_;
};

// Adds up the parts of a row of the transformed filter's gradient, in their order, and turns it back: Gᵀ m G. False
// where something is not finite.
template <typename T>
bool finishFilterRow(const ConvolutionShape& shape, size_t parts, const float* gradients, size_t row, T* to) {
  const size_t columns = shape.outChannels, plane = shape.inChannels * columns;
  std::vector<float> sums(kPoints * columns);
  for (size_t point = 0; point < kPoints; point++) {
    float* const sum = sums.data() + point * columns;
    for (size_t part = 0; part < parts; part++) {
      const float* const own = gradients + (part * kPoints + point) * plane + row * columns;
      for (size_t column = 0; column < columns; column++) sum[column] += own[column];
    }
  }
  // Zero until something is not finite.
  float lost = 0;
  const auto put = [&](float value, size_t tap, size_t column) {
    lost += 0 * value;
    store(value, to + tap * plane + row * columns + column);
  };
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
      put(m[0] + 0.5f * (m[1] + m[2]), 3 * i, column);
      put(0.5f * (m[1] - m[2]), 3 * i + 1, column);
      put(0.5f * (m[1] + m[2]) + m[3], 3 * i + 2, column);
    }
  }
  return lost == 0;
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
    GradientRepair<T> repair(shape, from, back, to);
    parallelFor(context, shape.inChannels, [&](size_t row) {
      if (!finishFilterRow(shape, parts, gradients, row, to)) repair(row);
    });
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
