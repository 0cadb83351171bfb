#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "node/ledger/ChannelLedger.h"
#include "node/ledger/HistoryTable.h"
#include "node/ledger/PrivateTables.h"
#include "node/ledger/TransactionTable.h"
#include "node/state/RichIndexes.h"
#include "node/state/StateTable.h"
#include "node/state/StateWriter.h"
#include "src/store/Connection.h"
#include "src/store/Transaction.h"
#include "src/verify/Contracts.h"

namespace chancery::node {

/// The state as the writing connection sees it: the last commit, or what is about to be committed.
/// One thread at a time.
class WriterState final : public verify::StateReader {
public:
    WriterState(StateTable& table, StateWriter& writer) : m_table(table), m_writer(writer) {}

    Result<std::optional<verify::StateValue>> get(std::string_view ns,
                                                  std::string_view key) const override;
    Result<std::optional<protocol::Version>> version(std::string_view ns,
                                                     std::string_view key) const override;
    Result<Bytes> metadata(std::string_view ns, std::string_view key) const override;
    Result<std::unique_ptr<verify::StateCursor>> range(std::string_view ns, std::string_view start,
                                                       std::string_view end) const override {
        return m_table.range(ns, start, end);
    }
    Result<bool> hasTransaction(std::string_view txId) const override;

private:
    StateTable& m_table;
    StateWriter& m_writer;
};

/// The database of a ledger as its one writer changes it. One thread at a time.
class LedgerWriter {
public:
    struct Options {
        bool history = true;
        std::function<Status(std::string_view step)> reached;
    };
    /// The connection must outlive it.
    LedgerWriter(store::Connection& connection, Namespaces& namespaces, Options options);
    Status load();

    /// Number of the next block, and the hash of the one before.
    BlockNumber height() const { return m_height; }
    const Bytes& lastHash() const { return m_lastHash; }

    /// Whether it is a commit of the next block at all. BAD_COMMIT; also BLOCK_OUT_OF_ORDER.
    Status check(const Commit& commit) const;
    /// All of a block in one transaction. After an error nothing of it is there.
    Status apply(const Commit& commit);
    /// Within a change, as recordCollections.
    Status recordMissing(const std::vector<MissingPrivateData>& missing);
    /// See ChannelLedger::reconcile.
    Status reconcile(BlockNumber block, const std::vector<PrivateWrites>& writes);
    Status recordCollections(std::string_view contract, BlockNumber block, BytesView package);

    /// Makes the statements behind it read without locking anew each time, until the next change.
    Status beginReading();
    const WriterState& state() const { return m_state; }
    StateTable& table() { return m_table; }
    StateWriter& stateWriter() { return m_stateWriter; }
    RichIndexes& indexes() { return m_indexes; }
    PrivateTables& privateTables() { return m_private; }
    TransactionTable& transactions() { return m_transactions; }
    store::Connection& connection() { return m_connection; }
    Namespaces& namespaces() { return m_namespaces; }

    /// Runs `body` in a transaction of its own; `sync`: it is on disk then.
    Status change(bool sync, const std::function<Status()>& body);
    Status createIndexes(const std::vector<RichIndex>& indexes);
    Status setHeight(BlockNumber height, BytesView lastHash);
    /// When private data that are written in this block end; 0: never.
    Result<BlockNumber> endOf(std::string_view ns, std::string_view collection, BlockNumber block);

private:
    struct PublicWrite {
        std::string_view ns, key;
        std::size_t transaction;
    };
    struct Purge {
        std::string ns;  // private one
        Bytes keyHash;
        protocol::Version place;
    };
    /// What the read/write sets of the valid transactions say beyond the updates.
    struct Details {
        std::vector<PublicWrite> writes;  // sorted by namespace, key, transaction
        std::vector<Purge> purges;
        std::vector<protocol::Transaction> decoded;  // what the views point into
    };

    Status reached(std::string_view step) const {
        return m_options.reached ? m_options.reached(step) : absl::OkStatus();
    }
    static Details detailsOf(const Commit& commit,
                             const std::vector<protocol::ValidationCode>& codes);
    static void addDetails(const protocol::ReadWriteSet& set, const protocol::Version& place,
                           Details& details);
    Status applyAll(const Commit& commit, const std::vector<protocol::ValidationCode>& codes);
    Status applyPublic(const Commit& commit, const Details& details);
    Status applyHashed(const verify::PendingUpdates& updates, BlockNumber block);
    Status applyPrivate(const Commit& commit);
    Status applyClear(const PrivateWrites& writes, const protocol::Version& place, std::int64_t ns,
                      bool onlyCurrent);
    Status keepCollections(const verify::PendingUpdates& updates, BlockNumber block);

    store::Connection& m_connection;
    Namespaces& m_namespaces;
    Options m_options;
    StateTable m_table;
    RichIndexes m_indexes;
    StateWriter m_stateWriter;
    WriterState m_state;
    HistoryTable m_history;
    TransactionTable m_transactions;
    PrivateTables m_private;
    verify::Contracts m_contracts;
    BlockNumber m_height = 0;
    Bytes m_lastHash;
    bool m_isSynced = false;
    std::optional<store::Transaction> m_reading;
};

}  // namespace chancery::node
