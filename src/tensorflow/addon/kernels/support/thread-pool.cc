#include "kernels/support/thread-pool.h"

#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "tensorflow/c/c_api.h"

namespace gradamp::kernels {

// The C API knows no threads. A kernel with threads of its own would fight over the cores with the ops beside it, so
// this asks for TensorFlow's by the name of the C++ function that its own kernels ask. The name says nothing of what
// comes back, whose layout is written down here: how Eigen's ThreadPoolInterface and ThreadPoolDevice begin in the
// TensorFlow of kTensorFlow. With any other version nothing is asked.
// Not in the unnamed namespace, where the compiler would know that nobody derives from it.
class Pool {
 public:
  virtual void Schedule(std::function<void()> work) = 0;

 protected:
  ~Pool() = default;
};

namespace {

constexpr char kTensorFlow[] = "2.21.";

struct Device {
  Pool* pool;
  int threads;
};

using FindDevice = const Device& (*)(const TF_OpKernelContext*);

FindDevice findDevice() {
  static const FindDevice function = []() -> FindDevice {
    if (std::string(TF_Version()).rfind(kTensorFlow, 0) != 0) return nullptr;
    // tensorflow::OpKernelContext::eigen_device<Eigen::ThreadPoolDevice>() const
    return reinterpret_cast<FindDevice>(
        dlsym(RTLD_DEFAULT, "_ZNK10tensorflow15OpKernelContext12eigen_deviceIN5Eigen16ThreadPoolDeviceEEERKT_v"));
  }();
  return function;
}

class Loop {
 public:
  Loop(size_t count, const std::function<void(size_t)>& body) : count_(count), body_(body) {}

  // Takes part until nothing is left to begin. What body throws first is kept; what had not begun by then is left out.
  void work() noexcept {
    for (size_t at; (at = begun_.fetch_add(1)) < count_; done_.fetch_add(1)) {
      if (hasFailed_.load(std::memory_order_relaxed)) continue;
      try {
        body_(at);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        hasFailed_.store(true, std::memory_order_relaxed);
      }
    }
  }

  // Waits for the last pieces, which are in other hands and short, and throws what one of them threw.
  void join() {
    while (done_.load() < count_) std::this_thread::yield();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  const size_t count_;
  // Lives as long as the caller waits: who comes later finds nothing left to begin.
  const std::function<void(size_t)>& body_;
  std::atomic<size_t> begun_{0};
  std::atomic<size_t> done_{0};
  std::atomic<bool> hasFailed_{false};
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace

bool hasThreadPool() { return findDevice() != nullptr; }

void parallelFor(TF_OpKernelContext* context, size_t count, const std::function<void(size_t)>& body) {
  const Device& device = findDevice()(context);
  const auto loop = std::make_shared<Loop>(count, body);
  const size_t threads = std::min<size_t>(count, std::max(1, device.threads));
  try {
    for (size_t i = 1; i < threads; i++) device.pool->Schedule([loop] { loop->work(); });
  } catch (...) {
    // Fewer hands. Those that have begun use body, so that there is no way out before they are done.
  }
  loop->work();
  loop->join();
}

}  // namespace gradamp::kernels
