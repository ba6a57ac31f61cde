// The work of operators, counted.
#pragma once

#include <onnx/onnx_pb.h>

#include "importer/type_inference.h"

namespace delen::importer {

// Floating-point operations of one run of `node`: two per multiply-add of
// convolutions and matrix products, one per element of the first output for
// all other operators. 0 where the shapes are not known; a dynamic axis counts
// as 1.
double FlopsOf(const onnx::NodeProto& node, const TypeTable& types);

}  // namespace delen::importer
