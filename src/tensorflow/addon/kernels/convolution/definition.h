// 3×3 convolutions of stride 1 and their gradients as they are defined, some numbers at a time and in double precision:
// slow, and for whatever numbers float32 and bfloat16 have never out of range.
#ifndef GRADAMP_KERNELS_CONVOLUTION_DEFINITION_H_
#define GRADAMP_KERNELS_CONVOLUTION_DEFINITION_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "kernels/convolution/winograd-loops.h"

namespace gradamp::kernels::winograd {

constexpr size_t kTaps = 9;

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

// Numbers of one channel for each of kChannelStep others.
struct Sums {
  double values[kChannelStep] = {};
};

// The pixels [first, first + 3) around one that lie within the image, as taps and places in a row or column of them.
struct Window {
  Window(size_t at, size_t size) : first(at == 0 ? 1 : 0), last(at + 1 == size ? 2 : 3), origin(at) {}
  size_t pixel(size_t tap) const { return origin + tap - 1; }

  const size_t first;
  const size_t last;
  const size_t origin;
};

// Calls body(tap, pixel) for each tap of a filter over a pixel that lies within the image; pixels are those of all
// images.
template <typename Body>
void forTaps(const ConvolutionShape& shape, size_t pixel, Body body) {
  const size_t row = pixel / shape.width, image = row / shape.height * shape.height;
  const Window rows(row % shape.height, shape.height), columns(pixel % shape.width, shape.width);
  for (size_t i = rows.first; i < rows.last; i++) {
    for (size_t j = columns.first; j < columns.last; j++) {
      body(3 * i + j, (image + rows.pixel(i)) * shape.width + columns.pixel(j));
    }
  }
}

// The outputs from a channel on, without bias and activation.
template <typename T>
Sums outputsAt(const ConvolutionShape& shape, const FilterView<T>& filter, const T* x, size_t pixel, size_t channel) {
  Sums sums;
  forTaps(shape, pixel, [&](size_t tap, size_t at) {
    for (size_t row = 0; row < filter.rows; row++) {
      const double number = load(x[at * filter.rows + row]);
      for (size_t i = 0; i < kChannelStep; i++) sums.values[i] += number * filter.at(tap, row, channel + i);
    }
  });
  return sums;
}

// The filter's gradients from one input channel to the output channels from one on, for each tap.
template <typename T>
void gradientsAt(const ConvolutionShape& shape, const T* x, const T* dy, size_t row, size_t column, Sums to[kTaps]) {
  for (size_t pixel = 0; pixel < shape.images * shape.height * shape.width; pixel++) {
    const T* const gradients = dy + pixel * shape.outChannels + column;
    forTaps(shape, pixel, [&](size_t tap, size_t at) {
      const double number = load(x[at * shape.inChannels + row]);
      for (size_t i = 0; i < kChannelStep; i++) to[tap].values[i] += number * load(gradients[i]);
    });
  }
}

// Whether all the numbers are finite that outputsAt uses of the images.
template <typename T>
bool isWindowFinite(const ConvolutionShape& shape, const T* x, size_t pixel) {
  bool isFinite = true;
  forTaps(shape, pixel, [&](size_t, size_t at) {
    const T* const numbers = x + at * shape.inChannels;
    isFinite =
        isFinite && std::all_of(numbers, numbers + shape.inChannels, [](T each) { return std::isfinite(load(each)); });
  });
  return isFinite;
}

// Of each column of a matrix whether all its numbers are finite.
template <typename T>
std::vector<char> finiteColumns(const T* from, size_t rows, size_t columns) {
  std::vector<char> areFinite(columns, 1);
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < columns; column++) {
      areFinite[column] &= std::isfinite(load(from[row * columns + column]));
    }
  }
  return areFinite;
}

}  // namespace gradamp::kernels::winograd

#endif  // GRADAMP_KERNELS_CONVOLUTION_DEFINITION_H_
