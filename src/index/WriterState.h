#pragma once

#include "src/index/KeyTable.h"
#include "src/index/StateQueries.h"
#include "src/verify/State.h"

namespace chancery::index {

/// The state that verification reads while the index is being written: the newest versions, those
/// of the open transaction included. What blocks write arrives with IndexWriter::add, so put() and
/// the like do nothing but while a snapshot is loaded. Same thread as the connection.
class WriterState final : public verify::StateStore {
public:
    WriterState(store::Connection& connection, BlockReader& blocks, Names& names, KeyTable& keys)
        : m_connection(connection), m_queries(connection, blocks), m_names(names), m_keys(keys) {}

    /// From here on what is put is what a snapshot holds.
    void beginSnapshot() { m_loading = true; }
    /// The first error in what was put.
    Status endSnapshot();

    Result<std::optional<verify::StateValue>> get(std::string_view ns,
                                                  std::string_view key) const override;
    Result<std::optional<protocol::Version>> version(std::string_view ns,
                                                     std::string_view key) const override;
    Result<Bytes> metadata(std::string_view ns, std::string_view key) const override;
    Result<std::unique_ptr<verify::StateCursor>> range(std::string_view ns, std::string_view start,
                                                       std::string_view end) const override;
    Result<bool> hasTransaction(std::string_view txId) const override;
    TxId transactionAt(const protocol::Version& place) const override;
    std::optional<protocol::Version> deletion(std::string_view ns,
                                              std::string_view key) const override;

    void put(std::string_view ns, std::string_view key, verify::StateValue value) override;
    void remove(std::string_view, std::string_view, const protocol::Version&) override {}
    void addTransactions(BlockNumber, const std::vector<std::string>&) override {}
    void addTransaction(std::string_view txId) override;
    std::size_t memoryBytes() const override { return 0; }

private:
    Result<const KeyTable::Key*> find(std::string_view ns, std::string_view key) const;
    Status putEarlier(std::string_view ns, std::string_view key, const verify::StateValue& value);

    store::Connection& m_connection;
    StateQueries m_queries;
    Names& m_names;
    KeyTable& m_keys;
    bool m_loading = false;
    Status m_status;
};

}  // namespace chancery::index
