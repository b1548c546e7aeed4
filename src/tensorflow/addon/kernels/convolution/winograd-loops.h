// The inner loops of 3×3 convolutions by Winograd's minimal filtering, F(2×2, 3×3) (Lavin and Gray 2016, section 4.1).
//
// A tile of 2×2 outputs needs 4×4 inputs; both, and the filter, are turned into 16 numbers each by additions, and what
// is 36 multiplications for each pair of channels becomes 16: one matrix product over channels for each of the 16.
// Images are [images, height, width, channels] in memory, of stride 1 and padded by one pixel of zeros all around.
#ifndef GRADAMP_KERNELS_CONVOLUTION_WINOGRAD_LOOPS_H_
#define GRADAMP_KERNELS_CONVOLUTION_WINOGRAD_LOOPS_H_

#include <cstddef>

#include "kernels/support/activation.h"
#include "kernels/support/bfloat16.h"

namespace gradamp::kernels::winograd {

// Numbers of a tile after its transform.
constexpr size_t kPoints = 16;
// Height and width of a tile's output.
constexpr size_t kTile = 2;
// What both numbers of channels are a multiple of: a vector register.
constexpr size_t kChannelStep = 16;

// Where a number lies in a matrix of panels of kChannelStep columns, one after the other, each of them row by row.
inline size_t panelPlace(size_t row, size_t column, size_t rows) {
  return (column / kChannelStep * rows + row) * kChannelStep + column % kChannelStep;
}

struct ConvolutionShape {
  size_t images;
  // Even, both.
  size_t height;
  size_t width;
  size_t inChannels;
  size_t outChannels;

  size_t tilesPerRow() const { return width / kTile; }
  // Rows of tiles of all images, one after the other.
  size_t tileRows() const { return images * (height / kTile); }
};

// Rows of tiles that are worked on together, so that all of them stay in a processor's own cache.
struct TileRows {
  size_t first;
  size_t count;
};

// What is done to outputs before they are written.
template <typename T>
struct Ending {
  // A number for each output channel that is added; null for none.
  const T* bias;
  Activation activation;
  // Slope of the leaky ReLU for negative numbers.
  float alpha;

  float activate(float value) const {
    if (activation == Activation::relu) return value <= 0 ? 0 : value;
    if (activation == Activation::leakyRelu) return value > 0 ? value : value * alpha;
    return value;
  }
};

// How many floats the loops need to work with.
size_t scratchSize(const ConvolutionShape& shape, size_t rows);

// The loops over T, float or BFloat16. With BFloat16 tiles and filter are rounded to it once they are transformed;
// sums, and the filter's gradient, are float32.
template <typename T>
struct WinogradLoops {
  // y of some rows of tiles. The filter is transformed: for each point a matrix of a row for each input channel and a
  // column for each output channel, in panels; of BFloat16, two rows are one of pairs. False where
  // a sum over taps and channels is not finite, or so large that it might not be.
  bool (*convolve)(const ConvolutionShape& shape, TileRows rows, const T* x, const T* filter, const Ending<T>& ending,
                   float* scratch, T* y);
  // The sums of the rows of tiles that convolve was last called for with this scratch memory, without bias and
  // activation: [rows, 2, width, outChannels].
  void (*sums)(const ConvolutionShape& shape, TileRows rows, float* scratch, float* to);
  // Adds to the transformed filter's gradient, [point, inChannels, outChannels], what some rows of tiles contribute.
  void (*correlate)(const ConvolutionShape& shape, TileRows rows, const T* x, const T* dy, float* scratch,
                    float* gradient);
};

// Those made for this processor; null where it has no vectors of eight with fused multiplication and addition, or no
// products of BFloat16.
template <typename T>
const WinogradLoops<T>* winogradLoops();
template <>
const WinogradLoops<float>* winogradLoops<float>();
template <>
const WinogradLoops<BFloat16>* winogradLoops<BFloat16>();

}  // namespace gradamp::kernels::winograd

#endif  // GRADAMP_KERNELS_CONVOLUTION_WINOGRAD_LOOPS_H_
