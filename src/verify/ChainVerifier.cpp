#include "src/verify/ChainVerifier.h"

#include <chrono>
#include <vector>

#include "src/verify/ChainJudge.h"

namespace chancery::verify {
namespace {

// A window is large enough to keep all threads busy while it is judged, and small enough to be of
// no account in memory.
constexpr std::size_t kWindowTransactions = 512;
constexpr std::size_t kWindowBlocks = 512;
constexpr std::size_t kWindowBytes = 8U << 20;
constexpr auto kProgressInterval = std::chrono::milliseconds(100);

}  // namespace

/// Blocks that are prepared together. A configuration block stands alone, for it is judged by the
/// configuration before it and what follows by its own.
struct Window {
    std::vector<ReadyBlock> blocks;
    bool isConfig = false;
};

class ChainVerifier::Pipeline {
public:
    Pipeline(ChainState start, ChainOptions options)
        : m_options(std::move(options)), m_judge(std::move(start), m_options) {}

    const Report& run(protocol::BlockSource& source) {
        if (m_ended) return m_judge.report();
        m_source = &source;
        m_sourceStatus = {};
        Window next = read();
        Window ready;
        while (!m_ended && !(next.blocks.empty() && ready.blocks.empty())) {
            // What follows a configuration is prepared under it.
            if (ready.isConfig) {
                judge(ready);
                ready = {};
                if (m_ended) break;
            }
            // One round: judge what is ready, prepare the next window, read the one after it.
            Window following;
            const Preparation preparation(next, m_judge.chain());
            std::vector<std::function<void()>> first;
            if (!ready.blocks.empty()) first.push_back([&] { judge(ready); });
            first.push_back([&] { following = read(); });
            spread(first.size() + preparation.count(), [&](std::size_t index) {
                if (index < first.size())
                    first[index]();
                else
                    preparation.run(index - first.size());
            });
            ready = std::move(next);
            next = std::move(following);
            tellProgress(false);
        }
        if (m_options.stop.stop_requested()) m_judge.stopped();
        if (!m_ended && !m_sourceStatus.ok()) m_judge.sourceFailed(m_sourceStatus);
        tellProgress(true);
        return m_judge.report();
    }

    const ChainJudge& judged() const { return m_judge; }

private:
    /// The tasks of one window: each block's own checks, and each transaction.
    class Preparation {
    public:
        Preparation(Window& window, const ChainState& chain)
            : m_window(window),
              m_bundle(chain.bundle),
              m_channel(chain.channel),
              m_anchor(chain.last ? std::nullopt : chain.configBlock) {
            for (std::size_t b = 0; b < window.blocks.size(); ++b) {
                ReadyBlock& block = window.blocks[b];
                m_tasks.push_back({b, kWholeBlock});
                if (m_bundle == nullptr || isUnsigned(block)) continue;
                block.prepared.number = block.sourced.block.number();
                block.prepared.bundle = m_bundle;
                block.prepared.transactions.resize(block.sourced.block.transactionCount());
                for (std::size_t t = 0; t < block.prepared.transactions.size(); ++t)
                    m_tasks.push_back({b, t});
            }
        }

        std::size_t count() const { return m_tasks.size(); }

        void run(std::size_t index) const {
            const auto [b, t] = m_tasks[index];
            ReadyBlock& block = m_window.blocks[b];
            if (t == kWholeBlock)
                block.check = checkBlock(block.sourced, m_channel,
                                         isUnsigned(block) ? nullptr : m_bundle.get());
            else
                block.prepared.transactions[t] =
                    prepareTransaction(block.sourced.block.transaction(t), *m_bundle);
        }

    private:
        static constexpr std::size_t kWholeBlock = ~std::size_t{0};
        /// The first block of a chain, and a trusted configuration block, need no signature.
        bool isUnsigned(const ReadyBlock& block) const {
            const BlockNumber number = block.sourced.block.number();
            return number == 0 || m_anchor == number;
        }

        Window& m_window;
        channel::BundlePtr m_bundle;
        ChannelId m_channel;
        std::optional<BlockNumber> m_anchor;
        std::vector<std::pair<std::size_t, std::size_t>> m_tasks;
    };

    Window read() {
        Window window;
        std::size_t transactions = 0;
        std::size_t bytes = 0;
        while (window.blocks.size() < kWindowBlocks && transactions < kWindowTransactions &&
               bytes < kWindowBytes) {
            auto sourced = nextBlock();
            if (!sourced) break;
            const bool isConfig = sourced->block.isConfigBlock() || sourced->block.number() == 0;
            if (isConfig && !window.blocks.empty()) {
                m_heldBack = std::move(sourced);
                break;
            }
            transactions += sourced->block.transactionCount();
            bytes += sourced->size;
            window.blocks.push_back({*std::move(sourced), {}, {}});
            window.isConfig = isConfig;
            if (isConfig) break;
        }
        return window;
    }

    std::optional<protocol::SourcedBlock> nextBlock() {
        if (m_heldBack) return std::exchange(m_heldBack, std::nullopt);
        if (!m_sourceStatus.ok() || m_options.stop.stop_requested()) return std::nullopt;
        auto sourced = m_source->next();
        m_bytesDone = m_source->bytesDone();
        m_bytesTotal = m_source->bytesTotal();
        if (!sourced.ok()) {
            m_sourceStatus = std::move(sourced).status();
            return std::nullopt;
        }
        return *std::move(sourced);
    }

    void judge(Window& window) {
        for (const ReadyBlock& block : window.blocks) {
            if (m_ended) return;
            m_ended = m_options.stop.stop_requested() || !m_judge.pass(block);
        }
    }

    void spread(std::size_t count, const std::function<void(std::size_t)>& body) {
        if (m_options.pool != nullptr) return m_options.pool->forEach(count, body);
        for (std::size_t i = 0; i < count; ++i) body(i);
    }

    void tellProgress(bool atEnd) {
        if (!m_options.progress) return;
        const auto now = std::chrono::steady_clock::now();
        if (!atEnd && now - m_told < kProgressInterval) return;
        m_told = now;
        const Report& report = m_judge.report();
        m_options.progress({report.lastBlock, report.counters.blocks, m_bytesDone, m_bytesTotal});
    }

    ChainOptions m_options;
    ChainJudge m_judge;
    protocol::BlockSource* m_source = nullptr;
    std::optional<protocol::SourcedBlock> m_heldBack;
    Status m_sourceStatus;
    bool m_ended = false;
    std::uint64_t m_bytesDone = 0;
    std::uint64_t m_bytesTotal = 0;
    std::chrono::steady_clock::time_point m_told;
};

ChainVerifier::ChainVerifier(ChainState start, ChainOptions options)
    : m_pipeline(std::make_unique<Pipeline>(std::move(start), std::move(options))) {}

ChainVerifier::~ChainVerifier() = default;

const Report& ChainVerifier::verify(protocol::BlockSource& source) {
    return m_pipeline->run(source);
}

const ChainState& ChainVerifier::state() const {
    return m_pipeline->judged().chain();
}

const Report& ChainVerifier::report() const {
    return m_pipeline->judged().report();
}

}  // namespace chancery::verify
