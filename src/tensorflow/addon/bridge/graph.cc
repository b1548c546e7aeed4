#include "bridge/graph.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <vector>

#include "bridge/attributes.h"
#include "bridge/backend.h"
#include "bridge/op-definition.h"
#include "bridge/values.h"

namespace gradamp::bridge {

namespace {

struct Graph {
  TF_Graph* graph = TF_NewGraph();
  // In the order of adding; TypeScript names them by their place here.
  std::vector<TF_Operation*> nodes;
  int identities = 0;

  Graph() = default;
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;
  ~Graph() { dispose(); }

  void dispose() {
    if (graph) TF_DeleteGraph(graph);
    graph = nullptr;
    nodes.clear();
    nodes.shrink_to_fit();
  }

  TF_Operation* node(int32_t number) const {
    if (number < 0 || static_cast<size_t>(number) >= nodes.size())
      throw Failure("Expected the number of a node, 0 to " + std::to_string(static_cast<long>(nodes.size()) - 1) +
                    ", but found " + std::to_string(number));
    return nodes[number];
  }
};

Graph& toGraph(napi_env env, napi_value value) {
  void* data;
  check(env, napi_get_value_external(env, value, &data));
  Graph* const graph = static_cast<Graph*>(data);
  if (!graph->graph) throw Failure("The graph has been disposed of");
  return *graph;
}

// [node, output, node, output, …]
std::vector<TF_Output> toOutputs(napi_env env, const Graph& graph, napi_value value) {
  const std::vector<int32_t> numbers = toInt32s(env, value);
  if (numbers.size() % 2 != 0) throw Failure("Expected pairs of node and output but found an odd count of numbers");
  std::vector<TF_Output> outputs;
  outputs.reserve(numbers.size() / 2);
  for (size_t i = 0; i < numbers.size(); i += 2) {
    TF_Operation* const node = graph.node(numbers[i]);
    if (numbers[i + 1] < 0 || numbers[i + 1] >= TF_OperationNumOutputs(node))
      throw Failure(std::string("Expected an output of ") + TF_OperationName(node) + ", which has " +
                    std::to_string(TF_OperationNumOutputs(node)) + ", but found output " +
                    std::to_string(numbers[i + 1]));
    outputs.push_back({node, numbers[i + 1]});
  }
  return outputs;
}

using NamedValues = std::vector<std::pair<std::string, napi_value>>;

// How many tensors an attribute (N, or a list T) given with the op asks for; -1 where it is not given.
int64_t givenLength(napi_env env, const NamedValues& attributes, const std::string& name) {
  for (const auto& attribute : attributes) {
    if (attribute.first != name) continue;
    const napi_value value = property(env, attribute.second, "value");
    if (typeOf(env, value) == napi_number) return toInt64(env, value);
    return static_cast<int64_t>(toInt32s(env, value).size());
  }
  return -1;
}

// The number of tensors in each input of an op that gets `total` of them, given in a row as executeOp takes them: one
// for a plain input, and for lists what their attributes say, where what is left over does not tell.
std::vector<size_t> inputLengths(napi_env env, const OpDefinition& definition, const NamedValues& attributes,
                                 size_t total, const std::string& op) {
  size_t plain = 0;
  std::unordered_map<std::string, size_t> users;
  for (const OpInput& input : definition.inputs) {
    if (!input.isList()) plain++;
    if (input.isList()) users[input.number.empty() ? input.types : input.number]++;
  }
  std::unordered_map<std::string, int64_t> lengths;
  int64_t left = static_cast<int64_t>(total) - static_cast<int64_t>(plain);
  std::string unknown;
  for (const auto& entry : users) {
    const int64_t length = users.size() == 1 ? -1 : givenLength(env, attributes, entry.first);
    if (length < 0 && !unknown.empty())
      throw Failure(op + " needs its attributes " + unknown + " and " + entry.first + " to tell its inputs apart");
    if (length < 0) unknown = entry.first;
    if (length >= 0) left -= length * static_cast<int64_t>(entry.second);
    lengths[entry.first] = length;
  }
  if (!unknown.empty() && left >= 0 && left % static_cast<int64_t>(users[unknown]) == 0) {
    lengths[unknown] = left / static_cast<int64_t>(users[unknown]);
    left = 0;
  }
  if (left != 0) throw Failure("Expected inputs as " + op + " takes them but found " + std::to_string(total));
  std::vector<size_t> result;
  for (const OpInput& input : definition.inputs)
    result.push_back(input.isList() ? lengths[input.number.empty() ? input.types : input.number] : 1);
  return result;
}

// Adds the inputs, and returns the names of the attributes that they settle: executeOp, too, trusts the inputs there
// and not the attribute, which some of tfjs's kernels leave out and others get wrong.
std::vector<const std::string*> addInputs(TF_OperationDescription* op, const OpDefinition& definition,
                                          const std::vector<size_t>& lengths, const std::vector<TF_Output>& inputs) {
  std::vector<const std::string*> settled;
  const TF_Output* next = inputs.data();
  for (size_t i = 0; i < lengths.size(); i++) {
    const OpInput& input = definition.inputs[i];
    if (input.isList()) {
      TF_AddInputList(op, next, static_cast<int>(lengths[i]));
      settled.push_back(input.number.empty() ? &input.types : &input.number);
    } else {
      TF_AddInput(op, *next);
    }
    if (!input.type.empty() && lengths[i] > 0) settled.push_back(&input.type);
    next += lengths[i];
  }
  return settled;
}

napi_value outputInfo(napi_env env, TF_Graph* graph, TF_Output output) {
  Status status;
  const int rank = TF_GraphGetTensorNumDims(graph, output, status);
  status.check();
  std::vector<int64_t> dimensions(rank > 0 ? rank : 0);
  if (rank > 0) TF_GraphGetTensorShape(graph, output, dimensions.data(), rank, status);
  status.check();
  return tensorInfo(env, TF_OperationOutputType(output), dimensions.data(), rank);
}

napi_value outputInfos(napi_env env, TF_Graph* graph, TF_Operation* node) {
  const int count = TF_OperationNumOutputs(node);
  napi_value infos;
  check(env, napi_create_array_with_length(env, count, &infos));
  for (int i = 0; i < count; i++) check(env, napi_set_element(env, infos, i, outputInfo(env, graph, {node, i})));
  return infos;
}

// addNode(graph, op, name, attributes, inputs, controls, device)
napi_value addNode(napi_env env, const Arguments& arguments) {
  Graph& graph = toGraph(env, arguments[0]);
  const std::string op = toString(env, arguments[1]);
  const std::string name = toString(env, arguments[2]);
  // Everything that can be refused is read before the op is begun: one begun and not finished would be lost.
  const OpDefinition& definition = opDefinition(graph.graph, op);
  NamedValues attributes;
  for (napi_value attribute : elements(env, arguments[3]))
    attributes.emplace_back(toString(env, property(env, attribute, "name")), attribute);
  const std::vector<TF_Output> inputs = toOutputs(env, graph, arguments[4]);
  const std::vector<size_t> lengths = inputLengths(env, definition, attributes, inputs.size(), op);
  std::vector<TF_Operation*> controls;
  for (int32_t number : toInt32s(env, arguments[5])) controls.push_back(graph.node(number));
  const std::string device = isNull(env, arguments[6]) ? std::string() : toString(env, arguments[6]);

  TF_OperationDescription* const description = TF_NewOperation(graph.graph, op.c_str(), name.c_str());
  std::string failure;
  try {
    const std::vector<const std::string*> settled = addInputs(description, definition, lengths, inputs);
    for (const auto& attribute : attributes) {
      const std::string& key = attribute.first;
      if (std::any_of(settled.begin(), settled.end(), [&](const std::string* known) { return *known == key; }))
        continue;
      const auto declared = definition.attributes.find(key);
      const bool known = declared != definition.attributes.end();
      // As in executeOp, an attribute that the op does not have means nothing; those of TensorFlow itself begin with _.
      if (!known && (key.empty() || key[0] != '_')) continue;
      setAttribute(env, description, key, known ? declared->second : std::string(), attribute.second);
    }
  } catch (const std::exception& error) {
    failure = error.what();
    // The C API frees a description only by finishing it, and must not succeed: one input too many sees to that.
    TF_AddInputList(description, nullptr, 0);
  }
  for (TF_Operation* control : controls) TF_AddControlInput(description, control);
  if (!device.empty()) TF_SetDevice(description, device.c_str());
  Status status;
  TF_Operation* const node = TF_FinishOperation(description, status);
  if (!failure.empty()) throw Failure(op + " \"" + name + "\": " + failure);
  status.check(op + " \"" + name + "\"");
  graph.nodes.push_back(node);
  return outputInfos(env, graph.graph, node);
}

// A function may not return its own argument as it is.
TF_Output throughIdentity(Graph& graph, TF_Output input) {
  std::string name;
  do name = "gradamp_identity_" + std::to_string(graph.identities++);
  while (TF_GraphOperationByName(graph.graph, name.c_str()));
  TF_OperationDescription* const description = TF_NewOperation(graph.graph, "Identity", name.c_str());
  TF_AddInput(description, input);
  Status status;
  TF_Operation* const node = TF_FinishOperation(description, status);
  status.check();
  return {node, 0};
}

void setXla(TF_Function* function) {
  // An AttrValue whose field 5, the bool, is true.
  static const char kTrue[] = {0x28, 0x01};
  Status status;
  TF_FunctionSetAttrValueProto(function, "_XlaMustCompile", kTrue, sizeof kTrue, status);
  status.check();
}

// defineFunction(graph, name, inputs, outputs, controls, xla)
napi_value defineFunction(napi_env env, const Arguments& arguments) {
  Graph& graph = toGraph(env, arguments[0]);
  TFE_Context* const context = eagerContext(env);
  const std::string name = toString(env, arguments[1]);
  if (TFE_ContextHasFunction(context, name.c_str()))
    throw Failure("Expected a new name for a function but " + name + " is defined already");
  const std::vector<TF_Output> inputs = toOutputs(env, graph, arguments[2]);
  std::vector<TF_Output> outputs = toOutputs(env, graph, arguments[3]);
  for (TF_Output& output : outputs)
    if (std::any_of(inputs.begin(), inputs.end(),
                    [&](TF_Output input) { return input.oper == output.oper && input.index == output.index; }))
      output = throughIdentity(graph, output);
  std::vector<const TF_Operation*> controls;
  for (int32_t number : toInt32s(env, arguments[4])) {
    TF_Operation* const node = graph.node(number);
    if (std::find(controls.begin(), controls.end(), node) == controls.end()) controls.push_back(node);
  }
  Status status;
  std::unique_ptr<TF_Function, decltype(&TF_DeleteFunction)> function(
      TF_GraphToFunctionWithControlOutputs(graph.graph, name.c_str(), 0, -1, nullptr, static_cast<int>(inputs.size()),
                                           inputs.data(), static_cast<int>(outputs.size()), outputs.data(), nullptr,
                                           static_cast<int>(controls.size()), controls.data(), nullptr, nullptr,
                                           nullptr, status),
      TF_DeleteFunction);
  status.check("Function " + name);
  if (toBool(env, arguments[5])) setXla(function.get());
  TFE_ContextAddFunction(context, function.get(), status);
  status.check("Function " + name);
  return undefinedValue(env);
}

napi_value createGraph(napi_env env, const Arguments&) {
  Graph* const graph = new Graph;
  napi_value external;
  const auto finalize = [](napi_env, void* data, void*) { delete static_cast<Graph*>(data); };
  const napi_status status = napi_create_external(env, graph, finalize, nullptr, &external);
  if (status != napi_ok) delete graph;
  check(env, status);
  return external;
}

napi_value disposeGraph(napi_env env, const Arguments& arguments) {
  void* data;
  check(env, napi_get_value_external(env, arguments[0], &data));
  static_cast<Graph*>(data)->dispose();
  return undefinedValue(env);
}

}  // namespace

void defineGraphFunctions(napi_env env, napi_value object) {
  addMethod(env, object, "createGraph", callback<createGraph>);
  addMethod(env, object, "addNode", callback<addNode>);
  addMethod(env, object, "defineFunction", callback<defineFunction>);
  addMethod(env, object, "disposeGraph", callback<disposeGraph>);
}

}  // namespace gradamp::bridge
