#include "bridge/attributes.h"

#include <cstring>
#include <memory>
#include <vector>

#include "bridge/backend.h"
#include "bridge/values.h"

namespace gradamp::bridge {

namespace {

using Tensor = std::unique_ptr<TF_Tensor, decltype(&TF_DeleteTensor)>;

Tensor stringTensor(napi_env env, const std::vector<int64_t>& shape, napi_value values) {
  const std::vector<napi_value> texts = elements(env, values);
  Tensor tensor(
      TF_AllocateTensor(TF_STRING, shape.data(), static_cast<int>(shape.size()), texts.size() * sizeof(TF_TString)),
      TF_DeleteTensor);
  if (static_cast<size_t>(TF_TensorElementCount(tensor.get())) != texts.size())
    throw Failure("Expected as many strings as the tensor's shape holds but found " + std::to_string(texts.size()));
  TF_TString* strings = static_cast<TF_TString*>(TF_TensorData(tensor.get()));
  for (size_t i = 0; i < texts.size(); i++) {
    const std::string text = toString(env, texts[i]);
    TF_TString_Init(&strings[i]);
    TF_TString_Copy(&strings[i], text.data(), text.size());
  }
  return tensor;
}

// { dtype, shape, values }, or the id of a tensor of tfjs.
Tensor toTensor(napi_env env, napi_value value) {
  if (typeOf(env, value) == napi_number) {
    Status status;
    Tensor tensor(TFE_TensorHandleResolve(findTensor(env, toInt32(env, value)), status), TF_DeleteTensor);
    status.check();
    return tensor;
  }
  const TF_DataType dtype = static_cast<TF_DataType>(toInt32(env, property(env, value, "dtype")));
  const std::vector<int64_t> shape = toInt64s(env, property(env, value, "shape"));
  const napi_value values = property(env, value, "values");
  if (dtype == TF_STRING) return stringTensor(env, shape, values);
  napi_typedarray_type type;
  size_t length;
  void* data;
  check(env, napi_get_typedarray_info(env, values, &type, &length, &data, nullptr, nullptr));
  static const size_t widths[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8};
  if (static_cast<size_t>(type) >= sizeof widths / sizeof widths[0])
    throw Failure("Expected a typed array of whole numbers, floats or doubles for a constant");
  const size_t bytes = length * widths[type];
  size_t expected = TF_DataTypeSize(dtype);
  if (expected == 0) throw Failure("Expected a numeric type for a constant but found " + std::to_string(dtype));
  for (int64_t dimension : shape) expected *= static_cast<size_t>(dimension);
  if (bytes != expected)
    throw Failure("Expected " + std::to_string(expected) + " bytes for a constant of its shape and type but found " +
                  std::to_string(bytes));
  Tensor tensor(TF_AllocateTensor(dtype, shape.data(), static_cast<int>(shape.size()), bytes), TF_DeleteTensor);
  if (bytes > 0) std::memcpy(TF_TensorData(tensor.get()), data, bytes);
  return tensor;
}

void setStrings(napi_env env, TF_OperationDescription* op, const char* name, napi_value value) {
  std::vector<std::string> texts;
  for (napi_value element : elements(env, value)) texts.push_back(toString(env, element));
  std::vector<const void*> data;
  std::vector<size_t> lengths;
  for (const std::string& text : texts) {
    data.push_back(text.data());
    lengths.push_back(text.size());
  }
  TF_SetAttrStringList(op, name, data.data(), lengths.data(), static_cast<int>(texts.size()));
}

void setFloats(napi_env env, TF_OperationDescription* op, const char* name, napi_value value) {
  std::vector<float> numbers;
  for (napi_value element : elements(env, value)) numbers.push_back(static_cast<float>(toDouble(env, element)));
  TF_SetAttrFloatList(op, name, numbers.data(), static_cast<int>(numbers.size()));
}

void setBools(napi_env env, TF_OperationDescription* op, const char* name, napi_value value) {
  std::vector<unsigned char> answers;
  for (napi_value element : elements(env, value)) answers.push_back(toBool(env, element) ? 1 : 0);
  TF_SetAttrBoolList(op, name, answers.data(), static_cast<int>(answers.size()));
}

void setTypes(napi_env env, TF_OperationDescription* op, const char* name, napi_value value) {
  std::vector<TF_DataType> types;
  for (int32_t type : toInt32s(env, value)) types.push_back(static_cast<TF_DataType>(type));
  TF_SetAttrTypeList(op, name, types.data(), static_cast<int>(types.size()));
}

void setShapes(napi_env env, TF_OperationDescription* op, const char* name, napi_value value) {
  std::vector<std::vector<int64_t>> shapes;
  std::vector<int> ranks;
  for (napi_value element : elements(env, value)) {
    const bool known = !isNull(env, element);
    shapes.push_back(known ? toInt64s(env, element) : std::vector<int64_t>());
    ranks.push_back(known ? static_cast<int>(shapes.back().size()) : -1);
  }
  std::vector<const int64_t*> dimensions;
  for (const auto& shape : shapes) dimensions.push_back(shape.data());
  TF_SetAttrShapeList(op, name, dimensions.data(), ranks.data(), static_cast<int>(shapes.size()));
}

}  // namespace

void setAttribute(napi_env env, TF_OperationDescription* op, const std::string& key, const std::string& declared,
                  napi_value attribute) {
  const char* name = key.c_str();
  const napi_value value = property(env, attribute, "value");
  const int type = toInt32(env, property(env, attribute, "type"));
  switch (type) {
    case TF_ATTR_STRING: {
      if (isArray(env, value)) return setStrings(env, op, name, value);
      const std::string text = toString(env, value);
      return TF_SetAttrString(op, name, text.data(), text.size());
    }
    case TF_ATTR_INT: {
      if (!isArray(env, value)) return TF_SetAttrInt(op, name, toInt64(env, value));
      const std::vector<int64_t> numbers = toInt64s(env, value);
      return TF_SetAttrIntList(op, name, numbers.data(), static_cast<int>(numbers.size()));
    }
    case TF_ATTR_FLOAT:
      if (isArray(env, value)) return setFloats(env, op, name, value);
      return TF_SetAttrFloat(op, name, static_cast<float>(toDouble(env, value)));
    case TF_ATTR_BOOL:
      if (isArray(env, value)) return setBools(env, op, name, value);
      return TF_SetAttrBool(op, name, toBool(env, value) ? 1 : 0);
    case TF_ATTR_TYPE:
      if (typeOf(env, value) == napi_object) return setTypes(env, op, name, value);
      return TF_SetAttrType(op, name, static_cast<TF_DataType>(toInt32(env, value)));
    case TF_ATTR_SHAPE: {
      if (declared == "list(shape)") return setShapes(env, op, name, value);
      if (isNull(env, value)) return TF_SetAttrShape(op, name, nullptr, -1);
      const std::vector<int64_t> shape = toInt64s(env, value);
      return TF_SetAttrShape(op, name, shape.data(), static_cast<int>(shape.size()));
    }
    case TF_ATTR_TENSOR: {
      Status status;
      TF_SetAttrTensor(op, name, toTensor(env, value).get(), status);
      return status.check();
    }
    case TF_ATTR_FUNC: {
      const std::string function = toString(env, value);
      return TF_SetAttrFuncName(op, name, function.data(), function.size());
    }
    default:
      throw Failure("Expected the type of attribute " + key + " to be one of TF_ATTR_* but found " +
                    std::to_string(type));
  }
}

}  // namespace gradamp::bridge
