// Asks TensorFlow which CUDA libraries it can open, without a card or a driver.
//
//   cuda-check PATH/libtensorflow_framework.so.2
//
// TensorFlow looks along its own RUNPATH, so only it can tell; of itself it says no more than "Cannot dlopen some GPU
// libraries". Prints one line a library, `libcudnn.so.9 found|missing`, and last what its own check of all of them
// says, `all accepted|refused`; or only `cuda none` where TensorFlow was built for the CPU. Exits 2 where it cannot be
// asked.
#include <dlfcn.h>
#include <cstdio>

namespace {

// Stands for absl::Status and absl::StatusOr<void*>: no trivial destructor, so that both come back through a hidden
// pointer, and a first word that is 1 when it is OK.
struct Result {
  union {
    long status;
    char space[256];
  };
  Result() {}
  Result(const Result&) {}
  ~Result() {}
};

struct Library {
  const char* name;
  const char* function;
};

const Library kLibraries[] = {
    {"libcudart.so.12", "_ZN3tsl8internal9DsoLoader23GetCudaRuntimeDsoHandleEv"},
    {"libcublas.so.12", "_ZN3tsl8internal9DsoLoader18GetCublasDsoHandleEv"},
    {"libcublasLt.so.12", "_ZN3tsl8internal9DsoLoader20GetCublasLtDsoHandleEv"},
    {"libcufft.so.11", "_ZN3tsl8internal9DsoLoader17GetCufftDsoHandleEv"},
    {"libcusolver.so.11", "_ZN3tsl8internal9DsoLoader20GetCusolverDsoHandleEv"},
    {"libcusparse.so.12", "_ZN3tsl8internal9DsoLoader20GetCusparseDsoHandleEv"},
    {"libcudnn.so.9", "_ZN3tsl8internal9DsoLoader17GetCudnnDsoHandleEv"},
};

// 1: OK; 0: not OK; -1: TensorFlow has no such function.
int ask(void* tensorflow, const char* function) {
  auto call = reinterpret_cast<Result (*)()>(dlsym(tensorflow, function));
  if (!call) return -1;
  // Never destroyed, as the real type's destructor is not known here.
  Result* result = new Result(call());
  return result->status == 1;
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return std::fputs("usage: cuda-check PATH/libtensorflow_framework.so.2\n", stderr), 2;
  void* tensorflow = dlopen(words[1], RTLD_LAZY | RTLD_GLOBAL);
  if (!tensorflow) return std::fprintf(stderr, "%s\n", dlerror()), 2;
  auto hasCuda = reinterpret_cast<bool (*)()>(dlsym(tensorflow, "_ZN10tensorflow19IsGoogleCudaEnabledEv"));
  if (hasCuda && !hasCuda()) return std::puts("cuda none"), 0;
  for (const Library& library : kLibraries) {
    int answer = ask(tensorflow, library.function);
    if (answer >= 0) std::printf("%s %s\n", library.name, answer ? "found" : "missing");
  }
  int all = ask(tensorflow, "_ZN3tsl8internal9DsoLoader22TryDlopenCUDALibrariesEv");
  if (all < 0) return std::fputs("this TensorFlow has no check of CUDA libraries\n", stderr), 2;
  std::printf("all %s\n", all ? "accepted" : "refused");
  return 0;
}
