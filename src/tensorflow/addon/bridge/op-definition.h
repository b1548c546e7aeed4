// What TensorFlow says of an op: which inputs are lists, and the types of its attributes.
#ifndef GRADAMP_BRIDGE_OP_DEFINITION_H_
#define GRADAMP_BRIDGE_OP_DEFINITION_H_

#include <string>
#include <unordered_map>
#include <vector>

#include "tensorflow/c/c_api.h"

namespace gradamp::bridge {

struct OpInput {
  // Names of the attributes that hold its type, its number of tensors (N * T), its list of types (T list); empty: none.
  std::string type, number, types;
  bool isList() const { return !number.empty() || !types.empty(); }
};

struct OpDefinition {
  std::vector<OpInput> inputs;
  // Types by name, as "type", "list(int)".
  std::unordered_map<std::string, std::string> attributes;
};

// Looked up once a thread and op. Throws where TensorFlow has no such op.
const OpDefinition& opDefinition(TF_Graph* graph, const std::string& op);

}  // namespace gradamp::bridge

#endif  // GRADAMP_BRIDGE_OP_DEFINITION_H_
