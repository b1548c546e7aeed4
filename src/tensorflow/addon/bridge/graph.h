#ifndef GRADAMP_BRIDGE_GRAPH_H_
#define GRADAMP_BRIDGE_GRAPH_H_

#include <node_api.h>

namespace gradamp::bridge {

// createGraph, addNode, defineFunction, disposeGraph.
void defineGraphFunctions(napi_env env, napi_value object);

}  // namespace gradamp::bridge

#endif  // GRADAMP_BRIDGE_GRAPH_H_
