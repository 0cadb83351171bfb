#include "node/state/StateView.h"

namespace chancery::node {

std::string privateNamespace(std::string_view ns, std::string_view collection) {
    return std::string(ns).append("$$p").append(collection);
}

std::optional<PrivateNamespace> splitPrivateNamespace(std::string_view name) {
    const std::size_t at = name.find("$$p");
    if (at == std::string_view::npos) return std::nullopt;
    return PrivateNamespace{name.substr(0, at), name.substr(at + 3)};
}

}  // namespace chancery::node
