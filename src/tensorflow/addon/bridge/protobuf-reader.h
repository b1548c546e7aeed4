// Walks the fields of a protobuf message: TensorFlow's C API hands op definitions and timelines over as such, and the
// library that reads them is not among the headers that the addon is built with.
#ifndef GRADAMP_BRIDGE_PROTOBUF_READER_H_
#define GRADAMP_BRIDGE_PROTOBUF_READER_H_

#include <cstdint>
#include <string>

#include "bridge/values.h"

namespace gradamp::bridge {

class ProtobufReader {
 public:
  ProtobufReader(const void* data, size_t length) : at_(static_cast<const uint8_t*>(data)), end_(at_ + length) {}

  // Moves to the next field; false at the end.
  bool next() {
    if (at_ == end_) return false;
    const uint64_t key = varint();
    field_ = static_cast<int>(key >> 3);
    length_ = 0;
    switch (key & 7) {
      case 0:
        number_ = varint();
        break;
      case 1:
        skip(8);
        break;
      case 2:
        length_ = varint();
        skip(length_);
        break;
      case 5:
        skip(4);
        break;
      default:
        throw Failure("TensorFlow handed over a message that cannot be read");
    }
    return true;
  }

  int field() const { return field_; }
  uint64_t number() const { return number_; }
  std::string text() const { return std::string(reinterpret_cast<const char*>(at_ - length_), length_); }
  ProtobufReader message() const { return ProtobufReader(at_ - length_, length_); }

 private:
  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64 && at_ < end_; shift += 7) {
      const uint8_t byte = *at_++;
      value |= static_cast<uint64_t>(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw Failure("TensorFlow handed over a message that cannot be read");
  }
  void skip(uint64_t bytes) {
    if (bytes > static_cast<uint64_t>(end_ - at_)) throw Failure("TensorFlow handed over a message that is cut short");
    at_ += bytes;
  }

  const uint8_t* at_;
  const uint8_t* end_;
  int field_ = 0;
  uint64_t number_ = 0;
  uint64_t length_ = 0;
};

}  // namespace gradamp::bridge

#endif  // GRADAMP_BRIDGE_PROTOBUF_READER_H_
