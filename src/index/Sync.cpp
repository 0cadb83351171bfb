#include "src/index/Sync.h"

#include <thread>

#include "fabric/common/configtx.pb.h"
#include "src/protocol/Snapshot.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::index {
namespace {

using Clock = std::chrono::steady_clock;

// A commit takes some milliseconds; what is not committed is verified again after a crash, and is
// not seen until then.
constexpr std::size_t kCommitTransactions = 20'000;
constexpr auto kCommitInterval = std::chrono::milliseconds(500);
// While blocks trickle in: so long may one stay unseen.
constexpr auto kFollowInterval = std::chrono::milliseconds(50);
constexpr std::uint64_t kMaxErrors = 100;
constexpr std::size_t kMaxFindings = 1000;

bool samePosition(const SourcePosition& a, const Checkpoint& b) {
    return a.file == b.file && a.offset == b.offset;
}

/// Notes where the last block ended that was given out.
class WatchedSource final : public protocol::BlockSource {
public:
    WatchedSource(Source source, const std::unordered_map<std::string, std::size_t>& files,
                  SourcePosition start)
        : m_source(std::move(source)), m_files(files), m_end(start) {}

    Result<std::optional<protocol::SourcedBlock>> next() override {
        auto block = m_source.next();
        if (block.ok() && *block)
            m_end = {m_files.at((*block)->file), (*block)->offset + (*block)->size};
        return block;
    }
    std::uint64_t bytesDone() const override { return m_source.bytesDone(); }
    std::uint64_t bytesTotal() const override { return m_source.bytesTotal(); }
    const SourcePosition& end() const { return m_end; }

private:
    Source m_source;
    const std::unordered_map<std::string, std::size_t>& m_files;
    SourcePosition m_end;
};

/// What has come by now, put down as it is read.
class FedSource final : public protocol::BlockSource {
public:
    FedSource(BlockFeed& feed, BlockLog& log, protocol::Block first)
        : m_feed(feed), m_log(log), m_first(std::move(first)) {}

    Result<std::optional<protocol::SourcedBlock>> next() override {
        auto block =
            m_first ? std::exchange(m_first, std::nullopt) : m_feed.next(Clock::time_point::min());
        if (!block || !m_failure.ok()) return std::optional<protocol::SourcedBlock>();
        auto sourced = m_log.append(*block);
        if (!sourced.ok()) {
            m_failure = sourced.status();
            return std::optional<protocol::SourcedBlock>();
        }
        m_done += sourced->size;
        return std::optional(*std::move(sourced));
    }
    std::uint64_t bytesDone() const override { return m_done; }
    std::uint64_t bytesTotal() const override { return m_done; }
    const Status& failure() const { return m_failure; }

private:
    BlockFeed& m_feed;
    BlockLog& m_log;
    std::optional<protocol::Block> m_first;
    std::uint64_t m_done = 0;
    Status m_failure;
};

/// The first error among these.
Status refused(std::span<const verify::Finding> findings) {
    for (const verify::Finding& finding : findings) {
        if (finding.severity != verify::Severity::Error) continue;
        ErrorArguments arguments = finding.arguments;
        std::erase_if(arguments, [](const auto& argument) {
            return argument.first == "why" || argument.first == "block";
        });
        arguments.emplace_back("why", finding.reason);
        if (finding.block) arguments.emplace_back("block", std::to_string(*finding.block));
        return makeError(StatusCode::kDataLoss, "BLOCK_REFUSED", finding.sentence,
                         std::move(arguments));
    }
    return {};
}

}  // namespace

Sync::Sync(IndexWriter& writer, store::Connection& connection, Options options)
    : m_writer(writer), m_connection(connection), m_options(std::move(options)) {
    for (std::size_t i = 0; i < m_options.files.size(); ++i)
        m_filePositions.emplace(m_options.files[i].path.string(), i);
}

Status Sync::prepare() {
    m_begun = m_committed = Clock::now();
    // What was wrong with a file's end is found again, or has been mended meanwhile.
    RETURN_IF_ERROR(m_writer.begin());
    ASSIGN_OR_RETURN(
        auto forgetting,
        m_connection.prepare("DELETE FROM findings WHERE block IS NULL AND severity = ?"));
    forgetting.bind(static_cast<int>(verify::Severity::Error));
    RETURN_IF_ERROR(forgetting.run());
    const auto forgotten = static_cast<std::uint64_t>(m_connection.changes());
    Checkpoint& checkpoint = m_writer.checkpoint();
    checkpoint.errors -= std::min(checkpoint.errors, forgotten);
    checkpoint.findings -= std::min(checkpoint.findings, forgotten);
    m_savedConfig = checkpoint.configBlock;
    return {};
}

Status Sync::run() {
    RETURN_IF_ERROR(prepare());
    const Checkpoint& checkpoint = m_writer.checkpoint();
    if (!checkpoint.ended) {
        ASSIGN_OR_RETURN(verify::ChainState chain, start());
        RETURN_IF_ERROR(commit());
        if (m_options.files.empty()) return {};
        RETURN_IF_ERROR(verify(std::move(chain)));
    }
    if (checkpoint.ended && !m_options.stop.stop_requested()) RETURN_IF_ERROR(indexUnchecked());
    return commit();
}

Result<verify::ChainState> Sync::start() {
    const Checkpoint& checkpoint = m_writer.checkpoint();
    return checkpoint.blocks == 0 && !checkpoint.snapshot ? freshStart() : resumed();
}

Result<verify::ChainState> Sync::freshStart() {
    Checkpoint& checkpoint = m_writer.checkpoint();
    verify::ChainState chain;
    if (m_options.snapshot) {
        ASSIGN_OR_RETURN(const auto snapshot, protocol::Snapshot::open(*m_options.snapshot));
        m_writer.state()->beginSnapshot();
        ASSIGN_OR_RETURN(chain, verify::ChainState::fromSnapshot(*snapshot, m_writer.state()));
        RETURN_IF_ERROR(m_writer.state()->endSnapshot());
        checkpoint.snapshot = checkpoint.stateTo = chain.last;
        Status status;
        chain.expiry.each([&](const verify::Expiry::Due& due) {
            if (status.ok()) status = m_writer.addDue(due);
        });
        RETURN_IF_ERROR(status);
    } else if (m_options.anchor) {
        ASSIGN_OR_RETURN(const auto source, protocol::openBlocks(*m_options.anchor));
        ASSIGN_OR_RETURN(const auto block, source->next());
        if (!block)
            return makeError(StatusCode::kInvalidArgument, "BAD_ANCHOR",
                             fmt::format("{} holds no block", m_options.anchor->string()),
                             {{"path", m_options.anchor->string()}});
        ASSIGN_OR_RETURN(chain, verify::ChainState::fromConfigBlock(block->block));
    }
    chain.outside = m_writer.state();
    if (chain.bundle && chain.configBlock) {
        RETURN_IF_ERROR(
            m_writer.addConfig(*chain.configBlock, wire::serialize(chain.bundle->config())));
        m_savedConfig = chain.configBlock;
    }
    checkpoint.channel = chain.channel;
    checkpoint.headerHash = chain.headerHash;
    checkpoint.commitHash = chain.commitHash;
    checkpoint.configBlock = chain.configBlock;
    checkpoint.anchorHash = chain.anchorHash;
    checkpoint.stateKnown = chain.stateKnown;
    checkpoint.start = chain.start;
    return chain;
}

Result<verify::ChainState> Sync::resumed() {
    const Checkpoint& checkpoint = m_writer.checkpoint();
    verify::ChainState chain;
    chain.channel = checkpoint.channel;
    chain.last = checkpoint.last ? checkpoint.last : checkpoint.snapshot;
    chain.headerHash = checkpoint.headerHash;
    chain.commitHash = checkpoint.commitHash;
    chain.configBlock = checkpoint.configBlock;
    chain.anchorHash = checkpoint.anchorHash;
    chain.stateKnown = checkpoint.stateKnown;
    chain.start = checkpoint.start;
    if (checkpoint.configBlock) {
        ASSIGN_OR_RETURN(auto finding,
                         m_connection.prepare("SELECT config FROM configs WHERE block = ?"));
        finding.bind(*checkpoint.configBlock);
        ASSIGN_OR_RETURN(const auto bytes,
                         finding.first([](store::Row& row) { return Bytes(row.blob(0)); }));
        if (!bytes)
            return makeError(StatusCode::kDataLoss, "DATABASE_DAMAGED",
                             "the index lacks the configuration in force",
                             {{"path", m_connection.path().string()}});
        ASSIGN_OR_RETURN(const auto config, wire::parse<::common::Config>(*bytes, "config"));
        ASSIGN_OR_RETURN(chain.bundle, channel::Bundle::fromConfig(chain.channel, config));
    }
    ASSIGN_OR_RETURN(
        auto dues,
        m_connection.prepare("SELECT e.due, s.contract, s.collection, k.key, e.written FROM expiry "
                             "e JOIN keys k ON k.id = e.key JOIN spaces s ON s.id = k.space"));
    RETURN_IF_ERROR(dues.each([&](store::Row& row) {
        chain.expiry.restore({row.unsignedInteger(0), std::string(row.blob(1)),
                              std::string(row.blob(2)), std::string(row.blob(3)),
                              row.unsignedInteger(4)});
    }));
    if (chain.stateKnown || checkpoint.blocks == 0) chain.outside = m_writer.state();
    return chain;
}

Status Sync::verify(verify::ChainState chain) {
    Checkpoint& checkpoint = m_writer.checkpoint();
    const SourcePosition from{checkpoint.file, checkpoint.offset};
    WatchedSource source(Source(m_options.files, from), m_filePositions, from);

    // Ends with the user's wish, or when nothing can be written any more.
    std::stop_source ending;
    const std::stop_callback forward(m_options.stop, [&] { ending.request_stop(); });
    Status failure;
    std::size_t told = 0;
    const auto guarded = [&](const auto& step) {
        if (!failure.ok()) return;
        failure = step();
        if (!failure.ok()) ending.request_stop();
    };
    chain.expiry.observe(
        [&](const verify::Expiry::Due& due) { guarded([&] { return m_writer.addDue(due); }); });
    const std::size_t threads = m_options.threads > 0
                                    ? m_options.threads
                                    : std::max(1U, std::thread::hardware_concurrency());
    // The calling thread works, too.
    TaskPool pool("index", std::max<std::size_t>(1, threads - 1));
    verify::ChainOptions options{
        .pool = threads > 1 ? &pool : nullptr,
        .stop = ending.get_token(),
        .maxErrors = kMaxErrors - std::min(kMaxErrors - 1, checkpoint.errors)};
    options.judged = [&](const verify::JudgedBlock& block) {
        told += block.findings.size();
        guarded([&] { return addJudged(block); });
    };
    options.progress = [&](const verify::Progress& progress) {
        m_options.progress(progress.bytesDone, progress.bytesTotal);
    };
    verify::ChainVerifier verifier(std::move(chain), std::move(options));
    const verify::Report& report = verifier.verify(source);
    RETURN_IF_ERROR(failure);
    const std::span<const verify::Finding> findings(report.findings);
    RETURN_IF_ERROR(addFindings(findings.subspan(std::min(told, findings.size()))));
    // Blocks were read that verification did not come to.
    if (!m_options.stop.stop_requested() && !samePosition(source.end(), checkpoint))
        checkpoint.ended = true;
    return commit();
}

Status Sync::follow(BlockFeed& feed, BlockLog& log) {
    RETURN_IF_ERROR(prepare());
    ASSIGN_OR_RETURN(verify::ChainState chain, start());
    m_log = &log;
    RETURN_IF_ERROR(commit());
    feed.begin(chain.last, chain.headerHash);

    std::stop_source ending;
    const std::stop_callback forward(m_options.stop, [&] { ending.request_stop(); });
    Status failure;
    std::size_t told = 0;
    const auto guarded = [&](const auto& step) {
        if (!failure.ok()) return;
        failure = step();
        if (!failure.ok()) ending.request_stop();
    };
    chain.expiry.observe(
        [&](const verify::Expiry::Due& due) { guarded([&] { return m_writer.addDue(due); }); });
    const std::size_t threads = m_options.threads > 0
                                    ? m_options.threads
                                    : std::max(1U, std::thread::hardware_concurrency());
    TaskPool pool("index", std::max<std::size_t>(1, threads - 1));
    verify::ChainOptions options{
        .pool = threads > 1 ? &pool : nullptr, .stop = ending.get_token(), .maxErrors = 1};
    options.judged = [&](const verify::JudgedBlock& block) {
        told += block.findings.size();
        if (!block.good) {
            guarded([&] { return refused(block.findings); });
            return;
        }
        guarded([&] { return addJudged(block); });
    };
    verify::ChainVerifier verifier(std::move(chain), std::move(options));
    while (!m_options.stop.stop_requested() && !feed.ended()) {
        const bool pending = m_uncommitted > 0 || m_writer.pending();
        const auto due = m_committed + kFollowInterval;
        auto block = feed.next(pending ? due : Clock::time_point::max());
        if (!block) {
            if (pending && Clock::now() >= due) RETURN_IF_ERROR(commit());
            continue;
        }
        FedSource source(feed, log, *std::move(block));
        const verify::Report& report = verifier.verify(source);
        RETURN_IF_ERROR(failure);
        RETURN_IF_ERROR(source.failure());
        const std::span<const verify::Finding> findings(report.findings);
        const auto rest = findings.subspan(std::min(told, findings.size()));
        told = findings.size();
        RETURN_IF_ERROR(refused(rest));
        RETURN_IF_ERROR(addFindings(rest));
    }
    return commit();
}

Status Sync::addJudged(const verify::JudgedBlock& block) {
    const BlockNumber number = block.sourced.block.number();
    const verify::ChainState& chain = block.chain;
    const bool trusted = !chain.anchorHash.empty() && chain.configBlock == number;
    const CheckResult check = !block.good                           ? CheckResult::Bad
                              : block.verdict != nullptr || trusted ? CheckResult::Good
                                                                    : CheckResult::Unchecked;
    RETURN_IF_ERROR(m_writer.add(block.sourced, block.transactions, block.verdict, check,
                                 chain.commitHash.value_or(Bytes())));
    if (chain.bundle && chain.configBlock && chain.configBlock != m_savedConfig) {
        RETURN_IF_ERROR(
            m_writer.addConfig(*chain.configBlock, wire::serialize(chain.bundle->config())));
        m_savedConfig = chain.configBlock;
    }
    RETURN_IF_ERROR(addFindings(block.findings));
    Checkpoint& checkpoint = m_writer.checkpoint();
    checkpoint.channel = chain.channel;
    checkpoint.headerHash = chain.headerHash;
    checkpoint.commitHash = chain.commitHash;
    checkpoint.configBlock = chain.configBlock;
    checkpoint.anchorHash = chain.anchorHash;
    checkpoint.stateKnown = chain.stateKnown;
    checkpoint.start = chain.start;
    if (checkpoint.errors == 0) checkpoint.verifiedTo = number;
    passed(block.sourced);
    return commitIfDue(block.sourced.block.transactionCount());
}

void Sync::passed(const protocol::SourcedBlock& sourced) {
    Checkpoint& checkpoint = m_writer.checkpoint();
    const BlockNumber number = sourced.block.number();
    if (number == 0 || (checkpoint.stateTo && number == *checkpoint.stateTo + 1))
        checkpoint.stateTo = number;
    // A log goes on in further files.
    checkpoint.file = m_filePositions.emplace(sourced.file, m_filePositions.size()).first->second;
    checkpoint.offset = sourced.offset + sourced.size;
}

Status Sync::addFindings(std::span<const verify::Finding> findings) {
    for (const verify::Finding& finding : findings) {
        const std::uint64_t before = m_writer.checkpoint().findings;
        RETURN_IF_ERROR(m_writer.addFinding(finding));
        if (m_writer.checkpoint().findings != before && before < kMaxFindings)
            m_findings.push_back(finding);
    }
    return {};
}

/// Blocks behind the end of verification, so that they can be looked at. Their recorded codes are
/// believed.
Status Sync::indexUnchecked() {
    Checkpoint& checkpoint = m_writer.checkpoint();
    Source source(m_options.files, {checkpoint.file, checkpoint.offset});
    const auto read = [&]() -> Result<std::optional<protocol::SourcedBlock>> {
        if (m_options.stop.stop_requested()) return std::optional<protocol::SourcedBlock>();
        auto block = source.next();
        m_options.progress(source.bytesDone(), source.bytesTotal());
        return block;
    };
    auto block = read();
    while (block.ok() && *block) {
        auto following = read();
        const BlockNumber number = (*block)->block.number();
        const BlockNumber expected =
            checkpoint.last ? *checkpoint.last + 1 : checkpoint.first.value_or(number);
        // A number out of line is a damaged one, unless the chain goes on behind it.
        const bool goesOn =
            !following.ok() || !*following || (*following)->block.number() == number + 1;
        if (number == expected || (number > expected && number <= kMaxBlock && goesOn))
            RETURN_IF_ERROR(
                m_writer.add(**block, {}, nullptr, CheckResult::Unchecked,
                             Bytes((*block)->block.commitHash().value_or(BytesView()))));
        passed(**block);
        RETURN_IF_ERROR(commitIfDue((*block)->block.transactionCount()));
        block = std::move(following);
    }
    if (block.ok()) return {};
    verify::Finding finding{.reason = reasonOf(block.status()),
                            .sentence = std::string(messageOf(block.status())),
                            .arguments = argumentsOf(block.status()),
                            .file = argumentOf(block.status(), "file")};
    return addFindings({&finding, 1});
}

Status Sync::commitIfDue(std::size_t transactions) {
    m_uncommitted += transactions;
    if (m_uncommitted < kCommitTransactions && Clock::now() - m_committed < kCommitInterval)
        return {};
    return commit();
}

Status Sync::commit() {
    const auto now = Clock::now();
    m_writer.checkpoint().elapsedNanos += static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(now - m_begun).count());
    m_begun = now;
    if (m_log != nullptr) RETURN_IF_ERROR(m_log->sync());
    RETURN_IF_ERROR(m_writer.commit());
    m_uncommitted = 0;
    m_committed = Clock::now();
    m_options.committed(m_writer.checkpoint(), std::exchange(m_findings, {}));
    return {};
}

}  // namespace chancery::index
