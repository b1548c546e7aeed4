// Lets TF_CPP_MIN_LOG_LEVEL hold from TensorFlow's first line.
//
// TensorFlow 2.21 obeys that variable only after its libraries' own start-up code, which by then has written
// "WARNING: All log messages before absl::InitializeLog() ..." and "I0000 ... oneDNN custom operations are on", at
// every level, to stderr, and so into every notebook. This library is linked into the addon with -z initfirst: its
// start-up code runs first and hands the same number to the logger itself (absl::SetMinLogLevel: one atomic store, safe
// before the logger's own start-up). What is logged at that level or above is written as ever.
//
// The name holds Abseil's release, which TensorFlow's headers do not give; where another TensorFlow has another one,
// the weak symbol is null and those lines appear.
#include <cstdlib>

extern "C" __attribute__((weak)) void _ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE(int);

__attribute__((constructor)) static void applyLogLevel() {
  const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  if (level && *level && _ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE)
    _ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE(std::atoi(level));
}
