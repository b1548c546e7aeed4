#ifndef GRADAMP_GRAPH_H_
#define GRADAMP_GRAPH_H_

#include <node_api.h>

namespace gradamp {

// createGraph, addNode, defineFunction, disposeGraph.
void defineGraphFunctions(napi_env env, napi_value object);

}  // namespace gradamp

#endif  // GRADAMP_GRAPH_H_
