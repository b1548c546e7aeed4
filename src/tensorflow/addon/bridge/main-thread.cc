#include "bridge/main-thread.h"

#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "bridge/values.h"

namespace gradamp::bridge {

namespace {

using Task = std::function<void(napi_env)>;

// Threads for calls that last. Not libuv's: Node joins those in process.exit(), which would wait for the end of an
// epoch, and they serve the file system. Idle ones are used again; there are as many as calls ran at once.
class Workers {
 public:
  void run(std::function<void()> work) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (idle_ <= queue_.size()) std::thread([this] { loop(); }).detach();
    queue_.push_back(std::move(work));
    wake_.notify_one();
  }

 private:
  void loop() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      idle_++;
      wake_.wait(lock, [this] { return !queue_.empty(); });
      idle_--;
      std::function<void()> work = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      work();
      work = nullptr;
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  size_t idle_ = 0;
};

// Never destroyed: its threads wait on it until the process is gone.
Workers& workers() {
  static Workers* const all = new Workers;
  return *all;
}

// Work that runs now, in the whole process.
std::atomic<int> running{0};

// References that other threads than JavaScript's let go.
std::atomic<int64_t> released{0};

// exit() destroys TensorFlow's globals under the feet of a call that still runs, which crashes; so with such a call the
// process ends here, before them. What Node has to do at exit it has done by now.
#ifdef __GLIBC__
void leaveAtOnce(int code, void*) {
  if (running.load() == 0) return;
  std::fflush(nullptr);
  _exit(code);
}
void guardExit() {
  // Handlers run in reverse order, so this one, registered after TensorFlow was loaded, runs before TensorFlow's.
  static const int once = on_exit(leaveAtOnce, nullptr);
  (void)once;
}
#else
void guardExit() {}
#endif

class MainThread {
 public:
  explicit MainThread(napi_env env) : env_(env), thread_(std::this_thread::get_id()) {
    napi_value name;
    check(env, napi_create_string_utf8(env, "gradamp", NAPI_AUTO_LENGTH, &name));
    check(env, napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, this, wakened,
                                               &signal_));
    check(env, napi_unref_threadsafe_function(env, signal_));
    // Hooks run in reverse order: this one before the end of the backend, whose context the calls use.
    check(env, napi_add_env_cleanup_hook(env, close, this));
  }

  bool isCurrent() const { return std::this_thread::get_id() == thread_; }

  void run(std::function<void()> work, Task finish, std::function<void()> cancel) {
    guardExit();
    std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) throw Failure("The environment is shutting down");
    const int number = next_++;
    workers().run([this, number, work = std::move(work), finish = std::move(finish)]() mutable {
      work();
      work = nullptr;
      std::lock_guard<std::mutex> lock(mutex_);
      running--;
      working_.erase(number);
      post([this, finish = std::move(finish)](napi_env env) {
        if (--calls_ == 0 && env) napi_unref_threadsafe_function(env, signal_);
        finish(env);
      });
      idle_.notify_all();
    });
    running++;
    working_.emplace(number, std::move(cancel));
    if (calls_++ == 0) napi_ref_threadsafe_function(env_, signal_);
  }

  void deleteLater(napi_ref reference) {
    std::lock_guard<std::mutex> lock(mutex_);
    // A closed environment frees all its references itself.
    if (closed_) return;
    post([reference](napi_env env) {
      if (env) napi_delete_reference(env, reference);
    });
  }

 private:
  // With the mutex held.
  void post(Task task) {
    queue_.push_back(std::move(task));
    if (!closed_ && queue_.size() == 1) napi_call_threadsafe_function(signal_, nullptr, napi_tsfn_nonblocking);
  }

  void drain(napi_env env) {
    std::deque<Task> tasks;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      tasks.swap(queue_);
    }
    for (Task& task : tasks) task(env);
  }

  static void wakened(napi_env env, napi_value, void* self, void*) { static_cast<MainThread*>(self)->drain(env); }

  static void close(void* data) {
    MainThread* const self = static_cast<MainThread*>(data);
    {
      std::unique_lock<std::mutex> lock(self->mutex_);
      self->closed_ = true;
      for (auto& entry : self->working_) entry.second();
      self->idle_.wait(lock, [self] { return self->working_.empty(); });
    }
    self->drain(nullptr);
  }

  const napi_env env_;
  const std::thread::id thread_;
  napi_threadsafe_function signal_ = nullptr;
  // Calls that have not come to their finish; this thread's own count.
  int calls_ = 0;
  std::mutex mutex_;
  std::condition_variable idle_;
  bool closed_ = false;
  int next_ = 0;
  // How to cancel what runs now.
  std::unordered_map<int, std::function<void()>> working_;
  std::deque<Task> queue_;
};

std::mutex environmentsMutex;

std::unordered_map<napi_env, MainThread*>& environments() {
  static auto* const all = new std::unordered_map<napi_env, MainThread*>;
  return *all;
}

MainThread* mainThread(napi_env env) {
  std::lock_guard<std::mutex> lock(environmentsMutex);
  const auto found = environments().find(env);
  return found == environments().end() ? nullptr : found->second;
}

}  // namespace

void openMainThread(napi_env env) {
  MainThread* const opened = new MainThread(env);
  std::lock_guard<std::mutex> lock(environmentsMutex);
  // A few hundred bytes an environment stay: TensorFlow may still release tensors of one that is gone.
  environments()[env] = opened;
}

void runAside(napi_env env, std::function<void()> work, std::function<void(napi_env)> finish,
              std::function<void()> cancel) {
  mainThread(env)->run(std::move(work), std::move(finish), std::move(cancel));
}

napi_status deleteReference(napi_env env, napi_ref reference) {
  MainThread* const thread = mainThread(env);
  if (!thread || thread->isCurrent()) return napi_delete_reference(env, reference);
  released++;
  thread->deleteLater(reference);
  return napi_ok;
}

int64_t foreignReleases() { return released.load(); }

}  // namespace gradamp::bridge
