#pragma once

#include "src/cli/Json.h"
#include "src/cli/Table.h"
#include "src/usecase/PolicyDescription.h"

namespace chancery::cli {

/// The policy as a tree for a person: "2 of 3" reads "2 of these 3:", leaves as phrases.
TreeNode treeOf(const usecase::PolicyNode& node);
/// The same with a tick or a cross at each rule and who filled it or why nobody did.
TreeNode treeOf(const usecase::PolicyExplanation& explanation);

Json toJson(const usecase::PolicyNode& node);
Json toJson(const usecase::PolicyExplanation& explanation);
Json toJson(const usecase::PolicyVerdict& verdict);

}  // namespace chancery::cli
