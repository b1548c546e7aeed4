#include "kernels/convolution/winograd-loops.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#define UNROLL _Pragma("GCC unroll 16")

namespace gradamp::kernels::winograd {

namespace {

// Between the planes of two points: without it they would lie a power of two apart, where a cache keeps few lines.
constexpr size_t kGap = 16;

// Floats of the planes' distance.
size_t planeSize(size_t tiles, size_t channels) { return tiles * channels + kGap; }

typedef float Vector8 __attribute__((vector_size(32)));
typedef float Vector16 __attribute__((vector_size(64)));
typedef uint32_t Bits16 __attribute__((vector_size(64)));
typedef uint16_t Shorts16 __attribute__((vector_size(32)));

template <typename Vector>
constexpr size_t kLanes = sizeof(Vector) / sizeof(float);

template <typename Vector>
GRADAMP_INLINE void read(const void* from, Vector& to) {
  std::memcpy(&to, from, sizeof to);
}

template <typename Vector>
GRADAMP_INLINE void write(const Vector& from, void* to) {
  std::memcpy(to, &from, sizeof from);
}

// Pixels, as floats.
template <typename Vector>
GRADAMP_INLINE void readPixels(const float* from, Vector& to) {
  read(from, to);
}
GRADAMP_INLINE void readPixels(const BFloat16* from, Vector16& to) {
  Shorts16 shorts;
  read(from, shorts);
  const Bits16 bits = __builtin_convertvector(shorts, Bits16) << 16;
  read(&bits, to);
}

// Floats whose upper halves are the nearest BFloat16, ties away from zero.
GRADAMP_INLINE void roundBits(const Vector16& from, Bits16& to) {
  read(&from, to);
  to = from == from ? to : kNotANumber + Bits16{};
  to += 0x8000;
}

template <typename Vector>
GRADAMP_INLINE void writePixels(const Vector& from, float* to) {
  write(from, to);
}
GRADAMP_INLINE void writePixels(const Vector16& from, BFloat16* to) {
  Bits16 bits;
  roundBits(from, bits);
  const Shorts16 shorts = __builtin_convertvector(bits >> 16, Shorts16);
  write(shorts, to);
}

// Where the numbers of a matrix lie.
struct InRows {
  GRADAMP_INLINE static size_t at(size_t row, size_t column, size_t, size_t columns) { return row * columns + column; }
};
// Panels of kChannelStep columns, each row by row: what a product's inner loop reads lies on end.
struct InPanels {
  GRADAMP_INLINE static size_t at(size_t row, size_t column, size_t rows, size_t) {
    return panelPlace(row, column, rows);
  }
};

// How transformed numbers are kept in the plane of their point, a matrix with a row for each kTilesPerRow tiles and a
// column for each channel.
struct AsFloats {
  typedef float Factor;
  static constexpr size_t kTilesPerRow = 1;
  template <typename Vector>
  GRADAMP_INLINE static void put(const Vector& from, size_t, float* plane, size_t place) {
    write(from, plane + place);
  }
};

// Two BFloat16 that are multiplied by two others and added up.
typedef uint32_t Pair;

// As BFloat16: two channels of a tile are a pair.
struct AsShorts {
  typedef Pair Factor;
  static constexpr size_t kTilesPerRow = 1;
  GRADAMP_INLINE static void put(const Vector16& from, size_t, float* plane, size_t place) {
    writePixels(from, reinterpret_cast<BFloat16*>(plane) + place);
  }
};

// As BFloat16: a channel of two tiles is a pair. Tiles come in their order.
struct AsTilePairs {
  typedef Pair Factor;
  static constexpr size_t kTilesPerRow = 2;
  GRADAMP_INLINE static void put(const Vector16& from, size_t tile, float* plane, size_t place) {
    float* const to = plane + place;
    Bits16 bits;
    roundBits(from, bits);
    if (tile % 2 == 0) return write<Bits16>(bits >> 16, to);
    Bits16 before;
    read(to, before);
    write<Bits16>(before | (bits & 0xffff0000u), to);
  }
};

// sum += left right
template <typename Vector>
GRADAMP_INLINE void multiplyAdd(const float* left, const Vector& right, Vector& sum) {
  sum += *left * right;
}
GRADAMP_INLINE void multiplyAdd(const Pair* left, const Vector16& right, Vector16& sum) {
#ifdef GRADAMP_X86
  asm("vdpbf16ps %2%{1to16%}, %1, %0" : "+v"(sum) : "v"(right), "m"(*left));
#endif
}

// Matrices of a product c = a b, or c += a b where Adds; a(i, k) lies at a[i aRow + k aColumn], b in panels, c in rows.
template <typename Factor>
struct Product {
  size_t rows;
  size_t columns;
  size_t depth;
  const Factor* a;
  size_t aRow;
  size_t aColumn;
  const Factor* b;
  float* c;
};

// Rows × Vectors of c at a time, which stay in registers.
template <typename Vector, int Rows, int Vectors, bool Adds, typename Factor>
GRADAMP_INLINE void multiplyBlock(const Product<Factor>& of, size_t row, size_t column) {
  const Factor* const a = of.a + row * of.aRow;
  const Factor* b[Vectors];
  UNROLL for (int j = 0; j < Vectors; j++) b[j] = of.b + panelPlace(0, column + j * kLanes<Vector>, of.depth);
  float* const c = of.c + row * of.columns + column;
  Vector sums[Rows][Vectors];
  UNROLL for (int i = 0; i < Rows; i++) { UNROLL for (int j = 0; j < Vectors; j++) sums[i][j] = Vector{}; }
  for (size_t k = 0; k < of.depth; k++) {
    Vector right[Vectors];
    UNROLL for (int j = 0; j < Vectors; j++) read(b[j] + k * kChannelStep, right[j]);
    UNROLL for (int i = 0; i < Rows; i++) {
      const Factor* const left = a + i * of.aRow + k * of.aColumn;
      UNROLL for (int j = 0; j < Vectors; j++) multiplyAdd(left, right[j], sums[i][j]);
    }
  }
  // What is there comes last: a sum of short sums errs less than one long sum. All of it is read before any is written,
  // as lines 4 KiB apart would wait for each other.
  if (Adds) {
    UNROLL for (int i = 0; i < Rows; i++) {
      UNROLL for (int j = 0; j < Vectors; j++) {
        Vector before;
        read(c + i * of.columns + j * kLanes<Vector>, before);
        sums[i][j] += before;
      }
    }
  }
  UNROLL for (int i = 0; i < Rows; i++) {
    UNROLL for (int j = 0; j < Vectors; j++) write(sums[i][j], c + i * of.columns + j * kLanes<Vector>);
  }
}

template <typename Vector, int Rows, int Vectors, bool Adds, typename Factor>
GRADAMP_INLINE void multiplyColumns(const Product<Factor>& of, size_t column) {
  size_t row = 0;
  for (; row + Rows <= of.rows; row += Rows) multiplyBlock<Vector, Rows, Vectors, Adds>(of, row, column);
  for (; row + 4 <= of.rows; row += 4) multiplyBlock<Vector, 4, Vectors, Adds>(of, row, column);
  for (; row < of.rows; row++) multiplyBlock<Vector, 1, Vectors, Adds>(of, row, column);
}

template <typename Vector, int Rows, bool Adds, typename Factor>
GRADAMP_INLINE void multiply(const Product<Factor>& of) {
  constexpr size_t lanes = kLanes<Vector>;
  size_t column = 0;
  for (; column + 2 * lanes <= of.columns; column += 2 * lanes) multiplyColumns<Vector, Rows, 2, Adds>(of, column);
  for (; column < of.columns; column += lanes) multiplyColumns<Vector, Rows, 1, Adds>(of, column);
}

// A column of four pixels times Bᵀ.
template <typename Vector, typename T>
GRADAMP_INLINE void inputColumn(const T* const rows[4], size_t at, Vector* to) {
  Vector pixels[4];
  UNROLL for (int i = 0; i < 4; i++) readPixels(rows[i] + at, pixels[i]);
  to[0] = pixels[0] - pixels[2];
  to[1] = pixels[1] + pixels[2];
  to[2] = pixels[2] - pixels[1];
  to[3] = pixels[1] - pixels[3];
}

// Planes of the points of a block of tiles.
struct Planes {
  Planes(float* memory, size_t tiles, size_t channels)
      : memory(memory), tiles(tiles), channels(channels), size(planeSize(tiles, channels)) {}
  float* at(size_t point) const { return memory + point * size; }

  float* const memory;
  const size_t tiles;
  const size_t channels;
  // Floats of each.
  const size_t size;

  // Sets a tile's 16 points in some channels.
  template <typename As, typename Layout, typename Vector>
  GRADAMP_INLINE void put(const Vector points[kPoints], size_t tile, size_t channel) const {
    const size_t rows = (tiles + As::kTilesPerRow - 1) / As::kTilesPerRow;
    const size_t place = Layout::at(tile / As::kTilesPerRow, channel, rows, channels);
    UNROLL for (size_t point = 0; point < kPoints; point++) As::put(points[point], tile, at(point), place);
  }
};

// Bᵀ d B for a row of tiles from firstTile on, of four rows of pixels.
template <typename Vector, typename As, typename T>
GRADAMP_INLINE void transformInputs(const ConvolutionShape& shape, const T* const rows[4], size_t firstTile,
                                    const Planes& to) {
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
      Vector points[kPoints];
      UNROLL for (int i = 0; i < 4; i++) {
        points[4 * i] = first[i] - third[i];
        points[4 * i + 1] = second[i] + third[i];
        points[4 * i + 2] = third[i] - second[i];
        points[4 * i + 3] = second[i] - fourth[i];
        first[i] = third[i];
        second[i] = fourth[i];
      }
      to.put<As, InRows>(points, firstTile + tile, channel);
    }
  }
}

// Writes an output; the bias is that of its channels, where there is one.
template <typename Vector, typename T>
GRADAMP_INLINE void finish(const Ending<T>& ending, const Vector& bias, const Vector& sum, T* to) {
  Vector value = sum;
  if (ending.bias) value += bias;
  switch (ending.activation) {
    case Activation::linear:
      break;
    case Activation::relu:
      value = value <= Vector{} ? Vector{} : value;
      break;
    case Activation::leakyRelu:
      value = value > Vector{} ? value : value * ending.alpha;
      break;
  }
  writePixels(value, to);
}

// Aᵀ m A for a row of tiles from firstTile on: two rows of pixels. False where a sum is not finite, or so large that it
// might not be.
template <typename Vector, typename T>
GRADAMP_INLINE bool transformOutputs(const ConvolutionShape& shape, const Planes& from, size_t firstTile,
                                     const Ending<T>& ending, T* upper, T* lower) {
  const size_t channels = shape.outChannels;
  // Zero until something is not finite.
  Vector lost{};
  for (size_t tile = 0; tile < shape.tilesPerRow(); tile++) {
    for (size_t channel = 0; channel < channels; channel += kLanes<Vector>) {
      const float* const own = from.memory + (firstTile + tile) * channels + channel;
      Vector up[4], down[4];
      UNROLL for (int j = 0; j < 4; j++) {
        Vector m[4];
        UNROLL for (int i = 0; i < 4; i++) read(own + (4 * i + j) * from.size, m[i]);
        up[j] = m[0] + m[1] + m[2];
        down[j] = m[1] - m[2] - m[3];
      }
      const Vector sums[4] = {up[0] + up[1] + up[2], up[1] - up[2] - up[3], down[0] + down[1] + down[2],
                              down[1] - down[2] - down[3]};
      lost += 0.0f * ((sums[0] + sums[1]) + (sums[2] + sums[3]));
      Vector bias{};
      if (ending.bias) readPixels(ending.bias + channel, bias);
      const size_t left = kTile * tile * channels + channel;
      const size_t right = left + channels;
      finish<Vector>(ending, bias, sums[0], upper + left);
      finish<Vector>(ending, bias, sums[1], upper + right);
      finish<Vector>(ending, bias, sums[2], lower + left);
      finish<Vector>(ending, bias, sums[3], lower + right);
    }
  }
  float lanes[kLanes<Vector>];
  write(lost, lanes);
  return std::all_of(lanes, lanes + kLanes<Vector>, [](float lane) { return lane == 0; });
}

// A dy Aᵀ for a row of tiles from firstTile on, of two rows of pixels.
template <typename Vector, typename As, typename T>
GRADAMP_INLINE void transformGradients(const ConvolutionShape& shape, const T* upper, const T* lower, size_t firstTile,
                                       const Planes& to) {
  const size_t channels = shape.outChannels;
  for (size_t tile = 0; tile < shape.tilesPerRow(); tile++) {
    for (size_t channel = 0; channel < channels; channel += kLanes<Vector>) {
      const size_t left = kTile * tile * channels + channel;
      Vector a, b, c, d;
      readPixels(upper + left, a);
      readPixels(upper + left + channels, b);
      readPixels(lower + left, c);
      readPixels(lower + left + channels, d);
      const Vector lefts[4] = {a, a + c, a - c, -c};
      const Vector rights[4] = {b, b + d, b - d, -d};
      Vector points[kPoints];
      UNROLL for (int i = 0; i < 4; i++) {
        points[4 * i] = lefts[i];
        points[4 * i + 1] = lefts[i] + rights[i];
        points[4 * i + 2] = lefts[i] - rights[i];
        points[4 * i + 3] = -rights[i];
      }
      to.put<As, InPanels>(points, firstTile + tile, channel);
    }
  }
}

// Rows of tiles in the scratch memory: planes of the images that go in, planes of those that come out, a row of zeros.
class Block {
 public:
  GRADAMP_INLINE Block(const ConvolutionShape& shape, TileRows rows, float* scratch)
      : shape_(shape),
        rows_(rows),
        tiles(rows.count * shape.tilesPerRow()),
        ins(scratch, tiles, shape.inChannels),
        outs(scratch + kPoints * ins.size, tiles, shape.outChannels),
        zeros_(outs.at(kPoints)) {
    std::memset(zeros_, 0, shape.width * shape.inChannels * sizeof(float));
  }

  // The first of the row of tiles' pixels that are outputs, as a row of pixels of all images.
  GRADAMP_INLINE size_t pixelRow(size_t row) const { return (rows_.first + row) * kTile; }

  template <typename Vector, typename As, typename T>
  GRADAMP_INLINE void readInputs(const T* x) const {
    const size_t pixels = shape_.width * shape_.inChannels;
    const T* const zeros = reinterpret_cast<const T*>(zeros_);
    for (size_t row = 0; row < rows_.count; row++) {
      const T* const upper = x + pixelRow(row) * pixels;
      const size_t inImage = pixelRow(row) % shape_.height;
      const T* const four[4] = {inImage == 0 ? zeros : upper - pixels, upper, upper + pixels,
                                inImage + kTile == shape_.height ? zeros : upper + 2 * pixels};
      transformInputs<Vector, As>(shape_, four, row * shape_.tilesPerRow(), ins);
    }
  }

 private:
  const ConvolutionShape& shape_;
  const TileRows rows_;

 public:
  const size_t tiles;
  const Planes ins;
  const Planes outs;

 private:
  float* const zeros_;
};

// Outputs of the rows of tiles whose products are in the scratch memory; to is where the first of them goes.
template <typename Vector, typename T>
GRADAMP_INLINE bool writeOutputs(const ConvolutionShape& shape, const Block& block, TileRows rows,
                                 const Ending<T>& ending, T* to) {
  const size_t pixels = shape.width * shape.outChannels;
  bool areFinite = true;
  for (size_t row = 0; row < rows.count; row++) {
    T* const upper = to + kTile * row * pixels;
    areFinite &= transformOutputs<Vector>(shape, block.outs, row * shape.tilesPerRow(), ending, upper, upper + pixels);
  }
  return areFinite;
}

template <typename Vector, int Rows, typename As, typename T>
GRADAMP_INLINE bool convolveRows(const ConvolutionShape& shape, TileRows rows, const T* x, const T* filter,
                                 const Ending<T>& ending, float* scratch, T* y) {
  typedef typename As::Factor Factor;
  const Block block(shape, rows, scratch);
  block.readInputs<Vector, As>(x);
  // Two short numbers are a factor.
  const size_t depth = shape.inChannels * sizeof(T) / sizeof(Factor);
  for (size_t point = 0; point < kPoints; point++) {
    const Factor* const own = reinterpret_cast<const Factor*>(filter) + point * depth * shape.outChannels;
    multiply<Vector, Rows, false>(Product<Factor>{block.tiles, shape.outChannels, depth,
                                                  reinterpret_cast<const Factor*>(block.ins.at(point)), depth, 1, own,
                                                  block.outs.at(point)});
  }
  return writeOutputs<Vector>(shape, block, rows, ending, y + block.pixelRow(0) * shape.width * shape.outChannels);
}

template <typename Vector, int Rows, typename As, typename T>
GRADAMP_INLINE void correlateRows(const ConvolutionShape& shape, TileRows rows, const T* x, const T* dy, float* scratch,
                                  float* gradient) {
  typedef typename As::Factor Factor;
  const Block block(shape, rows, scratch);
  block.readInputs<Vector, As>(x);
  const size_t pixels = shape.width * shape.outChannels;
  for (size_t row = 0; row < rows.count; row++) {
    const T* const upper = dy + block.pixelRow(row) * pixels;
    transformGradients<Vector, As>(shape, upper, upper + pixels, row * shape.tilesPerRow(), block.outs);
  }
  // The second of a last pair that is alone was set to zero, in both.
  constexpr size_t perFactor = sizeof(Factor) / sizeof(T);
  const size_t depth = (block.tiles + perFactor - 1) / perFactor;
  for (size_t point = 0; point < kPoints; point++) {
    multiply<Vector, Rows, true>(Product<Factor>{
        shape.inChannels, shape.outChannels, depth, reinterpret_cast<const Factor*>(block.ins.at(point)), 1,
        shape.inChannels, reinterpret_cast<const Factor*>(block.outs.at(point)),
        gradient + point * shape.inChannels * shape.outChannels});
  }
}

// The loops as functions for one kind of processor, whose registers hold Rows × 2 vectors of sums.
#define DEFINE_LOOPS(KIND, T, VECTOR, ROWS, CONVOLVED_AS, CORRELATED_AS, TARGET)                               \
  namespace KIND {                                                                                             \
  TARGET bool convolve(const ConvolutionShape& shape, TileRows rows, const T* x, const T* filter,              \
                       const Ending<T>& ending, float* scratch, T* y) {                                        \
    return convolveRows<VECTOR, ROWS, CONVOLVED_AS>(shape, rows, x, filter, ending, scratch, y);               \
  }                                                                                                            \
  TARGET void correlate(const ConvolutionShape& shape, TileRows rows, const T* x, const T* dy, float* scratch, \
                        float* gradient) {                                                                     \
    correlateRows<VECTOR, ROWS, CORRELATED_AS>(shape, rows, x, dy, scratch, gradient);                         \
  }                                                                                                            \
  TARGET void sums(const ConvolutionShape& shape, TileRows rows, float* scratch, float* to) {                  \
    const Block block(shape, rows, scratch);                                                                   \
    writeOutputs<VECTOR>(shape, block, rows, Ending<float>{nullptr, Activation::linear, 0}, to);               \
  }                                                                                                            \
  const WinogradLoops<T> all = {convolve, sums, correlate};                                                    \
  }

#ifdef GRADAMP_X86
DEFINE_LOOPS(avx2, float, Vector8, 6, AsFloats, AsFloats, GRADAMP_AVX2)
DEFINE_LOOPS(avx512, float, Vector16, 12, AsFloats, AsFloats, GRADAMP_AVX512)
DEFINE_LOOPS(avx512Short, BFloat16, Vector16, 12, AsShorts, AsTilePairs, GRADAMP_AVX512)
#endif

}  // namespace

size_t scratchSize(const ConvolutionShape& shape, size_t rows) {
  const size_t tiles = rows * shape.tilesPerRow();
  return kPoints * (planeSize(tiles, shape.inChannels) + planeSize(tiles, shape.outChannels)) +
         shape.width * shape.inChannels;
}

template <>
const WinogradLoops<float>* winogradLoops<float>() {
#ifdef GRADAMP_X86
  if (vectors() >= Vectors::avx512) return &avx512::all;
  if (vectors() == Vectors::avx2) return &avx2::all;
#endif
  return nullptr;
}

template <>
const WinogradLoops<BFloat16>* winogradLoops<BFloat16>() {
#ifdef GRADAMP_X86
  if (vectors() >= Vectors::avx512WithBFloat16) return &avx512Short::all;
#endif
  return nullptr;
}

}  // namespace gradamp::kernels::winograd
