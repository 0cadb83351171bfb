#include "src/usecase/BrowseLedger.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "src/protocol/BlockFile.h"

namespace chancery::usecase {
namespace {

Status unfinished(std::string_view what) {
    return makeError(StatusCode::kUnimplemented, "UNIMPLEMENTED",
                     fmt::format("{} is not there yet", what));
}

}  // namespace

struct BrowseLedger::Impl {
    explicit Impl(OpenLedgerRequest asked)
        : request(std::move(asked)), describe(request.location) {}

    void tell() {
        std::map<int, std::function<void()>> copy;
        {
            const std::lock_guard lock(mutex);
            ++status.revision;
            copy = *listeners;
        }
        for (const auto& [id, changed] : copy) changed();
    }

    OpenLedgerRequest request;
    DescribeLedger describe;
    mutable std::mutex mutex;
    LedgerStatus status;
    std::vector<BlockRow> rows;  // oldest first
    std::shared_ptr<std::map<int, std::function<void()>>> listeners =
        std::make_shared<std::map<int, std::function<void()>>>();
    int nextListener = 0;
};

BrowseLedger::BrowseLedger(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
BrowseLedger::~BrowseLedger() = default;

Result<std::unique_ptr<BrowseLedger>> BrowseLedger::open(const OpenLedgerRequest& request) {
    return std::unique_ptr<BrowseLedger>(new BrowseLedger(std::make_unique<Impl>(request)));
}

Status BrowseLedger::sync(std::stop_token stop) {
    VerifyLedgerRequest verify{.paths = m_impl->request.location.paths,
                               .snapshot = m_impl->request.location.snapshot,
                               .anchor = m_impl->request.anchor,
                               .threads = m_impl->request.threads,
                               .stop = stop};
    verify.progress = [this](const Progress& progress) {
        {
            const std::lock_guard lock(m_impl->mutex);
            m_impl->status.phase = LedgerStatus::Phase::Reading;
            m_impl->status.bytesDone = progress.bytesDone;
            m_impl->status.bytesTotal = progress.bytesTotal;
        }
        m_impl->tell();
    };
    const auto report = VerifyLedger().run(verify);
    if (!report.ok()) {
        {
            const std::lock_guard lock(m_impl->mutex);
            m_impl->status.phase = LedgerStatus::Phase::Failed;
            m_impl->status.failure = report.status();
        }
        m_impl->tell();
        return report.status();
    }
    auto summaries = m_impl->describe.blocks(0, ~BlockNumber{0});
    {
        const std::lock_guard lock(m_impl->mutex);
        LedgerStatus& status = m_impl->status;
        status.phase = report->stopped ? LedgerStatus::Phase::Paused : LedgerStatus::Phase::Done;
        status.channel = report->channel;
        status.firstBlock = report->firstBlock;
        status.lastBlock = report->lastBlock;
        status.verifiedTo = report->verifiedTo;
        status.blocks = report->blocks;
        status.transactions = report->transactions;
        for (const auto& [code, row] : report->codes)
            if (code != 0) status.invalid += row.second;
        status.errors = report->count(LedgerFinding::Severity::Error);
        status.findings = report->findings;
        for (const auto& finding : report->findings)
            if (finding.severity == LedgerFinding::Severity::Error && !status.firstError)
                status.firstError = finding;
        status.trusted = report->trusted;
        status.elapsed = report->elapsed;
        m_impl->rows.clear();
        if (summaries.ok()) {
            for (BlockSummary& summary : *summaries) {
                BlockRow row;
                static_cast<BlockSummary&>(row) = std::move(summary);
                row.check = BlockRow::Check::Good;
                for (const auto& finding : report->findings)
                    if (finding.severity == LedgerFinding::Severity::Error &&
                        finding.block == row.number)
                        row.check = BlockRow::Check::Bad;
                m_impl->rows.push_back(std::move(row));
            }
        }
    }
    m_impl->tell();
    return absl::OkStatus();
}

Status BrowseLedger::startAgain() {
    const std::lock_guard lock(m_impl->mutex);
    const std::uint64_t revision = m_impl->status.revision;
    m_impl->status = {};
    m_impl->status.revision = revision + 1;
    m_impl->rows.clear();
    return absl::OkStatus();
}

LedgerStatus BrowseLedger::status() const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->status;
}

Subscription BrowseLedger::onChanged(std::function<void()> changed) {
    const std::lock_guard lock(m_impl->mutex);
    const int id = m_impl->nextListener++;
    (*m_impl->listeners)[id] = std::move(changed);
    Impl* const impl = m_impl.get();
    return Subscription([impl, id] {
        const std::lock_guard inner(impl->mutex);
        impl->listeners->erase(id);
    });
}

Result<BlockPage> BrowseLedger::blocks(const LedgerQuery& query, std::uint64_t first,
                                       std::size_t count, std::stop_token) const {
    if (!query.empty()) return unfinished("searching");
    const std::lock_guard lock(m_impl->mutex);
    BlockPage page{.total = m_impl->rows.size()};
    for (std::uint64_t i = first; i < first + count && i < m_impl->rows.size(); ++i)
        page.rows.push_back(m_impl->rows[m_impl->rows.size() - 1 - i]);
    return page;
}

Result<std::optional<std::uint64_t>> BrowseLedger::rowOf(const LedgerQuery& query,
                                                         BlockNumber block) const {
    if (!query.empty()) return unfinished("searching");
    const std::lock_guard lock(m_impl->mutex);
    for (std::size_t i = 0; i < m_impl->rows.size(); ++i)
        if (m_impl->rows[i].number == block)
            return std::optional<std::uint64_t>(m_impl->rows.size() - 1 - i);
    return std::optional<std::uint64_t>();
}

Result<TransactionPage> BrowseLedger::transactions(const LedgerQuery&, std::uint64_t, std::size_t,
                                                   std::stop_token) const {
    return unfinished("searching");
}
Result<std::vector<std::size_t>> BrowseLedger::fruitlessTerms(const LedgerQuery&) const {
    return unfinished("searching");
}
Result<std::vector<LedgerCompletion>> BrowseLedger::complete(std::string_view, std::size_t,
                                                             std::size_t) const {
    return unfinished("completion");
}
Result<std::vector<HistogramBucket>> BrowseLedger::histogram(const LedgerQuery&,
                                                             std::size_t) const {
    return unfinished("the histogram");
}

Result<BlockDescription> BrowseLedger::block(BlockNumber number) const {
    return m_impl->describe.block(number);
}
Result<TransactionDescription> BrowseLedger::transaction(
    const TransactionReference& reference) const {
    return m_impl->describe.transaction(reference);
}
Result<EnvelopeNode> BrowseLedger::envelope(const WrittenAt&) const {
    return unfinished("the tree of an envelope");
}

Result<Bytes> BrowseLedger::rawBlock(BlockNumber number) const {
    ASSIGN_OR_RETURN(const auto source, openLedger(m_impl->request.location.paths));
    for (;;) {
        ASSIGN_OR_RETURN(const auto block, source->next());
        if (!block)
            return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK",
                             fmt::format("there is no block {}", number),
                             {{"block", std::to_string(number)}});
        if (block->block.number() == number) return block->block.serialize();
    }
}
Result<Bytes> BrowseLedger::rawTransaction(const WrittenAt&) const {
    return unfinished("raw transactions");
}

Result<KeyDescription> BrowseLedger::key(const KeyReference& reference,
                                         std::optional<BlockNumber> at, std::size_t limit) const {
    ASSIGN_OR_RETURN(auto key, m_impl->describe.key(reference, at));
    if (key.history.size() > limit) key.history.resize(limit);
    return key;
}
Result<std::vector<KeyDescription>> BrowseLedger::state(const KeyReference&,
                                                        std::optional<BlockNumber>,
                                                        std::size_t) const {
    return unfinished("listing the state");
}

Result<LedgerOverview> BrowseLedger::overview() const {
    return m_impl->describe.overview();
}

Result<LedgerComparisonResult> compareLedgers(const BrowseLedger&, const BrowseLedger&,
                                              std::optional<BlockNumber>) {
    return unfinished("comparing ledgers");
}

}  // namespace chancery::usecase
