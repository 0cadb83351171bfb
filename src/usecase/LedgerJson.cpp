#include "src/usecase/LedgerJson.h"

#include "src/base/Encoding.h"
#include "src/usecase/Rfc3339.h"

namespace chancery::usecase {
namespace {

Json place(const WrittenAt& at) {
    return {at.block, at.transaction};
}

Json place(const std::optional<WrittenAt>& at) {
    return at ? place(*at) : Json();
}

Json timeOf(const std::optional<absl::Time>& time) {
    return time ? Json(rfc3339(*time)) : Json();
}

/// Text of the ledger, which may be any bytes.
Json text(const std::string& value) {
    return bytesToJson(value);
}

/// Private data: hashes; public data: as text.
Json keyOf(const std::string& collection, const Bytes& key) {
    return collection.empty() ? bytesToJson(key) : Json(toHex(key));
}

Json valueOf(const std::string& collection, const std::optional<Bytes>& value) {
    if (!value) return {};
    return collection.empty() ? bytesToJson(*value) : Json(toHex(*value));
}

Json toJson(const ReadDescription& read);
Json toJson(const RangeReadDescription& range);
Json toJson(const WriteDescription& write);
Json toJson(const KeyPolicyDescription& policy);
Json toJson(const EndorsementDescription& endorsement);
using usecase::toJson;

template <class T>
Json arrayOf(const std::vector<T>& values) {
    Json array = Json::array();
    for (const T& value : values) array.push_back(toJson(value));
    return array;
}

void addPlace(Json& json, const std::string& contract, const std::string& collection,
              const Bytes& key) {
    json["contract"] = text(contract);
    if (!collection.empty()) json["collection"] = text(collection);
    json[collection.empty() ? "key" : "key_hash"] = keyOf(collection, key);
}

void addMeaning(Json& json, const char* name, const Sentence& meaning) {
    if (!meaning.empty()) json[name] = text(meaning.english);
}

Json toJson(const ReadDescription& read) {
    Json json;
    addPlace(json, read.contract, read.collection, read.key);
    addMeaning(json, "key_meaning", read.keyMeaning);
    json["version"] = place(read.read);
    json["version_when_judged"] = place(read.current);
    return json;
}

Json toJson(const RangeReadDescription& range) {
    Json json{{"contract", text(range.contract)},
              {"start", bytesToJson(range.start)},
              {"end", bytesToJson(range.end)},
              {"exhausted", range.exhausted}};
    json["results"] = range.results ? Json(*range.results) : Json();
    return json;
}

Json toJson(const WriteDescription& write) {
    Json json;
    addPlace(json, write.contract, write.collection, write.key);
    addMeaning(json, "key_meaning", write.keyMeaning);
    const std::string suffix = write.collection.empty() ? "" : "_hash";
    json["before" + suffix] = valueOf(write.collection, write.before);
    json["after" + suffix] = valueOf(write.collection, write.after);
    json["deleted"] = !write.after.has_value();
    if (write.purge) json["purged"] = true;
    addMeaning(json, "before_meaning", write.beforeMeaning);
    addMeaning(json, "after_meaning", write.afterMeaning);
    return json;
}

Json toJson(const KeyPolicyDescription& policy) {
    Json json;
    addPlace(json, policy.contract, policy.collection, policy.key);
    json["policy"] = policy.policy ? Json(*policy.policy) : Json();
    return json;
}

Json toJson(const EndorsementDescription& endorsement) {
    Json json = usecase::toJson(endorsement.endorser);
    json["counts"] = endorsement.counts;
    if (!endorsement.why.empty()) json["why"] = endorsement.why.english;
    return json;
}

Json toJson(const KeyVersion& version, const std::string& collection) {
    Json json{{"version", place(version.at)},
              {"txid", text(version.txId)},
              {"time", timeOf(version.time)}};
    if (version.creator) json["creator"] = usecase::toJson(*version.creator);
    json["function"] = text(version.function);
    json[collection.empty() ? "value" : "value_hash"] = valueOf(collection, version.value);
    json["deleted"] = !version.value.has_value();
    return json;
}

Json causeToJson(const CauseDescription& cause) {
    Json json{{"reason", cause.reason}, {"sentence", cause.sentence}};
    if (cause.conflict) {
        Json conflict;
        addPlace(conflict, cause.conflict->contract, cause.conflict->collection,
                 cause.conflict->key);
        conflict["version_read"] = place(cause.conflict->read);
        conflict["version_when_judged"] = place(cause.conflict->current);
        conflict["writer"] = place(cause.conflict->writer);
        json["conflict"] = std::move(conflict);
    }
    if (cause.range)
        json["range"] = {{"start", bytesToJson(cause.range->first)},
                         {"end", bytesToJson(cause.range->second)}};
    if (cause.original) json["original"] = place(cause.original);
    return json;
}

void addCode(Json& json, const std::optional<RecordedCode>& code, const std::string& prefix) {
    json[prefix + "_code"] = code ? Json(code->number) : Json();
    json[prefix + "_name"] = code ? Json(code->name) : Json();
}

}  // namespace

Json toJson(const IdentityName& identity) {
    return {{"mspid", text(identity.mspId.str())},
            {"subject_cn", text(identity.commonName)},
            {"ou", identity.organizationalUnits},
            {"cert_sha256", identity.fingerprint}};
}

Json toJson(const std::vector<ConfigChange>& changes) {
    Json array = Json::array();
    for (const ConfigChange& change : changes) {
        array.push_back(
            {{"id", change.id}, {"path", bytesToJson(change.path)}, {"sentence", change.sentence}});
        if (!change.details.empty()) array.back()["details"] = toJson(change.details);
    }
    return array;
}

Json toJson(const PolicyExplanation& explanation) {
    Json json{{"satisfied", explanation.satisfied}, {"rule", explanation.rule}};
    if (!explanation.phrase.empty()) json["phrase"] = explanation.phrase;
    if (!explanation.usedBy.empty()) json["used_by"] = explanation.usedBy;
    if (!explanation.why.empty()) json["why"] = explanation.why;
    if (explanation.parts.empty()) return json;
    json["needed"] = explanation.needed;
    json["have"] = explanation.have;
    Json parts = Json::array();
    for (const PolicyExplanation& part : explanation.parts) parts.push_back(toJson(part));
    json["parts"] = std::move(parts);
    return json;
}

Json toJson(const PolicyVerdict& verdict) {
    return {{"subject", verdict.subject.english},
            {"policy", verdict.text.english},
            {"satisfied", verdict.satisfied},
            {"sentence", verdict.sentence.english},
            {"explanation", toJson(verdict.explanation)}};
}

Json toJson(const BlockSummary& block) {
    Json json{{"number", block.number},
              {"header_hash", toHex(block.hash)},
              {"time", timeOf(block.time)},
              {"is_config", block.config},
              {"tx_count", block.transactions},
              {"valid_count", block.valid ? Json(*block.valid) : Json()},
              {"size", block.size}};
    return json;
}

Json toJson(const TransactionSummary& transaction) {
    Json json{{"block", transaction.block},
              {"index", transaction.index},
              {"txid", text(transaction.txId)},
              {"type_name", transaction.type},
              {"time", timeOf(transaction.time)},
              {"creator", transaction.creator ? toJson(*transaction.creator) : Json()}};
    if (!transaction.contract.empty()) json["chaincode"] = text(transaction.contract);
    if (!transaction.function.empty()) json["function"] = text(transaction.function);
    addCode(json, transaction.code, "validation");
    return json;
}

Json toJson(const BlockDescription& block) {
    Json json = toJson(block.summary);
    json["previous_hash"] = toHex(block.previousHash);
    json["data_hash"] = toHex(block.dataHash);
    json["data_hash_recomputed_equal"] = block.dataHashMatches;
    json["commit_hash"] = toHex(block.commitHash);
    json["last_config_block"] = block.lastConfig ? Json(*block.lastConfig) : Json();
    Json signatures = Json::array();
    for (const BlockSignature& signature : block.signatures) {
        Json row = signature.signer ? toJson(*signature.signer) : Json::object();
        if (signature.consenter) row["consenter"] = *signature.consenter;
        row["signature_hex"] = toHex(signature.signature);
        signatures.push_back(std::move(row));
    }
    json["orderer_signatures"] = std::move(signatures);
    if (block.raftIndex)
        json["raft"] = {{"consenter_ids", block.raftConsenters}, {"raft_index", *block.raftIndex}};
    if (block.bftViewAndSequence)
        json["bft"] = {{"view", block.bftViewAndSequence->first},
                       {"sequence", block.bftViewAndSequence->second}};
    json["file"] = text(block.file);
    json["offset"] = block.offset;
    if (!block.configChanges.empty()) json["config_changes"] = toJson(block.configChanges);
    json["txs"] = arrayOf(block.transactions);
    return json;
}

Json toJson(const TransactionDescription& transaction) {
    Json json = toJson(transaction.summary);
    json["channel"] = text(transaction.channel);
    json["nonce"] = toHex(transaction.nonce);
    json["signature_hex"] = toHex(transaction.creatorSignature);
    if (!transaction.contractVersion.empty())
        json["chaincode_version"] = text(transaction.contractVersion);
    if (!transaction.summary.contract.empty()) {
        Json arguments = Json::array();
        for (const Bytes& argument : transaction.arguments)
            arguments.push_back(bytesToJson(argument));
        json["arguments"] = std::move(arguments);
        json["is_init"] = transaction.isInit;
    }
    for (const auto& [name, value] : transaction.decodedArguments)
        json["decoded_arguments"][name.english] = text(value.english);
    if (transaction.responseStatus)
        json["response"] = {{"status", *transaction.responseStatus},
                            {"message", text(transaction.responseMessage)},
                            {"payload", bytesToJson(transaction.responsePayload)}};
    if (transaction.event)
        json["event"] = {{"name", text(transaction.event->first)},
                         {"payload", bytesToJson(transaction.event->second)}};
    json["reads"] = arrayOf(transaction.reads);
    json["range_queries"] = arrayOf(transaction.rangeReads);
    json["writes"] = arrayOf(transaction.writes);
    json["key_policies"] = arrayOf(transaction.keyPolicies);
    json["endorsers"] = arrayOf(transaction.endorsements);
    json["policies"] = arrayOf(transaction.policies);
    if (!transaction.configChanges.empty())
        json["config_changes"] = toJson(transaction.configChanges);
    json["faults"] = Json::array();
    for (const Sentence& fault : transaction.faults) json["faults"].push_back(fault.english);
    addCode(json, transaction.computedCode, "recomputed");
    if (transaction.cause) json["cause"] = causeToJson(*transaction.cause);
    return json;
}

Json toJson(const KeyDescription& key) {
    Json json;
    addPlace(json, key.contract, key.collection, key.key);
    json["height"] = key.height + 1;
    json["current"] = key.current ? toJson(*key.current, key.collection) : Json();
    if (key.policy) json["policy"] = *key.policy;
    Json history = Json::array();
    for (const KeyVersion& version : key.history)
        history.push_back(toJson(version, key.collection));
    json["history"] = std::move(history);
    return json;
}

Json toJson(const std::vector<RefusedTransaction>& refused) {
    Json array = Json::array();
    for (const RefusedTransaction& transaction : refused) {
        Json json = toJson(transaction.summary);
        json["cause"] = transaction.cause ? causeToJson(*transaction.cause) : Json();
        array.push_back(std::move(json));
    }
    return array;
}

Json toJson(const LedgerOverview& ledger) {
    Json json{{"channel", text(ledger.channel)},
              {"first_block", ledger.firstBlock},
              {"height", ledger.lastBlock + 1},
              {"current_block_hash", toHex(ledger.lastHash)},
              {"bytes", ledger.bytes},
              {"first_time", timeOf(ledger.firstTime)},
              {"last_time", timeOf(ledger.lastTime)},
              {"transactions", ledger.transactions},
              {"valid", ledger.valid},
              {"not_judged", ledger.notJudged},
              {"damage", ledger.damage.empty() ? Json() : text(ledger.damage)}};
    Json ordering{{"type", ledger.consensus}, {"consenters", ledger.consenters}};
    if (ledger.batchTimeout) ordering["batch_timeout"] = absl::FormatDuration(*ledger.batchTimeout);
    ordering["max_message_count"] = ledger.batchMaxCount;
    ordering["preferred_max_bytes"] = ledger.batchPreferredBytes;
    json["ordering"] = std::move(ordering);
    json["capabilities"] = {{"channel", ledger.channelCapabilities},
                            {"orderer", ledger.ordererCapabilities},
                            {"application", ledger.applicationCapabilities}};
    Json organisations = Json::array();
    for (const OrganisationOverview& organisation : ledger.organisations)
        organisations.push_back(
            {{"name", text(organisation.name)},
             {"mspid", text(organisation.mspId.str())},
             {"application", organisation.application},
             {"orderer", organisation.orderer},
             {"since_block", organisation.since},
             {"removed_in_block", organisation.removed ? Json(*organisation.removed) : Json()},
             {"anchor_peers", organisation.anchorPeers},
             {"orderer_endpoints", organisation.ordererEndpoints}});
    json["organisations"] = std::move(organisations);
    Json changes = Json::array();
    for (const ConfigChangeOverview& change : ledger.configChanges)
        changes.push_back({{"block", change.block},
                           {"sequence", change.sequence},
                           {"time", timeOf(change.time)},
                           {"changes", toJson(change.changes)},
                           {"signers", arrayOf(change.signers)}});
    json["config_changes"] = std::move(changes);
    Json contracts = Json::array();
    for (const ContractOverview& contract : ledger.contracts) {
        Json collections = Json::array();
        for (const auto& collection : contract.collections)
            collections.push_back({{"name", collection.name},
                                   {"members", collection.members},
                                   {"blocks_to_live", collection.blocksToLive}});
        contracts.push_back({{"name", text(contract.name)},
                             {"version", contract.version},
                             {"sequence", contract.sequence},
                             {"defined_at", place(contract.definedAt)},
                             {"endorsement_policy", contract.policy},
                             {"init_required", contract.initRequired},
                             {"collections", std::move(collections)},
                             {"calls", contract.calls},
                             {"refused", contract.refused},
                             {"keys", contract.keys}});
    }
    json["contracts"] = std::move(contracts);
    Json keys = Json::array();
    for (const KeyOverview& key : ledger.busiestKeys)
        keys.push_back({{"contract", text(key.contract)},
                        {"key", bytesToJson(key.key)},
                        {"writes", key.writes},
                        {"reads", key.reads},
                        {"conflicts", key.conflicts}});
    json["busiest_keys"] = std::move(keys);
    json["refused"] = toJson(ledger.refused);
    return json;
}

}  // namespace chancery::usecase
