// TensorFlow's profiler has no C API: what TFE_ContextExportRunMetadata gives for a function are its graphs, without
// times. Its C++ classes are exported, but their headers bring all of protobuf and Abseil. So they are called by their
// symbols. A symbol names the types of all parameters: where one has changed it is not there, and profiling says that
// it is not available. Of the classes' insides nothing is assumed but that they fit into kRoom bytes.
#include "bridge/profiler.h"

#include <dlfcn.h>

#include <mutex>
#include <string>

#include "bridge/values.h"

namespace gradamp::bridge {

namespace {

// absl::Status and std::unique_ptr, which have destructors and are therefore returned through memory.
struct Returned {
  void* value = nullptr;
  Returned() {}
  ~Returned() {}
};

struct Profiler {
  void (*makeOptions)(void* options, void* arena);
  void (*destroyOptions)(void* options);
  bool (*parse)(void* options, const void* data, int length);
  Returned (*createSession)(const void* options);
  Returned (*collectData)(void* session, void* space);
  void (*destroySession)(void* session);
  void (*makeSpace)(void* space, void* arena);
  void (*destroySpace)(void* space);
  size_t (*byteSize)(const void* space);
  bool (*serialize)(const void* space, void* data, int length);
  std::string missing;

  Profiler() {
    find(makeOptions, "_ZN10tensorflow14ProfileOptionsC1EPN6google8protobuf5ArenaE");
    find(destroyOptions, "_ZN10tensorflow14ProfileOptionsD1Ev");
    find(parse, "_ZN6google8protobuf11MessageLite14ParseFromArrayEPKvi");
    find(createSession, "_ZN3tsl15ProfilerSession6CreateERKN10tensorflow14ProfileOptionsE");
    find(collectData, "_ZN3tsl15ProfilerSession11CollectDataEPN10tensorflow8profiler6XSpaceE");
    find(destroySession, "_ZN3tsl15ProfilerSessionD1Ev");
    find(makeSpace, "_ZN10tensorflow8profiler6XSpaceC1EPN6google8protobuf5ArenaE");
    find(destroySpace, "_ZN10tensorflow8profiler6XSpaceD1Ev");
    find(byteSize, "_ZNK10tensorflow8profiler6XSpace12ByteSizeLongEv");
    find(serialize, "_ZNK6google8protobuf11MessageLite16SerializeToArrayEPvi");
  }

 private:
  template <typename Function>
  void find(Function& function, const char* symbol) {
    function = reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, symbol));
    if (!function) missing = symbol;
  }
};

const Profiler& profiler() {
  static const Profiler found;
  if (!found.missing.empty()) throw Failure("This TensorFlow's profiler cannot be reached: it has no " + found.missing);
  return found;
}

constexpr size_t kRoom = 4096;

// A message of protobuf's, for as long as it stands here.
class Message {
 public:
  Message(void (*make)(void*, void*), void (*destroy)(void*)) : destroy_(destroy) { make(room_, nullptr); }
  ~Message() { destroy_(room_); }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;
  void* get() { return room_; }

 private:
  void (*const destroy_)(void*);
  alignas(64) char room_[kRoom];
};

// TensorFlow has one session at a time in a process, whichever thread asks.
std::mutex sessionMutex;
void* session = nullptr;

napi_value startProfile(napi_env env, const Arguments&) {
  const Profiler& symbols = profiler();
  std::lock_guard<std::mutex> lock(sessionMutex);
  if (session) throw Failure("Expected one profile at a time but another is being made");
  Message options(symbols.makeOptions, symbols.destroyOptions);
  // tensorflow.ProfileOptions: version 1 (field 5), every op of the processor (field 2, 3), a card's kernels (field 3,
  // 1).
  static const unsigned char kOptions[] = {5 << 3, 1, 2 << 3, 3, 3 << 3, 1};
  if (!symbols.parse(options.get(), kOptions, sizeof kOptions))
    throw Failure("This TensorFlow's profiler does not take its options");
  session = symbols.createSession(options.get()).value;
  return undefinedValue(env);
}

// Returns the serialized tensorflow.profiler.XSpace.
napi_value stopProfile(napi_env env, const Arguments&) {
  const Profiler& symbols = profiler();
  std::lock_guard<std::mutex> lock(sessionMutex);
  if (!session) throw Failure("Expected a profile that was started");
  Message space(symbols.makeSpace, symbols.destroySpace);
  symbols.collectData(session, space.get());
  symbols.destroySession(session);
  ::operator delete(session);
  session = nullptr;
  const size_t size = symbols.byteSize(space.get());
  if (size == 0) throw Failure("TensorFlow's profiler gave nothing: something else profiles in this process");
  if (size > INT32_MAX) throw Failure("The profile is too large: profile fewer steps");
  napi_value bytes;
  void* data;
  check(env, napi_create_arraybuffer(env, size, &data, &bytes));
  if (!symbols.serialize(space.get(), data, static_cast<int>(size))) throw Failure("The profile cannot be written");
  return bytes;
}

}  // namespace

void defineProfilerFunctions(napi_env env, napi_value object) {
  addMethod(env, object, "startProfile", callback<startProfile>);
  addMethod(env, object, "stopProfile", callback<stopProfile>);
}

}  // namespace gradamp::bridge
