#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "src/index/Checkpoint.h"
#include "src/index/WriterState.h"
#include "src/store/Transaction.h"
#include "src/verify/ChainVerifier.h"

namespace chancery::index {

/// What verification says of a block; the column blocks.check_result.
enum class CheckResult { Unchecked = 0, Good = 1, Bad = 2 };

/// Writes blocks, transactions and key versions. One thread at a time; the connection is used by
/// nobody else meanwhile. After an error the object is thrown away with what was not committed.
class IndexWriter {
public:
    static Result<std::unique_ptr<IndexWriter>> create(store::Connection& connection,
                                                       BlockReader& blocks, Checkpoint start);
    ~IndexWriter();

    /// Counts and positions are brought forward by add(); the rest is the caller's.
    Checkpoint& checkpoint() { return m_checkpoint; }
    /// For the verification of the blocks that are going to be added.
    const std::shared_ptr<WriterState>& state() const { return m_state; }

    /// Each changes the open transaction, or opens one.
    Status add(const protocol::SourcedBlock& sourced,
               const std::vector<verify::PreparedTransaction>& prepared,
               const verify::BlockVerdict* verdict, CheckResult check, BytesView commitHash);
    Status addConfig(BlockNumber block, BytesView config);
    Status addFinding(const verify::Finding& finding);
    Status addDue(const verify::Expiry::Due& due);
    Status begin();

    /// With the checkpoint as it is now.
    Status commit();
    bool pending() const { return m_transaction.has_value(); }

private:
    struct Statements;
    struct Touch;
    struct Judged;

    IndexWriter(store::Connection& connection, BlockReader& blocks, Checkpoint start);
    Status addTransaction(const protocol::SourcedBlock& sourced, std::size_t index,
                          const protocol::Transaction& transaction, const Judged& judged);
    Status addKeys(Place place, const protocol::Transaction& transaction, bool valid);
    Status collect(const protocol::ReadWriteSet& set);
    Status touch(std::int64_t space, BytesView key, bool isPublic, std::int64_t what,
                 const std::vector<protocol::MetadataEntry>* metadata = nullptr);
    Status applyTouches(Place place, bool valid);
    Status applyOne(const Touch& touch, Place place, bool valid);
    Status addExpired(BlockNumber block, const verify::PendingUpdates& updates);

    store::Connection& m_connection;
    Names m_names;
    std::unique_ptr<KeyTable> m_keys;
    std::shared_ptr<WriterState> m_state;
    BlockReader& m_blocks;
    Checkpoint m_checkpoint;
    std::unique_ptr<Statements> m_statements;
    std::vector<Touch> m_touches;  // of one transaction; kept for its memory
    std::optional<store::Transaction> m_transaction;
};

/// Puts down how far an index is; what it says when there is nothing yet.
Status saveCheckpoint(store::Connection& connection, const Checkpoint& checkpoint);
Result<Checkpoint> loadCheckpoint(store::Connection& connection);

}  // namespace chancery::index
