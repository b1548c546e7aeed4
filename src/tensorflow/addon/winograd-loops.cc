#include "winograd-loops.h"

#include <cstring>

#include "processor.h"

#define UNROLL _Pragma("GCC unroll 16")

namespace gradamp {

namespace {

// Between the planes of two points: without it they would lie a power of two apart, where a cache keeps few lines.
constexpr size_t kGap = 16;

// Floats of the planes' distance.
size_t planeSize(size_t tiles, size_t channels) { return tiles * channels + kGap; }

typedef float Vector8 __attribute__((vector_size(32)));
typedef float Vector16 __attribute__((vector_size(64)));

template <typename Vector>
constexpr size_t kLanes = sizeof(Vector) / sizeof(float);

template <typename Vector>
GRADAMP_INLINE void read(const float* from, Vector& to) {
  std::memcpy(&to, from, sizeof to);
}

template <typename Vector>
GRADAMP_INLINE void write(const Vector& from, float* to) {
  std::memcpy(to, &from, sizeof from);
}

// Matrices of a product c = a b, or c += a b where Adds; a(i, k) lies at a[i aRow + k aColumn].
struct Product {
  size_t rows;
  size_t columns;
  size_t depth;
  const float* a;
  size_t aRow;
  size_t aColumn;
  const float* b;
  float* c;
};

// Rows × Vectors of c at a time, which stay in registers.
template <typename Vector, int Rows, int Vectors, bool Adds>
GRADAMP_INLINE void multiplyBlock(const Product& of, size_t row, size_t column) {
  const float* const a = of.a + row * of.aRow;
  const float* const b = of.b + column;
  float* const c = of.c + row * of.columns + column;
  Vector sums[Rows][Vectors];
  UNROLL for (int i = 0; i < Rows; i++) {
    UNROLL for (int j = 0; j < Vectors; j++) {
      if (Adds) {
        read(c + i * of.columns + j * kLanes<Vector>, sums[i][j]);
      } else {
        sums[i][j] = Vector{};
      }
    }
  }
  for (size_t k = 0; k < of.depth; k++) {
    Vector right[Vectors];
    UNROLL for (int j = 0; j < Vectors; j++) read(b + k * of.columns + j * kLanes<Vector>, right[j]);
    UNROLL for (int i = 0; i < Rows; i++) {
      const float left = a[i * of.aRow + k * of.aColumn];
      UNROLL for (int j = 0; j < Vectors; j++) sums[i][j] += left * right[j];
    }
  }
  UNROLL for (int i = 0; i < Rows; i++) {
    UNROLL for (int j = 0; j < Vectors; j++) write(sums[i][j], c + i * of.columns + j * kLanes<Vector>);
  }
}

template <typename Vector, int Rows, int Vectors, bool Adds>
GRADAMP_INLINE void multiplyColumns(const Product& of, size_t column) {
  size_t row = 0;
  for (; row + Rows <= of.rows; row += Rows) multiplyBlock<Vector, Rows, Vectors, Adds>(of, row, column);
  for (; row + 4 <= of.rows; row += 4) multiplyBlock<Vector, 4, Vectors, Adds>(of, row, column);
  for (; row < of.rows; row++) multiplyBlock<Vector, 1, Vectors, Adds>(of, row, column);
}

template <typename Vector, int Rows, bool Adds>
GRADAMP_INLINE void multiply(const Product& of) {
  constexpr size_t lanes = kLanes<Vector>;
  size_t column = 0;
  for (; column + 2 * lanes <= of.columns; column += 2 * lanes) multiplyColumns<Vector, Rows, 2, Adds>(of, column);
  for (; column < of.columns; column += lanes) multiplyColumns<Vector, Rows, 1, Adds>(of, column);
}

// A column of four pixels times Bᵀ.
template <typename Vector>
GRADAMP_INLINE void inputColumn(const float* const rows[4], size_t at, Vector* to) {
  Vector pixels[4];
  UNROLL for (int i = 0; i < 4; i++) read(rows[i] + at, pixels[i]);
  to[0] = pixels[0] - pixels[2];
  to[1] = pixels[1] + pixels[2];
  to[2] = pixels[2] - pixels[1];
  to[3] = pixels[1] - pixels[3];
}

// Bᵀ d B for a row of tiles, of four rows of pixels.
template <typename Vector>
GRADAMP_INLINE void transformInputs(const ConvolutionShape& shape, const float* const rows[4], size_t plane, float* to) {
  const size_t channels = shape.inChannels;
  for (size_t channel = 0; channel < channels; channel += kLanes<Vector>) {
    // The last two columns of a tile are the first two of the next one; before the image there are zeros.
    Vector first[4] = {}, second[4];
    inputColumn(rows, channel, second);
    for (size_t tile = 0; tile < shape.tilesPerRow(); tile++) {
      const size_t column = kTile * tile + 1;
      Vector third[4], fourth[4] = {};
      inputColumn(rows, column * channels + channel, third);
      if (column + 1 < shape.width) inputColumn(rows, (column + 1) * channels + channel, fourth);
      float* const own = to + tile * channels + channel;
      UNROLL for (int i = 0; i < 4; i++) {
        write(first[i] - third[i], own + (4 * i) * plane);
        write(second[i] + third[i], own + (4 * i + 1) * plane);
        write(third[i] - second[i], own + (4 * i + 2) * plane);
        write(second[i] - fourth[i], own + (4 * i + 3) * plane);
        first[i] = third[i];
        second[i] = fourth[i];
      }
    }
  }
}

// Aᵀ m A for a row of tiles: two rows of pixels.
template <typename Vector>
GRADAMP_INLINE void transformOutputs(const ConvolutionShape& shape, const float* from, size_t plane, float* upper,
                                     float* lower) {
  const size_t channels = shape.outChannels;
  for (size_t tile = 0; tile < shape.tilesPerRow(); tile++) {
    for (size_t channel = 0; channel < channels; channel += kLanes<Vector>) {
      const float* const own = from + tile * channels + channel;
      Vector up[4], down[4];
      UNROLL for (int j = 0; j < 4; j++) {
        Vector m[4];
        UNROLL for (int i = 0; i < 4; i++) read(own + (4 * i + j) * plane, m[i]);
        up[j] = m[0] + m[1] + m[2];
        down[j] = m[1] - m[2] - m[3];
      }
      const size_t left = kTile * tile * channels + channel;
      const size_t right = left + channels;
      write<Vector>(up[0] + up[1] + up[2], upper + left);
      write<Vector>(up[1] - up[2] - up[3], upper + right);
      write<Vector>(down[0] + down[1] + down[2], lower + left);
      write<Vector>(down[1] - down[2] - down[3], lower + right);
    }
  }
}

// A dy Aᵀ for a row of tiles, of two rows of pixels.
template <typename Vector>
GRADAMP_INLINE void transformGradients(const ConvolutionShape& shape, const float* upper, const float* lower,
                                       size_t plane, float* to) {
  const size_t channels = shape.outChannels;
  for (size_t tile = 0; tile < shape.tilesPerRow(); tile++) {
    for (size_t channel = 0; channel < channels; channel += kLanes<Vector>) {
      const size_t left = kTile * tile * channels + channel;
      Vector a, b, c, d;
      read(upper + left, a);
      read(upper + left + channels, b);
      read(lower + left, c);
      read(lower + left + channels, d);
      const Vector lefts[4] = {a, a + c, a - c, -c};
      const Vector rights[4] = {b, b + d, b - d, -d};
      float* const own = to + tile * channels + channel;
      UNROLL for (int i = 0; i < 4; i++) {
        write(lefts[i], own + (4 * i) * plane);
        write<Vector>(lefts[i] + rights[i], own + (4 * i + 1) * plane);
        write<Vector>(lefts[i] - rights[i], own + (4 * i + 2) * plane);
        write<Vector>(-rights[i], own + (4 * i + 3) * plane);
      }
    }
  }
}

// Where things lie in the scratch memory, and in the images.
class Block {
 public:
  GRADAMP_INLINE Block(const ConvolutionShape& shape, TileRows rows, float* scratch)
      : shape_(shape),
        rows_(rows),
        tiles(rows.count * shape.tilesPerRow()),
        inPlane(planeSize(tiles, shape.inChannels)),
        outPlane(planeSize(tiles, shape.outChannels)),
        ins(scratch),
        outs(scratch + kPoints * inPlane),
        zeros_(outs + kPoints * outPlane) {
    std::memset(zeros_, 0, shape.width * shape.inChannels * sizeof(float));
  }

  // The first of the row of tiles' pixels that are outputs, as a row of pixels of all images.
  GRADAMP_INLINE size_t pixelRow(size_t row) const { return (rows_.first + row) * kTile; }

  template <typename Vector>
  GRADAMP_INLINE void transformInputs(const float* x) const {
    for (size_t row = 0; row < rows_.count; row++) {
      const size_t pixels = shape_.width * shape_.inChannels;
      const float* const upper = x + pixelRow(row) * pixels;
      const size_t inImage = pixelRow(row) % shape_.height;
      const float* const four[4] = {inImage == 0 ? zeros_ : upper - pixels, upper, upper + pixels,
                                    inImage + kTile == shape_.height ? zeros_ : upper + 2 * pixels};
      gradamp::transformInputs<Vector>(shape_, four, inPlane, ins + row * shape_.tilesPerRow() * shape_.inChannels);
    }
  }

 private:
  const ConvolutionShape& shape_;
  const TileRows rows_;

 public:
  const size_t tiles;
  const size_t inPlane;
  const size_t outPlane;
  // [point, tile, channel], points a plane apart.
  float* const ins;
  float* const outs;

 private:
  float* const zeros_;
};

template <typename Vector, int Rows>
GRADAMP_INLINE void convolveRows(const ConvolutionShape& shape, TileRows rows, const float* x, const float* filter,
                                 float* scratch, float* y) {
  const Block block(shape, rows, scratch);
  block.transformInputs<Vector>(x);
  const size_t inChannels = shape.inChannels, outChannels = shape.outChannels;
  for (size_t point = 0; point < kPoints; point++) {
    multiply<Vector, Rows, false>({block.tiles, outChannels, inChannels, block.ins + point * block.inPlane, inChannels,
                                   1, filter + point * inChannels * outChannels, block.outs + point * block.outPlane});
  }
  const size_t pixels = shape.width * outChannels;
  for (size_t row = 0; row < rows.count; row++) {
    float* const upper = y + block.pixelRow(row) * pixels;
    transformOutputs<Vector>(shape, block.outs + row * shape.tilesPerRow() * outChannels, block.outPlane, upper,
                             upper + pixels);
  }
}

template <typename Vector, int Rows>
GRADAMP_INLINE void correlateRows(const ConvolutionShape& shape, TileRows rows, const float* x, const float* dy,
                                  float* scratch, float* gradient) {
  const Block block(shape, rows, scratch);
  block.transformInputs<Vector>(x);
  const size_t inChannels = shape.inChannels, outChannels = shape.outChannels;
  const size_t pixels = shape.width * outChannels;
  for (size_t row = 0; row < rows.count; row++) {
    const float* const upper = dy + block.pixelRow(row) * pixels;
    transformGradients<Vector>(shape, upper, upper + pixels, block.outPlane,
                               block.outs + row * shape.tilesPerRow() * outChannels);
  }
  for (size_t point = 0; point < kPoints; point++) {
    multiply<Vector, Rows, true>({inChannels, outChannels, block.tiles, block.ins + point * block.inPlane, 1,
                                  inChannels, block.outs + point * block.outPlane,
                                  gradient + point * inChannels * outChannels});
  }
}

// The loops as functions for one kind of processor, whose registers hold Rows × 2 vectors of sums.
#define DEFINE_LOOPS(KIND, VECTOR, ROWS, TARGET)                                                                      \
  namespace KIND {                                                                                                    \
  TARGET void convolve(const ConvolutionShape& shape, TileRows rows, const float* x, const float* filter,             \
                       float* scratch, float* y) {                                                                    \
    convolveRows<VECTOR, ROWS>(shape, rows, x, filter, scratch, y);                                                   \
  }                                                                                                                   \
  TARGET void correlate(const ConvolutionShape& shape, TileRows rows, const float* x, const float* dy,                \
                        float* scratch, float* gradient) {                                                            \
    correlateRows<VECTOR, ROWS>(shape, rows, x, dy, scratch, gradient);                                               \
  }                                                                                                                   \
  const WinogradLoops all = {convolve, correlate};                                                                    \
  }

#ifdef GRADAMP_X86
DEFINE_LOOPS(avx2, Vector8, 6, GRADAMP_AVX2)
DEFINE_LOOPS(avx512, Vector16, 12, GRADAMP_AVX512)
#endif

}  // namespace

size_t scratchSize(const ConvolutionShape& shape, size_t rows) {
  const size_t tiles = rows * shape.tilesPerRow();
  return kPoints * (planeSize(tiles, shape.inChannels) + planeSize(tiles, shape.outChannels)) +
         shape.width * shape.inChannels;
}

const WinogradLoops* winogradLoops() {
#ifdef GRADAMP_X86
  if (vectors() == Vectors::avx512) return &avx512::all;
  if (vectors() == Vectors::avx2) return &avx2::all;
#endif
  return nullptr;
}

}  // namespace gradamp
