#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "src/index/Checkpoint.h"
#include "src/index/Filter.h"
#include "src/index/Names.h"
#include "src/index/Rows.h"
#include "src/index/Shared.h"
#include "src/index/StateQueries.h"
#include "src/store/Transaction.h"

namespace common {
class Config;
}

namespace chancery::index {

/// One unchanging view of an index. One thread at a time. Errors are the database's, INTERRUPTED
/// when its stop was asked for, NOT_FOUND (NO_SUCH_BLOCK) and BlockReader's.
class View {
public:
    static Result<std::unique_ptr<View>> create(std::shared_ptr<Shared> shared,
                                                std::stop_token stop);
    ~View();

    const Checkpoint& checkpoint() const { return m_checkpoint; }
    store::Connection& connection() const { return *m_connection; }
    BlockReader& blockReader() const { return m_shared->blocks(); }

    /// Blocks in rows [first, first + count) of all, the newest in row 0.
    Result<std::vector<BlockRecord>> blocks(std::uint64_t first, std::size_t count) const;
    Result<std::vector<BlockRecord>> blocks(const std::vector<BlockNumber>& numbers) const;
    Result<std::optional<BlockRecord>> block(BlockNumber number) const;
    Result<std::optional<std::uint64_t>> rowOf(BlockNumber number) const;
    /// Looks through all blocks: hashes are only asked for by people who paste them.
    Result<std::optional<BlockNumber>> withHash(BytesView hash) const;
    /// The same for transactions.
    Result<std::vector<TransactionRecord>> transactions(std::uint64_t first,
                                                        std::size_t count) const;
    Result<std::vector<TransactionRecord>> transactions(const std::vector<Place>& places) const;
    Result<std::optional<TransactionRecord>> transaction(Place place) const;
    /// The first transaction that states this id.
    Result<std::optional<Place>> placeOf(std::string_view txId) const;

    /// What matches, of blocks or of transactions; kept from question to question. To be read
    /// under its mutex.
    Result<std::shared_ptr<MatchList>> matches(const Filter& filter, bool ofTransactions) const;
    Result<bool> matchesAny(const Filter& filter) const;

    /// Blocks by slices of time or of number, `width` wide, from `begin` on.
    Result<std::vector<HistogramRow>> slices(bool byTime, std::int64_t begin,
                                             std::int64_t width) const;
    /// First and last time of blocks; nothing when one of them states none.
    Result<std::optional<std::pair<std::int64_t, std::int64_t>>> times() const;
    /// Times of these blocks, which are in rising order.
    Status eachTime(
        const std::vector<BlockNumber>& blocks,
        const std::function<void(BlockNumber, std::optional<std::int64_t>)>& visit) const;
    Result<std::optional<std::pair<std::int64_t, std::int64_t>>> transactionTimes() const;

    /// Configuration in force for a block: of the newest config block before it.
    Result<std::optional<std::pair<BlockNumber, Bytes>>> configBefore(BlockNumber block) const;
    Result<channel::BundlePtr> bundleBefore(BlockNumber block) const;
    Result<std::vector<std::pair<BlockNumber, Bytes>>> configs() const;

    /// The state that a block meets. Valid as long as the view.
    StateAt stateBefore(BlockNumber block) const;
    StateQueries state() const { return StateQueries(*m_connection, m_shared->blocks()); }
    /// Whether stateBefore() is the whole state.
    bool stateKnownBefore(BlockNumber block) const;
    /// Values that were written, newest first: at most `limit` of them before a place.
    Result<std::vector<VersionRow>> history(std::int64_t key, Place before,
                                            std::size_t limit) const;
    /// Keys of a space that exist before a place, in byte order.
    Result<std::vector<KeyRecord>> keys(std::int64_t space, BytesView prefix, Place before,
                                        std::size_t limit) const;

    Result<std::vector<std::string>> names(NameKind kind) const;
    Result<std::vector<IdentityRecord>> identities() const;
    /// Public keys that begin so, over all contracts, in byte order.
    Result<std::vector<std::string>> keysBeginning(BytesView prefix, std::size_t limit) const;

    Result<std::vector<std::pair<std::string, std::pair<std::uint64_t, std::uint64_t>>>> calls()
        const;
    Result<std::vector<KeyCounts>> busiestKeys(std::size_t limit) const;
    Result<std::uint64_t> keysOf(std::string_view contract) const;
    Result<std::vector<std::pair<Place, std::optional<verify::Cause>>>> refused(
        std::size_t limit) const;

private:
    View(std::shared_ptr<Shared> shared, std::unique_ptr<store::Connection> connection,
         std::uint64_t generation)
        : m_shared(std::move(shared)),
          m_connection(std::move(connection)),
          m_generation(generation) {}
    Status bringForward(const Filter& filter, bool ofTransactions, MatchList& list) const;

    std::shared_ptr<Shared> m_shared;
    std::unique_ptr<store::Connection> m_connection;
    std::uint64_t m_generation;
    std::optional<store::Transaction> m_transaction;
    Checkpoint m_checkpoint;
    std::optional<std::stop_callback<std::function<void()>>> m_stop;
};

}  // namespace chancery::index
