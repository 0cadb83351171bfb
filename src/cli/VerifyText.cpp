#include "src/cli/VerifyText.h"

#include "src/base/Encoding.h"
#include "src/cli/FindingText.h"
#include "src/cli/ValidationText.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

using namespace usecase;
using Severity = LedgerFinding::Severity;

std::string_view wordOf(Severity severity) {
    switch (severity) {
        case Severity::Note:
            return "note";
        case Severity::Warning:
            return "warning";
        case Severity::Error:
            break;
    }
    return "error";
}

Text markOf(Severity severity) {
    switch (severity) {
        case Severity::Note:
            return accent("i");
        case Severity::Warning:
            return warning("!");
        case Severity::Error:
            break;
    }
    return bad("✗");
}

void printSnapshot(Printer& out, const SnapshotSummary& snapshot, bool alone) {
    if (alone) out.line(good("✓ ") + strong("The snapshot is intact"));
    out.fields(
        {{"Snapshot of", Text(fmt::format("channel {} after block {}", snapshot.channel,
                                          number(snapshot.lastBlock)))},
         {"Block hash", Text(toHex(snapshot.lastBlockHash))},
         {"Holds", Text(fmt::format("{}, {}, {}", counted(snapshot.publicKeys, "public key"),
                                    number(snapshot.privateHashes) + " hashes of private data",
                                    counted(snapshot.transactionIds, "transaction id")))},
         {"Configuration", Text(fmt::format("number {}", number(snapshot.configSequence)))},
         {"Files", Text(fmt::format("{}, all with the hashes that the snapshot names",
                                    number(snapshot.files.size())))}},
        2);
    if (alone)
        out.paragraph(quiet("The snapshot vouches for itself only. Compare the block hash with one "
                            "of another peer, or verify the "
                            "chain up to that block."),
                      2);
}

void printHeadline(Printer& out, const VerificationReport& report) {
    const std::string channel = report.channel.empty() ? "The chain" : "Channel " + report.channel;
    if (report.blocks == 0) {
        out.line(bad("✗ ") + strong("No block could be checked"));
        return;
    }
    if (report.good() && !report.signaturesFrom) {
        out.line(warning("! ") +
                 strong(fmt::format(
                     "{} holds together to block {}, but nobody's signature could be checked",
                     channel, number(report.verifiedTo.value_or(0)))));
        return;
    }
    if (report.good()) {
        out.line(good("✓ ") + strong(fmt::format("{} verified to block {}", channel,
                                                 number(report.verifiedTo.value_or(0)))));
        return;
    }
    if (report.stopped && report.count(Severity::Error) == 0) {
        out.line(warning("! ") + strong("Stopped before the end"));
        return;
    }
    const std::string upTo =
        report.verifiedTo ? fmt::format("verified to block {} only", number(*report.verifiedTo))
                          : std::string("not verified at all");
    out.line(bad("✗ ") + strong(fmt::format("{} {}: {}", channel, upTo,
                                            counted(report.count(Severity::Error), "error"))));
}

std::string checkedOf(const VerificationReport& report) {
    std::vector<std::string> parts{"links, hashes and form of every block"};
    const auto add = [&](std::string_view what, const std::optional<BlockNumber>& from) {
        if (!from) return;
        // Block 0 has nothing to check, so block 1 is the beginning, too.
        const bool all = *from <= std::max<BlockNumber>(report.firstBlock.value_or(0), 1);
        parts.push_back(all ? std::string(what)
                            : fmt::format("{} from block {} on", what, number(*from)));
    };
    add("every signature of orderers, senders and endorsers", report.signaturesFrom);
    add("every verdict of the peers", report.codesFrom);
    add("the fingerprint of the state after every block", report.commitHashesFrom);
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
    if (report.codesTo && report.codesTo != report.lastBlock)
        text += fmt::format("; verdicts to block {} only", number(*report.codesTo));
    return text;
}

Text verdictsOf(const VerificationReport& report) {
    std::uint64_t valid = 0;
    std::uint64_t judged = 0;
    for (const auto& [code, row] : report.codes) {
        if (code == 0) valid = row.second;
        if (code != 254) judged += row.second;
    }
    std::string text = fmt::format("{}: {} valid, {} refused", number(report.transactions),
                                   number(valid), number(judged - valid));
    if (judged < report.transactions)
        text += fmt::format(", {} not judged", number(report.transactions - judged));
    if (!report.recordedCodes)
        text += "; found out here, for the blocks record no verdicts";
    else if (judged > 0)
        text += report.codesFrom && report.good() ? " by the peers, rightly" : " by the peers";
    return text;
}

void printFigures(Printer& out, const VerificationReport& report) {
    const std::uint64_t signatures =
        report.ordererSignatures + report.creatorSignatures + report.endorsements;
    const double seconds = absl::ToDoubleSeconds(report.elapsed);
    const auto rate = [&](std::uint64_t count) {
        return number(
            static_cast<std::uint64_t>(static_cast<double>(count) / std::max(seconds, 1e-6)));
    };
    out.fields(
        {{"Blocks", report.firstBlock
                        ? Text(fmt::format("{} ({} to {}), {}; {} of them configure the channel",
                                           number(report.blocks), number(*report.firstBlock),
                                           number(report.lastBlock.value_or(0)), size(report.bytes),
                                           number(report.configBlocks)))
                        : Text()},
         {"Transactions", verdictsOf(report)},
         {"Signatures",
          Text(fmt::format("{}: {} of orderers, {} of senders, {} of endorsers", number(signatures),
                           number(report.ordererSignatures), number(report.creatorSignatures),
                           number(report.endorsements)))},
         {"Checked", Text(checkedOf(report))},
         {"Trusted", Text(report.trusted.english)},
         {"Configuration", report.configBlock ? Text(fmt::format("number {}, from block {}",
                                                                 number(report.configSequence),
                                                                 number(*report.configBlock)))
                                              : Text()},
         {"Last block's hash", Text(toHex(report.lastBlockHash))},
         {"State fingerprint", Text(toHex(report.lastCommitHash))},
         {"Took", Text(fmt::format("{} on {}, {} signatures/s", duration(report.elapsed),
                                   counted(report.threads, "core"), rate(signatures)))}},
        2);
}

void printFindings(Printer& out, const VerificationReport& report, std::size_t limit) {
    for (const auto& [severity, title] :
         {std::pair{Severity::Error, "What is wrong"}, std::pair{Severity::Warning, "What is odd"},
          std::pair{Severity::Note, "What could not be checked"}}) {
        if (report.count(severity) == 0) continue;
        out.heading(title);
        std::size_t shown = 0;
        for (const LedgerFinding& finding : report.findings) {
            if (finding.severity != severity) continue;
            if (limit > 0 && shown == limit) break;
            ++shown;
            std::string where;
            if (finding.block) where = fmt::format("Block {}", number(*finding.block));
            if (finding.transaction) where += fmt::format(", transaction {}", *finding.transaction);
            Text text = where.empty() ? Text() : Text(where + ": ", Tone::Strong);
            text.add(finding.sentence);
            out.item(markOf(severity), text, 2);
            if (!finding.cause.empty() &&
                finding.sentence.find(finding.cause.english) == std::string::npos)
                out.paragraph(finding.cause.english, 4);
            if (const std::string_view why = whyItMatters(finding.reason); !why.empty())
                out.paragraph(quiet(why), 4);
            std::string place = finding.file;
            if (finding.bytes)
                place += fmt::format(
                    ", bytes {} to {}", number(finding.bytes->first),
                    number(finding.bytes->second > finding.bytes->first ? finding.bytes->second - 1
                                                                        : finding.bytes->first));
            if (!finding.txId.empty())
                place +=
                    fmt::format("{}transaction id {}", place.empty() ? "" : "; ", finding.txId);
            if (!place.empty()) out.paragraph(quiet(place), 4);
        }
        if (shown < report.count(severity))
            out.paragraph(quiet(fmt::format("… and {} more; --all shows them.",
                                            number(report.count(severity) - shown))),
                          2);
    }
    if (report.findingsLeftOut > 0)
        out.paragraph(quiet(fmt::format("{} further findings were counted, not kept.",
                                        number(report.findingsLeftOut))),
                      2);
}

void printCoverage(Printer& out, const VerificationReport& report) {
    if (report.coverage.empty()) return;
    std::uint64_t all = 0;
    for (const CoverageRow& row : report.coverage) all += row.bytes;
    out.heading("What would notice a change of a byte");
    Table table({{"Noticed by"},
                 {"Bytes", Align::Right},
                 {"Share", Align::Right},
                 {"Because", Align::Left, Fit::Wrap, 24}});
    for (const CoverageRow& row : report.coverage)
        table.row({row.by == "nothing" ? warning(row.by) : Text(row.by), number(row.bytes),
                   fmt::format("{:.3f} %", all == 0 ? 0
                                                    : 100.0 * static_cast<double>(row.bytes) /
                                                          static_cast<double>(all)),
                   std::string(describeCover(row.by))});
    out.table(table, 2);
    for (const CoverageRow& row : report.coverage)
        for (const auto& [why, bytes] : row.whyNot)
            out.item(warning("!"), Text(fmt::format("{}: {}", counted(bytes, "byte"), why)), 2);
}

}  // namespace

void printVerification(Printer& out, const VerificationReport& report, std::size_t limit) {
    if (report.blocks == 0 && report.snapshot && report.findings.empty()) {
        printSnapshot(out, *report.snapshot, true);
        return;
    }
    printHeadline(out, report);
    if (report.blocks > 0) printFigures(out, report);
    if (report.snapshot) printSnapshot(out, *report.snapshot, false);
    printFindings(out, report, limit);
    printCoverage(out, report);
}

Json toJson(const VerificationReport& report) {
    const auto optional = [](const auto& value) { return value ? Json(*value) : Json(); };
    Json codes = Json::object();
    for (const auto& [code, row] : report.codes) codes[row.first] = row.second;
    Json findings = Json::array();
    for (const LedgerFinding& finding : report.findings) {
        Json row{{"severity", wordOf(finding.severity)},
                 {"reason", finding.reason},
                 {"sentence", finding.sentence},
                 {"block", optional(finding.block)},
                 {"transaction", optional(finding.transaction)}};
        if (!finding.txId.empty()) row["txid"] = bytesToJson(finding.txId);
        if (!finding.file.empty()) row["file"] = bytesToJson(finding.file);
        if (finding.bytes) row["bytes"] = {finding.bytes->first, finding.bytes->second};
        if (const std::string_view why = whyItMatters(finding.reason); !why.empty())
            row["why_it_matters"] = why;
        findings.push_back(std::move(row));
    }
    Json json{{"channel", report.channel},
              {"good", report.good()},
              {"stopped", report.stopped},
              {"first_block", optional(report.firstBlock)},
              {"last_block", optional(report.lastBlock)},
              {"verified_to", optional(report.verifiedTo)},
              {"trusted", report.trusted.english},
              {"checked_from",
               {{"signatures", optional(report.signaturesFrom)},
                {"validation_codes", optional(report.codesFrom)},
                {"commit_hashes", optional(report.commitHashesFrom)}}},
              {"validation_codes_checked_to", optional(report.codesTo)},
              {"recorded_codes", report.recordedCodes},
              {"blocks", report.blocks},
              {"config_blocks", report.configBlocks},
              {"transactions", report.transactions},
              {"bytes", report.bytes},
              {"signatures",
               {{"orderers", report.ordererSignatures},
                {"creators", report.creatorSignatures},
                {"endorsements", report.endorsements}}},
              {"code_counts", std::move(codes)},
              {"current_block_hash", toHex(report.lastBlockHash)},
              {"commit_hash", toHex(report.lastCommitHash)},
              {"last_config_block", optional(report.configBlock)},
              {"last_config_sequence", report.configSequence},
              {"seconds", absl::ToDoubleSeconds(report.elapsed)},
              {"threads", report.threads},
              {"findings", std::move(findings)},
              {"findings_left_out", report.findingsLeftOut}};
    if (report.snapshot) {
        json["snapshot"] = {{"channel_name", report.snapshot->channel},
                            {"last_block_number", report.snapshot->lastBlock},
                            {"last_block_hash", toHex(report.snapshot->lastBlockHash)},
                            {"state_db_type", report.snapshot->database},
                            {"public_keys", report.snapshot->publicKeys},
                            {"private_hashes", report.snapshot->privateHashes},
                            {"transaction_ids", report.snapshot->transactionIds},
                            {"config_sequence", report.snapshot->configSequence},
                            {"files", report.snapshot->files}};
    }
    if (!report.coverage.empty()) {
        Json coverage = Json::array();
        for (const CoverageRow& row : report.coverage) {
            coverage.push_back({{"by", row.by}, {"bytes", row.bytes}, {"spans", row.spans}});
            if (!row.whyNot.empty()) coverage.back()["why_not"] = row.whyNot;
        }
        json["coverage"] = std::move(coverage);
    }
    return json;
}

}  // namespace chancery::cli
