#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "node/state/StateTable.h"
#include "src/store/Connection.h"

namespace chancery::node {

/// Told of every key that changes, in the order of the changes: what keeps rich indexes.
class StateObserver {
public:
    virtual ~StateObserver() = default;
    /// `value` is null when the key is gone.
    virtual Status changed(std::int64_t ns, std::string_view key, const Bytes* value) = 0;
};

/// What the state has of a key, as the writer knows it.
struct KnownKey {
    std::optional<std::int64_t> row;  ///< nothing: there is no such key
    std::int64_t history = 0;         ///< newest row of its history; 0 for none
    bool hasValue = false;            ///< value.value is filled
    verify::StateValue value;
};

/// Changes keys within the transaction of the writing connection, and keeps in memory what was read
/// and written lately, for validation asks again and again for the same keys. One thread at a time;
/// the errors are the store's, and then the transaction must be given up.
class StateWriter {
public:
    /// `observer` may be null.
    StateWriter(store::Connection& connection, StateObserver* observer)
        : m_connection(connection), m_observer(observer) {}
    Status load();

    /// Valid until the next call but one.
    Result<KnownKey*> know(std::int64_t ns, std::string_view key);
    /// With its value.
    Result<KnownKey*> knowValue(std::int64_t ns, std::string_view key);
    /// To be called when a transaction was rolled back.
    void forget();

    /// `history` is the newest row of the key's history then.
    Status put(std::int64_t ns, std::string_view key, const verify::StateValue& value,
               std::int64_t history = 0);
    Status remove(std::int64_t ns, std::string_view key, std::int64_t history = 0);
    /// A new version for a key, if it exists.
    Status touch(std::int64_t ns, std::string_view key, const protocol::Version& version);
    /// Removes the key when its version is of that block.
    Status removeIfWrittenIn(std::int64_t ns, std::string_view key, BlockNumber block);

private:
    using Keys = std::unordered_map<std::string, KnownKey>;

    Status readKey(std::int64_t ns, std::string_view key, KnownKey& into);
    Status tell(std::int64_t ns, std::string_view key, const Bytes* value);
    void keepValue(KnownKey& known, const verify::StateValue& value);

    store::Connection& m_connection;
    StateObserver* m_observer;
    bool m_anyDeleted = false;  // the table of deleted keys is not empty
    Keys m_young, m_old;        // by number of the namespace and key
    std::size_t m_youngBytes = 0;
};

}  // namespace chancery::node
