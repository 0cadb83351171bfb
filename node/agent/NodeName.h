#pragma once

#include <compare>
#include <string>

#include "src/base/Status.h"

namespace chancery::agent {

/// Which node of which network. Both names are safe as names of folders.
struct NodeName {
    std::string network;
    std::string node;

    /// "network/node".
    std::string toString() const { return network + "/" + node; }
    friend auto operator<=>(const NodeName&, const NodeName&) = default;
};

/// a-z, 0-9, '.' and '-', a letter or digit first, at most 128.
bool isName(const std::string& text);
/// INVALID_ARGUMENT (BAD_NODE_NAME).
Result<NodeName> makeNodeName(const std::string& network, const std::string& node);

}  // namespace chancery::agent
