// Copies of rows between the workspaces of several runs and one that holds the
// rows of all of them.
#pragma once

#include <cstddef>
#include <span>

#include "backend/ort/ort_workspace.h"

namespace delen::backend {

// All parts are OrtWorkspaces of the same model as `whole`. Tensors are numbered
// as in StagePorts; their axis 0 is the batch.

// Errors: kInvalidArgument when the parts of one of the tensors have not as many
//         bytes together as the whole.
Status CheckRowsAddUp(std::span<const std::size_t> tensors, std::span<Workspace* const> parts,
                      const OrtWorkspace& whole);

// Fills one tensor of `whole` with the parts' rows, in order.
void JoinRows(std::size_t tensor, std::span<Workspace* const> parts, const OrtWorkspace& whole);

// Gives each part its rows of one tensor of `whole`, in order.
void SplitRows(std::size_t tensor, const OrtWorkspace& whole, std::span<Workspace* const> parts);

}  // namespace delen::backend
