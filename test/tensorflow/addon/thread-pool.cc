// What parallelFor does with a pool of threads that this program lends it in TensorFlow's place. Prints a line for each
// claim that holds, and ends with 1 at the first that does not.
#include "kernels/support/thread-pool.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <new>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tensorflow/c/c_api.h"

namespace {

const char* version = "2.21.0";

// As Eigen's ThreadPoolInterface and ThreadPoolDevice begin.
class Threads {
 public:
  virtual void Schedule(std::function<void()> work) {
    if (refuses) throw std::bad_alloc();
    threads_.emplace_back(std::move(work));
  }
  virtual ~Threads() = default;
  void join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  bool refuses = false;

 private:
  std::vector<std::thread> threads_;
};

struct Device {
  Threads* pool;
  int threads;
};

Threads threads;
const Device device = {&threads, 4};

void holds(bool claim, const char* what) {
  std::puts(what);
  if (!claim) std::exit(1);
}

}  // namespace

extern "C" {
const char* TF_Version() { return version; }
const Device& findDevice(const void*) __asm__(
    "_ZNK10tensorflow15OpKernelContext12eigen_deviceIN5Eigen16ThreadPoolDeviceEEERKT_v");
const Device& findDevice(const void*) { return device; }
}

int main(int count, char** words) {
  using gradamp::kernels::parallelFor;
  if (count > 1) version = words[1];
  if (!gradamp::kernels::hasThreadPool()) return std::puts("no threads"), 0;

  std::vector<std::atomic<int>> calls(1000);
  parallelFor(nullptr, calls.size(), [&](size_t at) { calls[at]++; });
  threads.join();
  bool once = true;
  for (const std::atomic<int>& each : calls) once = once && each == 1;
  holds(once, "each piece is done once");

  // Whoever throws, on this thread or another: all who work have left body before the caller hears of it.
  for (int round = 0; round < 50; round++) {
    std::atomic<int> within{0};
    std::atomic<bool> isGone{false};
    bool isEarly = false;
    std::string message;
    try {
      parallelFor(nullptr, 64, [&](size_t at) {
        within++;
        std::this_thread::sleep_for(std::chrono::microseconds(at % 7 * 20));
        if (isGone) isEarly = true;
        within--;
        if (at % 5 == 3) throw std::runtime_error("piece " + std::to_string(at));
      });
    } catch (const std::runtime_error& failure) {
      message = failure.what();
    }
    isGone = true;
    if (message.rfind("piece ", 0) != 0 || within != 0) holds(false, "what body throws arrives after all have left it");
    threads.join();
    if (isEarly) holds(false, "nobody enters body when the caller has gone on");
  }
  std::puts("what body throws arrives after all have left it");

  threads.refuses = true;
  int alone = 0;
  const std::thread::id self = std::this_thread::get_id();
  bool elsewhere = false;
  parallelFor(nullptr, 10, [&](size_t) {
    alone++;
    elsewhere = elsewhere || std::this_thread::get_id() != self;
  });
  holds(alone == 10 && !elsewhere, "a pool that takes no work leaves all of it to the caller");
}
