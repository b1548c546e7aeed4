#include "bridge/op-definition.h"

#include <memory>

#include "bridge/protobuf-reader.h"
#include "bridge/values.h"

namespace gradamp::bridge {

namespace {

// Field numbers of tensorflow/core/framework/op_def.proto.
OpInput readInput(ProtobufReader message) {
  OpInput input;
  while (message.next()) {
    if (message.field() == 4) input.type = message.text();
    if (message.field() == 5) input.number = message.text();
    if (message.field() == 6) input.types = message.text();
  }
  return input;
}

OpDefinition readDefinition(ProtobufReader message) {
  OpDefinition definition;
  while (message.next()) {
    if (message.field() == 2) definition.inputs.push_back(readInput(message.message()));
    if (message.field() != 4) continue;
    ProtobufReader attribute = message.message();
    std::string name, type;
    while (attribute.next()) {
      if (attribute.field() == 1) name = attribute.text();
      if (attribute.field() == 2) type = attribute.text();
    }
    definition.attributes.emplace(std::move(name), std::move(type));
  }
  return definition;
}

}  // namespace

const OpDefinition& opDefinition(TF_Graph* graph, const std::string& op) {
  static thread_local std::unordered_map<std::string, OpDefinition> known;
  const auto found = known.find(op);
  if (found != known.end()) return found->second;
  std::unique_ptr<TF_Buffer, decltype(&TF_DeleteBuffer)> buffer(TF_NewBuffer(), TF_DeleteBuffer);
  Status status;
  TF_GraphGetOpDef(graph, op.c_str(), buffer.get(), status);
  status.check();
  return known.emplace(op, readDefinition(ProtobufReader(buffer->data, buffer->length))).first->second;
}

}  // namespace gradamp::bridge
