#include "src/usecase/VerifyLedger.h"

#include <chrono>
#include <thread>

#include "src/base/TaskPool.h"
#include "src/protocol/BlockFile.h"
#include "src/protocol/Snapshot.h"
#include "src/usecase/Findings.h"
#include "src/verify/ChainVerifier.h"
#include "src/verify/Coverage.h"
#include "src/wire/Varint.h"

namespace chancery::usecase {
namespace {

void take(const verify::Report& found, VerificationReport& report) {
    report.channel = found.channel.str();
    report.firstBlock = found.firstBlock;
    report.lastBlock = found.lastBlock;
    report.verifiedTo = found.verifiedTo;
    report.stopped = found.stopped;
    report.signaturesFrom = found.scope.signaturesFrom;
    report.codesFrom = found.scope.codesFrom;
    report.codesTo = found.scope.codesTo;
    report.commitHashesFrom = found.scope.commitHashesFrom;
    report.trusted = found.scope.start;
    report.blocks = found.counters.blocks;
    report.configBlocks = found.counters.configBlocks;
    report.transactions = found.counters.transactions;
    report.bytes = found.counters.bytes;
    report.ordererSignatures = found.counters.ordererSignatures;
    report.creatorSignatures = found.counters.creatorSignatures;
    report.endorsements = found.counters.endorsements;
    for (const auto& [code, count] : found.counters.codes)
        report.codes[static_cast<std::uint8_t>(code)] = {protocol::nameOf(code), count};
    report.findingsLeftOut = found.counters.findingsLeftOut;
    for (const verify::Finding& finding : found.findings)
        report.findings.push_back(describe(finding));
    report.recordedCodes = std::none_of(
        found.findings.begin(), found.findings.end(),
        [](const verify::Finding& finding) { return finding.reason == "NO_RECORDED_CODES"; });
    report.lastBlockHash = found.lastBlockHash;
    report.lastCommitHash = found.lastCommitHash;
    report.configBlock = found.configBlock;
    report.configSequence = found.configSequence;
}

SnapshotSummary summarise(const protocol::Snapshot& snapshot, const std::filesystem::path& folder,
                          const verify::ChainState& chain) {
    const protocol::SnapshotInfo& info = snapshot.info();
    SnapshotSummary summary{.channel = info.channel.str(),
                            .lastBlock = info.lastBlock,
                            .lastBlockHash = info.lastBlockHash,
                            .database = info.stateDbType,
                            .configSequence = chain.bundle->sequence()};
    for (const auto& [name, hash] : info.fileHashes) {
        std::error_code ignored;
        summary.files[name] = std::filesystem::file_size(folder / name, ignored);
    }
    if (const auto keys = snapshot.publicState(); keys.ok()) summary.publicKeys = (*keys)->count();
    if (const auto keys = snapshot.privateHashes(); keys.ok())
        summary.privateHashes = (*keys)->count();
    if (const auto ids = snapshot.txIds(); ids.ok()) summary.transactionIds = (*ids)->count();
    return summary;
}

/// Adds up what covers which bytes of the blocks.
class CoverageSum {
public:
    explicit CoverageSum(const verify::Scope& scope) : m_scope(scope) {}

    void add(const protocol::SourcedBlock& sourced) {
        using verify::Container;
        // A block whose container is not written as Fabric writes it is an error by itself; here it
        // counts as the message that it should be.
        Bytes bytes = sourced.block.serialize();
        Container container = Container::Message;
        if (bytes.size() != sourced.size) {
            // A ledger file has the length of each record before it.
            const Bytes record = protocol::encodeBlockRecord(sourced.block);
            std::uint64_t length = 0;
            const char* const content =
                wire::readVarint(record.data(), record.data() + record.size(), length);
            if (length == sourced.size) {
                bytes = record.substr(static_cast<std::size_t>(content - record.data()));
                container = Container::Record;
                add(verify::CoveredBy::Encoding, record.size() - bytes.size());
            }
        }
        const auto coverage =
            verify::Coverage::of(protocol::SharedBytes(std::move(bytes)), container, m_scope);
        if (!coverage.ok()) return;
        for (const verify::CoveredSpan& span : coverage->spans()) {
            CoverageRow& row = add(span.by, span.end - span.begin);
            if (span.by == verify::CoveredBy::Nothing)
                row.whyNot[span.why] += span.end - span.begin;
        }
    }

    std::vector<CoverageRow> rows() const {
        std::vector<CoverageRow> rows;
        for (const auto& [by, row] : m_rows) rows.push_back(row);
        return rows;
    }

private:
    CoverageRow& add(verify::CoveredBy by, std::uint64_t bytes) {
        CoverageRow& row = m_rows[by];
        row.by = verify::nameOf(by);
        row.bytes += bytes;
        ++row.spans;
        return row;
    }

    verify::Scope m_scope;
    std::map<verify::CoveredBy, CoverageRow> m_rows;
};

Result<verify::ChainState> startOf(const VerifyLedgerRequest& request, VerificationReport& report) {
    const bool snapshotAlone =
        !request.snapshot && request.paths.size() == 1 && isSnapshotFolder(request.paths.front());
    if (request.snapshot || snapshotAlone) {
        const auto& folder = snapshotAlone ? request.paths.front() : *request.snapshot;
        ASSIGN_OR_RETURN(const auto snapshot, protocol::Snapshot::open(folder));
        ASSIGN_OR_RETURN(auto chain, verify::ChainState::fromSnapshot(*snapshot));
        report.snapshot = summarise(*snapshot, folder, chain);
        return chain;
    }
    if (request.anchor) {
        ASSIGN_OR_RETURN(const auto source, protocol::openBlocks(*request.anchor));
        ASSIGN_OR_RETURN(const auto block, source->next());
        if (!block)
            return makeError(StatusCode::kInvalidArgument, "BAD_ANCHOR",
                             fmt::format("{} holds no block", request.anchor->string()),
                             {{"path", request.anchor->string()}});
        return verify::ChainState::fromConfigBlock(block->block);
    }
    return verify::ChainState();
}

}  // namespace

std::size_t VerificationReport::count(LedgerFinding::Severity severity) const {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [&](const LedgerFinding& finding) { return finding.severity == severity; }));
}

Result<VerificationReport> VerifyLedger::run(const VerifyLedgerRequest& request) const {
    const auto begin = std::chrono::steady_clock::now();
    VerificationReport report;
    ASSIGN_OR_RETURN(verify::ChainState start, startOf(request, report));
    const bool snapshotAlone = !request.snapshot && report.snapshot.has_value();
    report.threads =
        request.threads > 0 ? request.threads : std::max(1U, std::thread::hardware_concurrency());
    if (snapshotAlone) {
        report.channel = report.snapshot->channel;
        report.trusted = start.start;
    } else {
        ASSIGN_OR_RETURN(const auto source, openLedger(request.paths));
        // The calling thread works, too.
        TaskPool pool("verify", std::max<std::size_t>(1, report.threads - 1));
        verify::ChainOptions options{.pool = report.threads > 1 ? &pool : nullptr,
                                     .stop = request.stop};
        if (request.progress)
            options.progress = [&](const verify::Progress& progress) {
                request.progress({.bytesDone = progress.bytesDone,
                                  .bytesTotal = progress.bytesTotal,
                                  .blocks = progress.blocks,
                                  .block = progress.block});
            };
        verify::ChainVerifier verifier(std::move(start), std::move(options));
        const verify::Report& found = verifier.verify(*source);
        take(found, report);
        if (request.coverage) {
            CoverageSum sum(found.scope);
            ASSIGN_OR_RETURN(const auto again, openLedger(request.paths));
            for (;;) {
                const auto block = again->next();
                if (!block.ok() || !*block) break;
                sum.add(**block);
            }
            report.coverage = sum.rows();
        }
    }
    report.elapsed = absl::FromChrono(std::chrono::steady_clock::now() - begin);
    return report;
}

}  // namespace chancery::usecase
