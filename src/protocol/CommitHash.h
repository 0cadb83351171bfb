#pragma once

#include <map>
#include <span>
#include <string>

#include "src/base/Bytes.h"
#include "src/protocol/ValidationCode.h"
#include "src/protocol/Version.h"

namespace chancery::protocol {

/// What the valid transactions of one block leave behind, in the order in which the commit hash
/// covers it. A metadata-only write stands here with the key's current value and its new version.
class UpdateBatch {
public:
    struct Update {
        bool isDelete = false;
        Bytes value;
        Version version;
    };

    void put(std::string_view ns, std::string_view key, BytesView value, const Version& version);
    void remove(std::string_view ns, std::string_view key, const Version& version);
    void putHash(std::string_view ns, std::string_view collection, BytesView keyHash,
                 BytesView valueHash, const Version& version);
    void removeHash(std::string_view ns, std::string_view collection, BytesView keyHash,
                    const Version& version);

    struct Namespace {
        std::map<std::string, Update, std::less<>> keys;
        std::map<std::string, std::map<std::string, Update, std::less<>>, std::less<>> collections;
    };
    const std::map<std::string, Namespace, std::less<>>& namespaces() const { return m_namespaces; }
    bool empty() const { return m_namespaces.empty(); }
    void clear() { m_namespaces.clear(); }

    /// The bytes that the commit hash covers (fact sheet B §3.5): the namespace "" is left out.
    Bytes serialize() const;

private:
    std::map<std::string, Namespace, std::less<>> m_namespaces;
};

/// SHA-256 over uvarint(count of codes) ‖ codes ‖ updates ‖ previous hash. `previous` is empty for
/// block 1; block 0 has no commit hash.
Bytes computeCommitHash(std::span<const ValidationCode> codes, BytesView updates,
                        BytesView previous);

}  // namespace chancery::protocol
