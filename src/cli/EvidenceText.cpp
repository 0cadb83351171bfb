#include "src/cli/EvidenceText.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/cli/PolicyText.h"
#include "src/cli/Values.h"
#include "src/usecase/LedgerJson.h"

namespace chancery::cli {
namespace {

using usecase::EvidenceReport;
using usecase::EvidenceTransaction;
using usecase::LedgerFinding;

Text markOf(bool isGood) {
    return isGood ? good("✓") : bad("✗");
}

void printTransactions(Printer& out, const EvidenceReport& report, std::size_t limit) {
    out.heading("Transactions");
    std::size_t shown = 0;
    for (const EvidenceTransaction& one : report.transactions) {
        if (limit > 0 && shown++ == limit) {
            out.paragraph(quiet(fmt::format("… and {} more; --all shows them.",
                                            number(report.transactions.size() - limit))),
                          2);
            return;
        }
        const auto& summary = one.summary;
        Text text(fmt::format("Block {}, transaction {}: ", number(summary.block), summary.index),
                  Tone::Strong);
        text.add(summary.contract.empty() ? summary.type
                                          : summary.contract + "." + summary.function);
        text.add(summary.code ? ", recorded as " + summary.code->name
                              : std::string(", no verdict recorded"));
        out.item(markOf(one.agrees), text, 2);
        out.fields({{"Id", summary.txId},
                    {"Sent by", nameOf(summary.creator)},
                    {"Endorsed by", one.endorsementsGood == 0
                                        ? Text()
                                        : Text(counted(one.endorsementsGood, "endorser") +
                                               " whose signatures are good")}},
                   4);
        for (const auto& policy : one.policies)
            out.item(markOf(policy.satisfied),
                     Text(fmt::format("{}: {}", policy.subject.english, policy.text.english)), 4);
        out.paragraph(one.verdict.english, 4);
    }
}

void printList(Printer& out, std::string_view title, const std::vector<std::string>& sentences) {
    if (sentences.empty()) return;
    out.heading(title);
    for (const std::string& sentence : sentences) out.item("•", sentence, 2);
}

}  // namespace

void printEvidence(Printer& out, const EvidenceReport& report, std::size_t limit) {
    const std::size_t errors = report.count(LedgerFinding::Severity::Error);
    if (report.good())
        out.line(good("✓ ") + strong(fmt::format("The evidence is sound: {} of channel {}",
                                                 counted(report.transactions.size(), "transaction"),
                                                 report.channel)));
    else
        out.line(bad("✗ ") +
                 strong(fmt::format("The evidence is refused: {}", counted(errors, "error"))));
    out.fields(
        {{"Made", report.madeAt + (report.madeBy.empty() ? "" : " with " + report.madeBy)},
         {"Files", counted(report.files, "file") + ", each with the hash that the pack states"},
         {"Blocks", fmt::format("{}, {} of them configure the channel", number(report.blocks),
                                report.configBlocks)},
         {"Signatures", fmt::format("{} of orderers, {} of senders, {} of endorsers",
                                    number(report.ordererSignatures),
                                    number(report.creatorSignatures), number(report.endorsements))},
         {"Hash of block 0", toHex(report.genesisHash)}},
        2);
    if (!report.good()) {
        out.heading("What is wrong");
        std::size_t shown = 0;
        for (const LedgerFinding& finding : report.findings) {
            if (limit > 0 && shown++ == limit) break;
            Text text;
            if (finding.block) {
                text.add(fmt::format("Block {}", number(*finding.block)), Tone::Strong);
                if (finding.transaction)
                    text.add(fmt::format(", transaction {}", *finding.transaction), Tone::Strong);
                text.add(": ", Tone::Strong);
            }
            text.add(finding.sentence);
            out.item(bad("✗"), text, 2);
            if (!finding.file.empty()) out.paragraph(quiet(finding.file), 4);
        }
        if (limit > 0 && errors > limit)
            out.paragraph(
                quiet(fmt::format("… and {} more; --all shows them.", number(errors - limit))), 2);
    }
    if (!report.transactions.empty()) printTransactions(out, report, limit);
    if (report.good()) printList(out, "What the pack proves", report.proved);
    printList(out, "What it cannot prove", report.notProved);
}

Json toJson(const EvidenceReport& report) {
    Json transactions = Json::array();
    for (const EvidenceTransaction& one : report.transactions) {
        Json row = toJson(one.summary);
        row["creator_signature_good"] = one.creatorGood;
        row["good_endorsements"] = one.endorsementsGood;
        row["policies"] = Json::array();
        for (const auto& policy : one.policies) row["policies"].push_back(toJson(policy));
        row["verdict"] = one.verdict.english;
        row["agrees"] = one.agrees;
        transactions.push_back(std::move(row));
    }
    Json findings = Json::array();
    for (const LedgerFinding& finding : report.findings) {
        Json row = {{"reason", finding.reason},
                    {"sentence", bytesToJson(finding.sentence)},
                    {"file", bytesToJson(finding.file)}};
        if (finding.block) row["block"] = *finding.block;
        if (finding.transaction) row["transaction"] = *finding.transaction;
        findings.push_back(std::move(row));
    }
    return Json{{"evidence", true},
                {"good", report.good()},
                {"channel", bytesToJson(report.channel)},
                {"made_by", bytesToJson(report.madeBy)},
                {"made_at", bytesToJson(report.madeAt)},
                {"genesis_hash", toHex(report.genesisHash)},
                {"files", report.files},
                {"blocks", report.blocks},
                {"config_blocks", report.configBlocks},
                {"signatures",
                 {{"orderers", report.ordererSignatures},
                  {"creators", report.creatorSignatures},
                  {"endorsements", report.endorsements}}},
                {"transactions", std::move(transactions)},
                {"proved", report.proved},
                {"not_proved", report.notProved},
                {"findings", std::move(findings)}};
}

void printEvidence(Printer& out, const std::string& folder,
                   const usecase::ExportEvidenceResult& result) {
    out.line(good("✓ ") + Text(fmt::format("{}: evidence for {} of channel {}, in {} with {}.",
                                           folder, counted(result.transactions, "transaction"),
                                           result.channel, counted(result.files.size(), "file"),
                                           counted(result.blocks, "block"))));
    out.paragraph("report.html is for people; \"chanceryctl ledger verify\" checks the folder.", 2);
    printList(out, "The pack contradicts the ledger", result.differences);
    printList(out, "What the pack proves", result.proved);
    printList(out, "What it cannot prove", result.notProved);
}

Json toJson(const std::string& folder, const usecase::ExportEvidenceResult& result) {
    Json files = Json::array();
    for (const usecase::EvidenceFile& file : result.files)
        files.push_back({{"name", file.name}, {"size", file.size}, {"sha256", toHex(file.sha256)}});
    return Json{{"out", bytesToJson(folder)},
                {"channel", bytesToJson(result.channel)},
                {"transactions", result.transactions},
                {"blocks", result.blocks},
                {"files", std::move(files)},
                {"differences", result.differences},
                {"proved", result.proved},
                {"not_proved", result.notProved}};
}

}  // namespace chancery::cli
