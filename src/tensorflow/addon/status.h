// What goes wrong, as an exception: TensorFlow's statuses, and failures of our own.
#ifndef GRADAMP_STATUS_H_
#define GRADAMP_STATUS_H_

#include <stdexcept>
#include <string>

#include "tensorflow/c/tf_status.h"

namespace gradamp {

class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A TF_Status that throws TensorFlow's message, whole.
class Status {
 public:
  Status() : status_(TF_NewStatus()) {}
  ~Status() { TF_DeleteStatus(status_); }
  Status(const Status&) = delete;
  Status& operator=(const Status&) = delete;
  operator TF_Status*() { return status_; }
  bool ok() const { return TF_GetCode(status_) == TF_OK; }
  void check() const {
    if (!ok()) throw Failure(TF_Message(status_));
  }
  // With what was being done, as `While "loop"`.
  void check(const std::string& where) const {
    if (!ok()) throw Failure(where + ": " + TF_Message(status_));
  }

 private:
  TF_Status* status_;
};

}  // namespace gradamp

#endif  // GRADAMP_STATUS_H_
