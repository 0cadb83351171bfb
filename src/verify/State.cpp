#include "src/verify/State.h"

namespace chancery::verify {

std::string hashedNamespace(std::string_view ns, std::string_view collection) {
    std::string name;
    name.reserve(ns.size() + 3 + collection.size());
    return name.append(ns).append("$$h").append(collection);
}

TxId StateReader::transactionAt(const Version&) const {
    return {};
}

std::optional<Version> StateReader::deletion(std::string_view, std::string_view) const {
    return std::nullopt;
}

}  // namespace chancery::verify
