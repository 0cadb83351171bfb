#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/verify/PendingUpdates.h"
#include "src/verify/State.h"

namespace chancery::verify {

/// What the validation of a transaction needs to know of a contract's definition: read from the
/// state as a peer reads it, with its leniency (a missing field is an empty one).
struct Contract {
    struct Collection {
        std::string name;
        std::optional<Bytes> endorsementPolicy;  ///< ApplicationPolicy; absent: the contract's
        std::uint64_t blockToLive = 0;           ///< blocks; 0 for ever
    };

    std::string name;
    bool defined = false;
    bool legacy = false;  ///< defined by Fabric 1.x (namespace lscc)
    std::int64_t sequence = 0;
    std::string version;
    std::string plugin;                   ///< "vscc" is the built-in one
    Bytes policy;                         ///< ApplicationPolicy
    std::vector<Collection> collections;  ///< without the organisations' implicit ones
    /// Not empty when the state holds what cannot be read as a definition: peers stop at any use.
    std::string broken;

    /// As peers look it up for the lifetime of private data: implicit collections of any name
    /// exist for every contract but those of Fabric 1.x. Nothing when there is no such collection.
    std::optional<Collection> collection(std::string_view name) const;
};

/// Definitions by name, read once and kept until the namespaces that hold them change. One thread
/// at a time.
class Contracts {
public:
    /// The definition in `state`. The pointer is valid until forget() or the next look-up. The
    /// error is the store's.
    Result<const Contract*> find(std::string_view name, const StateReader& state);
    /// To be called with the updates of each block.
    void update(const PendingUpdates& updates);
    void forget() { m_known.clear(); }

private:
    std::map<std::string, Contract, std::less<>> m_known;
};

}  // namespace chancery::verify
