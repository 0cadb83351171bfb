#pragma once

#include "src/cli/Json.h"
#include "src/cli/Printer.h"
#include "src/usecase/PolicyDescription.h"
#include "src/usecase/PolicyInsight.h"

namespace chancery::cli {

/// The policy as a tree for a person: "2 of 3" reads "2 of these 3:", leaves as phrases.
TreeNode treeOf(const usecase::PolicyNode& node);
/// The same with a tick or a cross at each rule and who filled it or why nobody did.
TreeNode treeOf(const usecase::PolicyExplanation& explanation);

/// The groups that suffice, and who cannot be missed.
void printSets(Printer& out, const usecase::PolicyInsight& insight);

Json toJson(const usecase::PolicyInsight& insight);
Json toJson(const usecase::PolicyNode& node);

}  // namespace chancery::cli
