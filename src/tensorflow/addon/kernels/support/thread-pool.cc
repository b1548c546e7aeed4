#include "kernels/support/thread-pool.h"

#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

namespace gradamp::kernels {

// The C API knows no threads. A kernel with threads of its own would fight over the cores with the ops beside it, so
// this asks for TensorFlow's by the name of the C++ function that its own kernels ask. What it returns begins as here,
// in every TensorFlow since 2.0: Eigen's ThreadPoolInterface and ThreadPoolDevice. Not in the unnamed namespace, where
// the compiler would know that nobody derives from it.
class Pool {
 public:
  virtual void Schedule(std::function<void()> work) = 0;

 protected:
  ~Pool() = default;
};

namespace {

struct Device {
  Pool* pool;
  int threads;
};

using FindDevice = const Device& (*)(const TF_OpKernelContext*);

FindDevice findDevice() {
  // tensorflow::OpKernelContext::eigen_device<Eigen::ThreadPoolDevice>() const
  static const auto function = reinterpret_cast<FindDevice>(
      dlsym(RTLD_DEFAULT, "_ZNK10tensorflow15OpKernelContext12eigen_deviceIN5Eigen16ThreadPoolDeviceEEERKT_v"));
  return function;
}

struct Loop {
  Loop(size_t count, const std::function<void(size_t)>& body) : count(count), body(body) {}

  // Takes part until nothing is left to begin.
  void work() {
    for (size_t at; (at = begun.fetch_add(1)) < count;) {
      body(at);
      done.fetch_add(1);
    }
  }

  const size_t count;
  // Lives as long as the caller waits: who comes later finds nothing left to begin.
  const std::function<void(size_t)>& body;
  std::atomic<size_t> begun{0};
  std::atomic<size_t> done{0};
};

}  // namespace

bool hasThreadPool() { return findDevice() != nullptr; }

void parallelFor(TF_OpKernelContext* context, size_t count, const std::function<void(size_t)>& body) {
  const Device& device = findDevice()(context);
  const auto loop = std::make_shared<Loop>(count, body);
  const size_t threads = std::min<size_t>(count, std::max(1, device.threads));
  for (size_t i = 1; i < threads; i++) device.pool->Schedule([loop] { loop->work(); });
  loop->work();
  // The last pieces are in other hands and short.
  while (loop->done.load() < count) std::this_thread::yield();
}

}  // namespace gradamp::kernels
