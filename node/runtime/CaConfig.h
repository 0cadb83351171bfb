#pragma once

// For the sources of this folder: the settings of a CA node.
#include <string>

#include "node/ca/DirectoryUsers.h"
#include "node/runtime/ConfigReader.h"
#include "node/runtime/NodeConfig.h"

namespace chancery::node {

/// `tls`, `hosts` and `cas`. Mistakes are remembered in the section.
void readCas(ConfigSection& config, NodeConfig& to);

DirectoryOptions readDirectory(ConfigSection section);

}  // namespace chancery::node
