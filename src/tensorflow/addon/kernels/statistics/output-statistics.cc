#include "kernels/statistics/output-statistics.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/statistics/output-statistics-loops.h"
#include "kernels/support/op-kernel.h"
#include "kernels/support/output-shape.h"
#include "kernels/support/thread-pool.h"

namespace gradamp::kernels::statistics {

namespace {

constexpr char kOp[] = "GradampOutputStatistics";

// Numbers that one thread reads at a time: the sums are put together in their order, whichever threads are free.
constexpr size_t kUnit = 65536;

// Input: x of any shape. Output: [mean, deviation, share of |x| below `near`], float32.
template <typename T>
class OutputStatistics {
 public:
  explicit OutputStatistics(TF_OpKernelConstruction* construction)
      : near_(attribute(construction, "near", TF_OpKernelConstruction_GetAttrFloat)) {}

  void compute(TF_OpKernelContext* context) const {
    const Tensor x = input(context, 0);
    const size_t count = x.count();
    const T* const values = x.data<T>();
    std::vector<Moments> units((count + kUnit - 1) / kUnit);
    parallelFor(context, units.size(), [&](size_t unit) {
      const size_t first = unit * kUnit;
      units[unit] = measure<T>()(values + first, std::min(kUnit, count - first), near_);
    });
    Moments moments;
    for (const Moments& unit : units) moments.add(unit);
    const Tensor statistics = output(context, 0, TF_FLOAT, {3});
    const double all = static_cast<double>(count);
    float* const to = statistics.data<float>();
    to[0] = static_cast<float>(moments.sum / all);
    to[1] = static_cast<float>(std::sqrt(moments.squares / all));
    to[2] = static_cast<float>(static_cast<double>(moments.nearZero) / all);
  }

 private:
  float near_;
};

void inferStatistics(TF_ShapeInferenceContext* context) { OutputShape(context).then(3).set(0); }

}  // namespace

bool registerOutputStatistics() {
  if (!hasThreadPool()) return false;
  if (isDefined(kOp)) return true;
  define({kOp,
          {"x: T"},
          {"statistics: float"},
          {"T: {float, bfloat16} = DT_FLOAT", "near: float"},
          inferring<inferStatistics>});
  implement<OutputStatistics<float>>(kOp, TF_FLOAT);
  implement<OutputStatistics<BFloat16>>(kOp, TF_BFLOAT16);
  return true;
}

}  // namespace gradamp::kernels::statistics
