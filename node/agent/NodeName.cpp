#include "node/agent/NodeName.h"

#include <fmt/format.h>
#include <algorithm>

#include "src/base/Encoding.h"

namespace chancery::agent {
namespace {

constexpr std::size_t kMaxName = 128;

bool isWordCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

bool isName(const std::string& text) {
    return !text.empty() && text.size() <= kMaxName && isWordCharacter(text.front()) &&
           std::ranges::all_of(text,
                               [](char c) { return isWordCharacter(c) || c == '.' || c == '-'; });
}

Result<NodeName> makeNodeName(const std::string& network, const std::string& node) {
    for (const auto& [what, text] : {std::pair("network", &network), std::pair("node", &node)})
        if (!isName(*text))
            return makeError(
                StatusCode::kInvalidArgument, "BAD_NODE_NAME",
                fmt::format("'{}' is no name of a {}: letters a-z, digits, '.' and '-'",
                            printable(*text, 150), what),
                {{"field", what}, {"value", printable(*text, 150)}});
    return NodeName{network, node};
}

}  // namespace chancery::agent
