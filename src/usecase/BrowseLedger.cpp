#include "src/usecase/BrowseLedger.h"

#include <map>
#include <mutex>

#include "src/index/LedgerIndex.h"
#include "src/usecase/EnvelopeTree.h"
#include "src/usecase/Findings.h"
#include "src/usecase/LedgerAnswers.h"
#include "src/usecase/LedgerQuestions.h"

namespace chancery::usecase {
namespace {

LedgerStatus::Phase phaseOf(index::SyncPhase phase) {
    switch (phase) {
        case index::SyncPhase::NotStarted:
            break;
        case index::SyncPhase::Reading:
            return LedgerStatus::Phase::Reading;
        case index::SyncPhase::Paused:
            return LedgerStatus::Phase::Paused;
        case index::SyncPhase::Done:
            return LedgerStatus::Phase::Done;
        case index::SyncPhase::Failed:
            return LedgerStatus::Phase::Failed;
    }
    return LedgerStatus::Phase::NotStarted;
}

/// Who wants to hear of changes. Lives as long as the last subscription.
struct Listeners {
    std::mutex mutex;
    int next = 0;
    std::map<int, std::shared_ptr<const std::function<void()>>> all;

    void tell() {
        std::vector<std::shared_ptr<const std::function<void()>>> now;
        {
            const std::lock_guard lock(mutex);
            for (const auto& [id, changed] : all) now.push_back(changed);
        }
        for (const auto& changed : now) (*changed)();
    }
};

}  // namespace

struct BrowseLedger::Impl {
    std::unique_ptr<index::LedgerIndex> index;
    std::shared_ptr<Listeners> listeners = std::make_shared<Listeners>();
};

BrowseLedger::BrowseLedger(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
BrowseLedger::~BrowseLedger() = default;

Result<std::unique_ptr<BrowseLedger>> BrowseLedger::open(const OpenLedgerRequest& request) {
    auto impl = std::make_unique<Impl>();
    ASSIGN_OR_RETURN(impl->index, index::LedgerIndex::open({.folder = request.indexes,
                                                            .paths = request.location.paths,
                                                            .snapshot = request.location.snapshot,
                                                            .anchor = request.anchor,
                                                            .threads = request.threads}));
    impl->index->onChanged([listeners = impl->listeners] { listeners->tell(); });
    return std::unique_ptr<BrowseLedger>(new BrowseLedger(std::move(impl)));
}

Status BrowseLedger::sync(std::stop_token stop) {
    return m_impl->index->sync(std::move(stop));
}

Status BrowseLedger::follow(index::BlockFeed& feed, std::stop_token stop) {
    return m_impl->index->follow(feed, std::move(stop));
}

Status BrowseLedger::startAgain() {
    return m_impl->index->startAgain();
}

LedgerStatus BrowseLedger::status() const {
    const index::IndexStatus now = m_impl->index->status();
    const index::Checkpoint& at = now.checkpoint;
    LedgerStatus status{.phase = phaseOf(now.phase),
                        .channel = at.channel.str(),
                        .firstBlock = at.first,
                        .lastBlock = at.last,
                        .verifiedTo = at.verifiedTo,
                        .blocks = at.blocks,
                        .transactions = at.transactions,
                        .invalid = at.invalid,
                        .bytesDone = now.bytesDone,
                        .bytesTotal = now.bytesTotal,
                        .errors = at.errors,
                        .trusted = at.start,
                        .elapsed = absl::Nanoseconds(at.elapsedNanos),
                        .failure = now.failure,
                        .revision = now.revision};
    for (const verify::Finding& finding : now.findings) {
        status.findings.push_back(describe(finding));
        if (finding.severity == verify::Severity::Error && !status.firstError)
            status.firstError = status.findings.back();
    }
    return status;
}

Subscription BrowseLedger::onChanged(std::function<void()> changed) {
    const auto listeners = m_impl->listeners;
    const std::lock_guard lock(listeners->mutex);
    const int id = listeners->next++;
    listeners->all.emplace(id, std::make_shared<const std::function<void()>>(std::move(changed)));
    return Subscription([listeners, id] {
        const std::lock_guard inner(listeners->mutex);
        listeners->all.erase(id);
    });
}

Result<BlockPage> BrowseLedger::blocks(const LedgerQuery& query, std::uint64_t first,
                                       std::size_t count, std::stop_token stop) const {
    ASSIGN_OR_RETURN(const auto view, m_impl->index->look(std::move(stop)));
    return blockPage(*view, query, first, count);
}

Result<std::optional<std::uint64_t>> BrowseLedger::rowOf(const LedgerQuery& query,
                                                         BlockNumber block) const {
    ASSIGN_OR_RETURN(const auto view, m_impl->index->look());
    return rowOfBlock(*view, query, block);
}

Result<std::optional<BlockNumber>> BrowseLedger::blockWithHash(BytesView hash,
                                                               std::stop_token stop) const {
    ASSIGN_OR_RETURN(const auto view, m_impl->index->look(std::move(stop)));
    return view->withHash(hash);
}

Result<TransactionPage> BrowseLedger::transactions(const LedgerQuery& query, std::uint64_t first,
                                                   std::size_t count, std::stop_token stop) const {
    ASSIGN_OR_RETURN(const auto view, m_impl->index->look(std::move(stop)));
    return transactionPage(*view, query, first, count);
}

Result<std::vector<std::size_t>> BrowseLedger::fruitlessTerms(const LedgerQuery& query) const {
    ASSIGN_OR_RETURN(const auto view, m_impl->index->look());
    return fruitless(*view, query);
}

Result<std::vector<LedgerCompletion>> BrowseLedger::complete(std::string_view text,
                                                             std::size_t cursor,
                                                             std::size_t limit) const {
    ASSIGN_OR_RETURN(const auto view, m_impl->index->look());
    return completions(*view, text, cursor, limit);
}

Result<std::vector<HistogramBucket>> BrowseLedger::histogram(const LedgerQuery& query,
                                                             std::size_t buckets) const {
    ASSIGN_OR_RETURN(const auto view, m_impl->index->look());
    return bucketsOf(*view, query, buckets);
}

Result<BlockDescription> BrowseLedger::block(BlockNumber number) const {
    ASSIGN_OR_RETURN(const auto view, m_impl->index->look());
    return blockAnswer(*view, number);
}

Result<TransactionDescription> BrowseLedger::transaction(
    const TransactionReference& reference) const {
    ASSIGN_OR_RETURN(const auto view, m_impl->index->look());
    return transactionAnswer(*view, reference);
}

Result<EnvelopeNode> BrowseLedger::envelope(const WrittenAt& place) const {
    ASSIGN_OR_RETURN(const Bytes bytes, rawTransaction(place));
    return envelopeTree(bytes);
}

Result<Bytes> BrowseLedger::rawBlock(BlockNumber number) const {
    ASSIGN_OR_RETURN(const auto view, m_impl->index->look());
    ASSIGN_OR_RETURN(const auto block, view->blockReader().read(view->connection(), number));
    return block->block.serialize();
}

Result<Bytes> BrowseLedger::rawTransaction(const WrittenAt& place) const {
    ASSIGN_OR_RETURN(const auto view, m_impl->index->look());
    return envelopeAt(*view, place);
}

Result<KeyDescription> BrowseLedger::key(const KeyReference& reference,
                                         std::optional<BlockNumber> at, std::size_t limit) const {
    ASSIGN_OR_RETURN(const auto view, m_impl->index->look());
    return keyAnswer(*view, reference, at, limit);
}

Result<std::vector<KeyDescription>> BrowseLedger::state(const KeyReference& prefix,
                                                        std::optional<BlockNumber> at,
                                                        std::size_t limit) const {
    ASSIGN_OR_RETURN(const auto view, m_impl->index->look());
    return stateAnswer(*view, prefix, at, limit);
}

Result<LedgerOverview> BrowseLedger::overview() const {
    std::string damage;
    for (const verify::Finding& finding : m_impl->index->status().findings)
        if (!finding.block && finding.severity == verify::Severity::Error && damage.empty())
            damage = finding.sentence;
    ASSIGN_OR_RETURN(const auto view, m_impl->index->look());
    return overviewAnswer(*view, std::move(damage));
}

}  // namespace chancery::usecase
