#include "bridge/values.h"

namespace gradamp::bridge {

void check(napi_env env, napi_status status) {
  if (status == napi_ok) return;
  const napi_extended_error_info* info = nullptr;
  napi_get_last_error_info(env, &info);
  throw Failure(info && info->error_message ? info->error_message : "A call of Node-API failed");
}

napi_valuetype typeOf(napi_env env, napi_value value) {
  napi_valuetype type;
  check(env, napi_typeof(env, value, &type));
  return type;
}

bool isArray(napi_env env, napi_value value) {
  bool answer;
  check(env, napi_is_array(env, value, &answer));
  return answer;
}

std::string toString(napi_env env, napi_value value) {
  // Names of ops and attributes are short: one call, no measuring.
  char buffer[256];
  size_t length = 0;
  check(env, napi_get_value_string_utf8(env, value, buffer, sizeof buffer, &length));
  if (length < sizeof buffer - 4) return std::string(buffer, length);
  check(env, napi_get_value_string_utf8(env, value, nullptr, 0, &length));
  std::string text(length + 1, '\0');
  check(env, napi_get_value_string_utf8(env, value, &text[0], text.size(), &length));
  text.resize(length);
  return text;
}

int32_t toInt32(napi_env env, napi_value value) {
  int32_t number;
  check(env, napi_get_value_int32(env, value, &number));
  return number;
}

int64_t toInt64(napi_env env, napi_value value) {
  int64_t number;
  check(env, napi_get_value_int64(env, value, &number));
  return number;
}

double toDouble(napi_env env, napi_value value) {
  double number;
  check(env, napi_get_value_double(env, value, &number));
  return number;
}

bool toBool(napi_env env, napi_value value) {
  bool answer;
  check(env, napi_get_value_bool(env, value, &answer));
  return answer;
}

napi_value property(napi_env env, napi_value object, const char* name) {
  napi_value value;
  check(env, napi_get_named_property(env, object, name, &value));
  return value;
}

std::vector<napi_value> elements(napi_env env, napi_value array) {
  uint32_t length;
  check(env, napi_get_array_length(env, array, &length));
  std::vector<napi_value> values(length);
  for (uint32_t i = 0; i < length; i++) check(env, napi_get_element(env, array, i, &values[i]));
  return values;
}

std::vector<int32_t> toInt32s(napi_env env, napi_value array) {
  bool typed;
  check(env, napi_is_typedarray(env, array, &typed));
  if (!typed) {
    std::vector<int32_t> numbers;
    for (napi_value value : elements(env, array)) numbers.push_back(toInt32(env, value));
    return numbers;
  }
  napi_typedarray_type type;
  size_t length;
  void* data;
  check(env, napi_get_typedarray_info(env, array, &type, &length, &data, nullptr, nullptr));
  if (type != napi_int32_array) throw Failure("Expected an Int32Array or an array of numbers");
  const int32_t* numbers = static_cast<const int32_t*>(data);
  return std::vector<int32_t>(numbers, numbers + length);
}

std::vector<int64_t> toInt64s(napi_env env, napi_value array) {
  std::vector<int64_t> numbers;
  for (napi_value value : elements(env, array)) numbers.push_back(toInt64(env, value));
  return numbers;
}

napi_value undefinedValue(napi_env env) {
  napi_value value;
  check(env, napi_get_undefined(env, &value));
  return value;
}

napi_value booleanValue(napi_env env, bool answer) {
  napi_value value;
  check(env, napi_get_boolean(env, answer, &value));
  return value;
}

napi_value stringValue(napi_env env, const std::string& text) {
  napi_value value;
  check(env, napi_create_string_utf8(env, text.data(), text.size(), &value));
  return value;
}

napi_value tensorInfo(napi_env env, int dtype, const int64_t* dimensions, int rank) {
  napi_value info, type, shape;
  check(env, napi_create_object(env, &info));
  check(env, napi_create_int32(env, dtype, &type));
  if (rank < 0) {
    check(env, napi_get_null(env, &shape));
  } else {
    check(env, napi_create_array_with_length(env, rank, &shape));
    for (int i = 0; i < rank; i++) {
      napi_value dimension;
      check(env, napi_create_int64(env, dimensions[i], &dimension));
      check(env, napi_set_element(env, shape, i, dimension));
    }
  }
  check(env, napi_set_named_property(env, info, "dtype", type));
  check(env, napi_set_named_property(env, info, "shape", shape));
  return info;
}

Arguments::Arguments(napi_env env, napi_callback_info info) {
  size_t count = sizeof values_ / sizeof values_[0];
  check(env, napi_get_cb_info(env, info, &count, values_, nullptr, nullptr));
}

void throwError(napi_env env, const char* message) {
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) napi_throw_error(env, nullptr, message);
}

void addMethod(napi_env env, napi_value object, const char* name, napi_callback body) {
  napi_value function;
  check(env, napi_create_function(env, name, NAPI_AUTO_LENGTH, body, nullptr, &function));
  check(env, napi_set_named_property(env, object, name, function));
}

}  // namespace gradamp::bridge
