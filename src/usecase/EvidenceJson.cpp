#include "src/usecase/EvidenceJson.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/usecase/EvidenceContent.h"
#include "src/usecase/Rfc3339.h"

namespace chancery::usecase {
namespace {

Json placeJson(const std::optional<WrittenAt>& place) {
    if (!place) return nullptr;
    return Json{{"block", place->block}, {"transaction", place->transaction}};
}

Json nameJson(const IdentityName& name) {
    return Json{{"msp_id", bytesToJson(name.mspId.str())},
                {"common_name", bytesToJson(name.commonName)},
                {"organizational_units", name.organizationalUnits},
                {"fingerprint", name.fingerprint}};
}

Json changesJson(const std::vector<ConfigChange>& changes) {
    Json array = Json::array();
    for (const ConfigChange& change : changes) {
        Json one = {{"path", bytesToJson(change.path)}, {"sentence", bytesToJson(change.sentence)}};
        if (!change.details.empty()) one["details"] = changesJson(change.details);
        array.push_back(std::move(one));
    }
    return array;
}

Json explanationJson(const PolicyExplanation& explanation) {
    Json json = {{"rule", bytesToJson(explanation.rule)},
                 {"satisfied", explanation.satisfied},
                 {"needed", explanation.needed},
                 {"have", explanation.have}};
    if (!explanation.usedBy.empty()) json["used_by"] = bytesToJson(explanation.usedBy);
    if (!explanation.why.empty()) json["why"] = bytesToJson(explanation.why);
    for (const PolicyExplanation& part : explanation.parts)
        json["parts"].push_back(explanationJson(part));
    return json;
}

Json signaturesJson(const std::vector<EvidenceSignature>& signatures) {
    Json array = Json::array();
    for (const EvidenceSignature& signature : signatures) {
        Json one = {{"of", signature.what},
                    {"good", signature.good},
                    {"certificate", signature.certificate},
                    {"message", signature.message},
                    {"signature", signature.signature},
                    {"message_size", signature.size}};
        if (signature.offset) one["offset_in_block_file"] = *signature.offset;
        if (!signature.why.empty()) one["why"] = bytesToJson(signature.why.english);
        array.push_back(std::move(one));
    }
    return array;
}

void addAccess(Json& json, const TransactionDescription& transaction) {
    json["reads"] = Json::array();
    for (const ReadDescription& read : transaction.reads)
        json["reads"].push_back({{"contract", bytesToJson(read.contract)},
                                 {"collection", bytesToJson(read.collection)},
                                 {"key", bytesToJson(read.key)},
                                 {"version", placeJson(read.read)}});
    for (const RangeReadDescription& range : transaction.rangeReads)
        json["range_reads"].push_back({{"contract", bytesToJson(range.contract)},
                                       {"start", bytesToJson(range.start)},
                                       {"end", bytesToJson(range.end)},
                                       {"exhausted", range.exhausted}});
    json["writes"] = Json::array();
    for (const WriteDescription& write : transaction.writes)
        json["writes"].push_back({{"contract", bytesToJson(write.contract)},
                                  {"collection", bytesToJson(write.collection)},
                                  {"key", bytesToJson(write.key)},
                                  {"value", write.after ? bytesToJson(*write.after) : Json()},
                                  {"purge", write.purge}});
    for (const KeyPolicyDescription& policy : transaction.keyPolicies)
        json["key_policies"].push_back(
            {{"contract", bytesToJson(policy.contract)},
             {"collection", bytesToJson(policy.collection)},
             {"key", bytesToJson(policy.key)},
             {"policy", policy.policy ? bytesToJson(*policy.policy) : Json()}});
}

Json transactionJson(const EvidenceTransaction& told, const EvidenceDetails& details) {
    const TransactionDescription& transaction = details.description;
    const TransactionSummary& summary = transaction.summary;
    Json json = {{"block", summary.block},
                 {"index", summary.index},
                 {"tx_id", bytesToJson(summary.txId)},
                 {"type", summary.type},
                 {"channel", bytesToJson(transaction.channel)},
                 {"stated_time", summary.time ? Json(rfc3339(*summary.time)) : Json()},
                 {"creator", summary.creator ? nameJson(*summary.creator) : Json()},
                 {"recorded_code", summary.code ? Json(summary.code->name) : Json()},
                 {"verdict", told.verdict.english},
                 {"agrees", told.agrees}};
    if (!summary.contract.empty()) {
        json["contract"] = bytesToJson(summary.contract);
        json["contract_version"] = bytesToJson(transaction.contractVersion);
        json["function"] = bytesToJson(summary.function);
        json["arguments"] = Json::array();
        for (const Bytes& argument : transaction.arguments)
            json["arguments"].push_back(bytesToJson(argument));
        if (transaction.responseStatus) json["response_status"] = *transaction.responseStatus;
        json["response"] = bytesToJson(transaction.responsePayload);
        addAccess(json, transaction);
    }
    if (transaction.event)
        json["event"] = {{"name", bytesToJson(transaction.event->first)},
                         {"payload", bytesToJson(transaction.event->second)}};
    if (details.definedAt)
        json["definition"] = {{"block", *details.definedAt},
                              {"sequence", details.definitionSequence},
                              {"version", bytesToJson(details.definitionVersion)}};
    for (const EndorsementDescription& endorsement : transaction.endorsements)
        json["endorsements"].push_back({{"endorser", nameJson(endorsement.endorser)},
                                        {"counts", endorsement.counts},
                                        {"why", bytesToJson(endorsement.why.english)}});
    for (const PolicyVerdict& policy : transaction.policies)
        json["policies"].push_back({{"of", bytesToJson(policy.subject.english)},
                                    {"policy", bytesToJson(policy.text.english)},
                                    {"satisfied", policy.satisfied},
                                    {"sentence", bytesToJson(policy.sentence.english)},
                                    {"explanation", explanationJson(policy.explanation)}});
    if (!transaction.configChanges.empty())
        json["config_changes"] = changesJson(transaction.configChanges);
    for (const Sentence& fault : transaction.faults)
        json["faults"].push_back(bytesToJson(fault.english));
    json["signatures"] = signaturesJson(details.signatures);
    return json;
}

Json blockJson(const EvidenceBlock& block) {
    const BlockDescription& description = block.description;
    Json json = {{"number", description.summary.number},
                 {"file", block.file},
                 {"hash", toHex(description.summary.hash)},
                 {"previous_hash", toHex(description.previousHash)},
                 {"data_hash", toHex(description.dataHash)},
                 {"transactions", description.summary.transactions},
                 {"last_config", description.lastConfig ? Json(*description.lastConfig) : Json()},
                 {"commit_hash", toHex(description.commitHash)},
                 {"config_sequence", block.configSequence},
                 {"linked_to_block_before", block.linked},
                 {"good", block.good}};
    if (description.summary.config) json["config_changes"] = changesJson(block.changes);
    if (!block.signatures.empty()) json["signatures"] = signaturesJson(block.signatures);
    return json;
}

Json certificateJson(const EvidenceCertificate& certificate) {
    return Json{{"file", certificate.file},
                {"roles", certificate.roles},
                {"name", nameJson(certificate.name)},
                {"subject", bytesToJson(certificate.subject)},
                {"issuer", bytesToJson(certificate.issuer)},
                {"not_before", rfc3339(certificate.notBefore)},
                {"not_after", rfc3339(certificate.notAfter)},
                {"key", certificate.keyAlgorithm},
                {"issuer_file", certificate.issuerFile}};
}

}  // namespace

Json claimsOf(const EvidenceContent& content) {
    Json json = {{"channel", content.channel},     {"genesis_hash", toHex(content.genesisHash)},
                 {"transactions", Json::array()},  {"blocks", Json::array()},
                 {"certificates", Json::array()},  {"proved", content.proved},
                 {"not_proved", content.notProved}};
    for (std::size_t i = 0; i < content.transactions.size(); ++i)
        json["transactions"].push_back(
            transactionJson(content.transactions[i], content.details[i]));
    for (const EvidenceBlock& block : content.blocks) json["blocks"].push_back(blockJson(block));
    for (const EvidenceCertificate& certificate : content.certificates)
        json["certificates"].push_back(certificateJson(certificate));
    return json;
}

Json ledgerViewOf(const TransactionDescription& transaction) {
    Json json = {{"block", transaction.summary.block},
                 {"index", transaction.summary.index},
                 {"state_known", transaction.stateKnown}};
    if (transaction.computedCode) json["computed_code"] = transaction.computedCode->name;
    if (transaction.cause)
        json["cause"] = {{"reason", transaction.cause->reason},
                         {"sentence", bytesToJson(transaction.cause->sentence)}};
    if (!transaction.stateKnown) return json;
    json["reads"] = Json::array();
    for (const ReadDescription& read : transaction.reads)
        json["reads"].push_back(
            {{"stale", read.stale()}, {"version_when_judged", placeJson(read.current)}});
    json["values_before"] = Json::array();
    for (const WriteDescription& write : transaction.writes)
        json["values_before"].push_back(write.before ? bytesToJson(*write.before) : Json());
    return json;
}

std::string evidenceText(const Json& json) {
    return json.dump(1, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string firstDifference(const Json& left, const Json& right) {
    if (left == right) return {};
    if (left.is_object() && right.is_object())
        for (const auto& [name, value] : left.items()) {
            const auto other = right.find(name);
            if (other == right.end() || *other != value)
                return "/" + printable(name, 64) +
                       (other == right.end() ? std::string() : firstDifference(value, *other));
        }
    if (left.is_array() && right.is_array())
        for (std::size_t i = 0; i < left.size(); ++i)
            if (i >= right.size() || left[i] != right[i])
                return "/" + std::to_string(i) +
                       (i >= right.size() ? std::string() : firstDifference(left[i], right[i]));
    return "/";
}

}  // namespace chancery::usecase
