#include "kernels/batch-norm/batch-norm.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "kernels/batch-norm/batch-norm-loops.h"
#include "kernels/support/activation-attributes.h"
#include "kernels/support/op-kernel.h"
#include "kernels/support/output-shape.h"
#include "kernels/support/thread-pool.h"

namespace gradamp::kernels::batch_norm {

namespace {

constexpr char kForward[] = "GradampBatchNorm";
constexpr char kBackward[] = "GradampBatchNormGrad";
constexpr char kSum[] = "GradampChannelSum";

// About how many numbers one thread takes at a time: they and what is made of them stay in its cache.
constexpr size_t kBlock = 16384;

// A float32 for each channel.
Tensor channelInput(TF_OpKernelContext* context, int index, size_t channels) {
  Tensor tensor = input(context, index);
  if (tensor.count() == channels) return tensor;
  throw Failure("Expected " + std::to_string(channels) + " numbers, one for each channel, as input " +
                std::to_string(index) + " but found " + std::to_string(tensor.count()));
}

float* channelOutput(TF_OpKernelContext* context, int index, size_t channels) {
  return output(context, index, TF_FLOAT, {static_cast<int64_t>(channels)}).data<float>();
}

// How the rows of a tensor [..., channels] are shared out: depends on nothing but its shape, and so do the sums' last
// bits.
struct Layout {
  Layout(const std::vector<int64_t>& shape, Activation activation, float alpha) : activation(activation), alpha(alpha) {
    if (shape.empty()) throw Failure("Expected a tensor with channels but found a scalar");
    channels = shape.back();
    for (size_t axis = 0; axis + 1 < shape.size(); axis++) rows *= shape[axis];
    if (isEmpty()) return;
    period = channels * ((kPeriod + channels - 1) / channels);
    perBlock = std::max<size_t>(1, kBlock / period) * period;
    blocks = (rows * channels + perBlock - 1) / perBlock;
  }

  bool isEmpty() const { return rows == 0 || channels == 0; }
  size_t begin(size_t block) const { return block * perBlock; }
  Block block(size_t index) const {
    return {std::min(perBlock, rows * channels - begin(index)), period, activation, alpha};
  }
  // Constants of the channels as the loops want them.
  template <typename Value>
  std::vector<float> repeated(Value value) const {
    std::vector<float> values(period);
    for (size_t channel = 0; channel < channels; channel++) values[channel] = static_cast<float>(value(channel));
    for (size_t at = channels; at < period; at++) values[at] = values[at - channels];
    return values;
  }

  const Activation activation;
  const float alpha;
  size_t rows = 1;
  size_t channels = 0;
  size_t period = 0;
  size_t perBlock = 0;
  size_t blocks = 0;
};

// Two sums for each channel, each block's added up by itself and all of them in their order.
struct Sums {
  std::vector<double> first;
  std::vector<double> second;
};

template <typename Add>
Sums sumBlocks(TF_OpKernelContext* context, const Layout& layout, Add add) {
  const size_t channels = layout.channels;
  std::vector<double> partial(layout.blocks * 2 * channels);
  parallelFor(context, layout.blocks, [&](size_t index) {
    std::vector<float> sums(2 * layout.period);
    float* const first = sums.data();
    float* const second = first + layout.period;
    add(layout.block(index), layout.begin(index), first, second);
    double* const own = partial.data() + index * 2 * channels;
    for (size_t at = 0; at < layout.period; at += channels) {
      for (size_t channel = 0; channel < channels; channel++) {
        own[channel] += first[at + channel];
        own[channels + channel] += second[at + channel];
      }
    }
  });
  Sums total{std::vector<double>(channels), std::vector<double>(channels)};
  for (size_t index = 0; index < layout.blocks; index++) {
    const double* const own = partial.data() + index * 2 * channels;
    for (size_t channel = 0; channel < channels; channel++) {
      total.first[channel] += own[channel];
      total.second[channel] += own[channels + channel];
    }
  }
  return total;
}

// A number near each channel's mean, so that the sum of squares loses nothing: the mean of some rows spread over all.
template <typename T>
std::vector<float> nearMean(const Layout& layout, const T* x) {
  const size_t samples = std::min<size_t>(layout.rows, 32);
  return layout.repeated([&](size_t channel) {
    double sum = 0;
    for (size_t i = 0; i < samples; i++) sum += load(x[i * layout.rows / samples * layout.channels + channel]);
    return sum / samples;
  });
}

struct Attributes {
  TF_DataType type = TF_FLOAT;
  float epsilon = 0;
  float factor = 1;
  Activation activation = Activation::linear;
  float alpha = 0;
  // Whether there is a side input.
  bool withSide = false;
};

// mean, slope and offset of each channel.
class Repeated {
 public:
  Repeated(const Layout& layout, const float* mean, const float* inverse, const float* gamma, const float* beta)
      : mean_(layout.repeated([&](size_t channel) { return mean[channel]; })),
        slope_(layout.repeated([&](size_t channel) { return gamma[channel] * inverse[channel]; })),
        offset_(layout.repeated([&](size_t channel) { return beta[channel]; })) {}
  Normalisation use() const { return {mean_.data(), slope_.data(), offset_.data()}; }

 private:
  const std::vector<float> mean_, slope_, offset_;
};

// Inputs: x, gamma, beta, running mean, running variance, side input or inputs none.
// Outputs: y, the running statistics after this batch, its mean and the inverse of its deviation.
template <typename T>
void forward(TF_OpKernelContext* context, const Attributes& attributes) {
  const Tensor x = input(context, 0);
  const Layout layout(x.shape(), attributes.activation, attributes.alpha);
  const size_t channels = layout.channels;
  const Tensor gamma = channelInput(context, 1, channels);
  const Tensor beta = channelInput(context, 2, channels);
  const Tensor oldMean = channelInput(context, 3, channels);
  const Tensor oldVariance = channelInput(context, 4, channels);
  const Tensor y = output(context, 0, attributes.type, x.shape());
  float* const runningMean = channelOutput(context, 1, channels);
  float* const runningVariance = channelOutput(context, 2, channels);
  float* const mean = channelOutput(context, 3, channels);
  float* const inverse = channelOutput(context, 4, channels);
  const T* const from = x.data<T>();
  const T* side = nullptr;
  if (attributes.withSide) {
    const Tensor beside = input(context, 5);
    if (beside.shape() != x.shape()) throw Failure("Expected a side input of the input's shape");
    side = beside.data<T>();
  }
  Sums sums;
  std::vector<float> pivot;
  if (!layout.isEmpty()) {
    pivot = nearMean(layout, from);
    sums = sumBlocks(context, layout, [&](const Block& block, size_t at, float* first, float* second) {
      loops<T>().addMoments(block, from + at, pivot.data(), first, second);
    });
  }
  const double rows = static_cast<double>(layout.rows);
  for (size_t channel = 0; channel < channels; channel++) {
    // Of no rows at all there is no mean.
    double center = std::numeric_limits<double>::quiet_NaN(), variance = center;
    if (!layout.isEmpty()) {
      const double distance = sums.first[channel] / rows;
      center = pivot[channel] + distance;
      // NaN stays NaN.
      variance = sums.second[channel] / rows - distance * distance;
      if (variance < 0) variance = 0;
    }
    mean[channel] = static_cast<float>(center);
    inverse[channel] = static_cast<float>(1 / std::sqrt(variance + attributes.epsilon));
    const double unbiased = variance * (layout.rows > 1 ? rows / (rows - 1) : 1);
    const double factor = attributes.factor;
    const auto blend = [factor](float old, double now) {
      return static_cast<float>(factor == 1 ? now : (1 - factor) * old + factor * now);
    };
    runningMean[channel] = blend(oldMean.data<float>()[channel], center);
    runningVariance[channel] = blend(oldVariance.data<float>()[channel], unbiased);
  }
  if (layout.isEmpty()) return;
  const Repeated constants(layout, mean, inverse, gamma.data<float>(), beta.data<float>());
  T* const to = y.data<T>();
  // What the sums read last is still near.
  parallelFor(context, layout.blocks, [&](size_t index) {
    const size_t last = layout.blocks - 1 - index;
    const size_t at = layout.begin(last);
    loops<T>().normalise(layout.block(last), from + at, side ? side + at : nullptr, constants.use(), to + at);
  });
}

// Inputs: dy, x, scale, the batch's mean and inverse deviation, gamma, beta. The scale is gamma or a multiple of it.
// Outputs: dx for the scale, dgamma, dbeta.
template <typename T>
void backward(TF_OpKernelContext* context, const Attributes& attributes) {
  // Nothing may hold dy when the output takes its memory; the op itself does until it is over.
  const T* const dy = input(context, 0).data<T>();
  const size_t count = input(context, 0).count();
  const Tensor x = input(context, 1);
  const Layout layout(x.shape(), attributes.activation, attributes.alpha);
  if (count != x.count()) throw Failure("Expected a gradient of the input's shape");
  const size_t channels = layout.channels;
  const Tensor scale = channelInput(context, 2, channels);
  const Tensor mean = channelInput(context, 3, channels);
  const Tensor inverse = channelInput(context, 4, channels);
  const Tensor gamma = channelInput(context, 5, channels);
  const Tensor beta = channelInput(context, 6, channels);
  T* const dx = outputInPlace(context, x.shape()).data<T>();
  float* const dgamma = channelOutput(context, 1, channels);
  float* const dbeta = channelOutput(context, 2, channels);
  std::fill_n(dgamma, channels, 0.0f);
  std::fill_n(dbeta, channels, 0.0f);
  if (layout.isEmpty()) return;
  const float* const deviations = inverse.data<float>();
  const Repeated constants(layout, mean.data<float>(), deviations, gamma.data<float>(), beta.data<float>());
  const T* const from = x.data<T>();
  const Sums sums = sumBlocks(context, layout, [&](const Block& block, size_t at, float* first, float* second) {
    loops<T>().addGradientMoments(block, dy + at, from + at, constants.use(), first, second);
  });
  const double rows = static_cast<double>(layout.rows);
  for (size_t channel = 0; channel < channels; channel++) {
    dgamma[channel] = static_cast<float>(sums.second[channel] * deviations[channel]);
    dbeta[channel] = static_cast<float>(sums.first[channel]);
  }
  const std::vector<float> center = layout.repeated([&](size_t channel) { return sums.first[channel] / rows; });
  const std::vector<float> tilt = layout.repeated(
      [&](size_t channel) { return sums.second[channel] / rows * deviations[channel] * deviations[channel]; });
  const std::vector<float> scales =
      layout.repeated([&](size_t channel) { return scale.data<float>()[channel] * deviations[channel]; });
  const InputGradient gradient{center.data(), tilt.data(), scales.data()};
  parallelFor(context, layout.blocks, [&](size_t index) {
    const size_t last = layout.blocks - 1 - index;
    const size_t at = layout.begin(last);
    loops<T>().inputGradient(layout.block(last), dy + at, from + at, constants.use(), gradient, dx + at);
  });
}

template <bool Forward>
class Kernel {
 public:
  explicit Kernel(TF_OpKernelConstruction* construction) {
    const auto number = [&](const char* name) {
      return attribute(construction, name, TF_OpKernelConstruction_GetAttrFloat);
    };
    attributes_.type = attribute(construction, "T", TF_OpKernelConstruction_GetAttrType);
    attributes_.activation = activationOf(construction);
    attributes_.alpha = alphaOf(construction);
    if (!Forward) return;
    attributes_.epsilon = number("epsilon");
    attributes_.factor = number("exponential_avg_factor");
    attributes_.withSide = attribute(construction, "num_side_inputs", TF_OpKernelConstruction_GetAttrInt32) > 0;
  }

  void compute(TF_OpKernelContext* context) const {
    if (attributes_.type == TF_FLOAT) {
      Forward ? forward<float>(context, attributes_) : backward<float>(context, attributes_);
    } else {
      Forward ? forward<BFloat16>(context, attributes_) : backward<BFloat16>(context, attributes_);
    }
  }

 private:
  Attributes attributes_;
};

// Input: x. Output: the sum of each channel, as of a bias's gradient.
template <typename T>
struct ChannelSum {
  explicit ChannelSum(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) const {
    const Tensor x = input(context, 0);
    const Layout layout(x.shape(), Activation::linear, 0);
    float* const to = channelOutput(context, 0, layout.channels);
    if (layout.isEmpty()) return void(std::fill_n(to, layout.channels, 0.0f));
    const std::vector<float> zeros(layout.period);
    const T* const from = x.data<T>();
    const Sums sums = sumBlocks(context, layout, [&](const Block& block, size_t at, float* first, float* second) {
      loops<T>().addMoments(block, from + at, zeros.data(), first, second);
    });
    for (size_t channel = 0; channel < layout.channels; channel++)
      to[channel] = static_cast<float>(sums.first[channel]);
  }
};

void inferChannels(TF_ShapeInferenceContext* context) { OutputShape(context).then(0, -1).set(0); }

// The first output has the shape of an input, the others have that of the channels.
template <int Like, int Outputs>
void inferShapes(TF_ShapeInferenceContext* context) {
  OutputShape(context).then(Like, 0).set(0);
  for (int index = 1; index < Outputs; index++) OutputShape(context).then(2, 0).set(index);
}

}  // namespace

bool registerBatchNorm() {
  if (!hasThreadPool()) return false;
  if (isDefined(kForward)) return true;
  const char* const type = "T: {float, bfloat16} = DT_FLOAT";
  define({kForward,
          {"x: T", "gamma: float", "beta: float", "running_mean: float", "running_variance: float",
           "side_input: num_side_inputs * T"},
          {"y: T", "new_running_mean: float", "new_running_variance: float", "mean: float", "inverse_deviation: float"},
          {type, kActivationAttribute, kAlphaAttribute, "epsilon: float = 0.001", "exponential_avg_factor: float = 1.0",
           "num_side_inputs: int >= 0 = 0"},
          inferring<inferShapes<0, 5>>});
  define({kBackward,
          {"dy: T", "x: T", "scale: float", "mean: float", "inverse_deviation: float", "gamma: float", "beta: float"},
          {"dx: T", "dgamma: float", "dbeta: float"},
          {type, kActivationAttribute, kAlphaAttribute},
          inferring<inferShapes<1, 3>>});
  define({kSum, {"x: T"}, {"sum: float"}, {type}, inferring<inferChannels>});
  implement<ChannelSum<float>>(kSum, TF_FLOAT);
  implement<ChannelSum<BFloat16>>(kSum, TF_BFLOAT16);
  for (const TF_DataType dataType : {TF_FLOAT, TF_BFLOAT16}) {
    implement<Kernel<true>>(kForward, dataType);
    implement<Kernel<false>>(kBackward, dataType);
  }
  return true;
}

}  // namespace gradamp::kernels::batch_norm
