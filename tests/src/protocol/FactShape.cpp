#include "tests/src/protocol/FactShape.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/identity/Certificate.h"

namespace chancery::test {
namespace {

using nlohmann::json;
using namespace protocol;

constexpr std::size_t kLongText = 200;
constexpr std::size_t kLongBinary = 64;
constexpr std::size_t kManyArguments = 100;

bool isPlain(BytesView bytes) {
    if (!isUtf8(bytes)) return false;
    for (const char c : bytes)
        if (static_cast<std::uint8_t>(c) < 0x20 || c == 0x7f) return false;
    return true;
}

std::string sha256Hex(BytesView bytes) {
    return toHex(crypto::sha256(bytes));
}

json describeIdentity(BytesView serialized) {
    const auto identity = decodeSerializedIdentity(serialized);
    if (!identity.ok()) return {{"undecodable_hex", toHex(serialized)}};
    json out{{"mspid", identity->mspId}};
    const auto certificate = identity::Certificate::fromPem(identity->idBytes);
    if (!certificate.ok()) {
        out["no_pem"] = true;
        return out;
    }
    out["creator_sha256"] = sha256Hex(serialized);
    out["cert_sha256"] = certificate->fingerprint();
    out["subject_cn"] = certificate->commonName();
    if (!certificate->organizationalUnits().empty()) out["ou"] = certificate->organizationalUnits();
    return out;
}

json describeVersion(const std::optional<Version>& version) {
    if (!version) return nullptr;
    return {version->block, version->transaction};
}

json describeReads(const std::vector<KeyRead>& reads) {
    json out = json::array();
    for (const KeyRead& read : reads) {
        json& row = out.emplace_back(json::object());
        describeKey(row, read.key);
        row["version"] = describeVersion(read.version);
    }
    return out;
}

json describeEntries(const std::vector<MetadataEntry>& entries) {
    json out = json::array();
    for (const MetadataEntry& entry : entries)
        out.push_back({{"name", entry.name}, {"value_hex", toHex(entry.value)}});
    return out;
}

json describeQuery(const RangeQuery& query) {
    json out{{"start", query.startKey}, {"end", query.endKey}, {"itr_exhausted", query.exhausted}};
    if (const auto* reads = std::get_if<std::vector<KeyRead>>(&query.results))
        out["raw_reads"] = describeReads(*reads);
    if (const auto* merkle = std::get_if<MerkleSummary>(&query.results)) {
        out["merkle"] = {{"max_degree", merkle->maxDegree}, {"max_level", merkle->maxLevel}};
        for (const BytesView hash : merkle->hashes) out["merkle"]["hashes"].push_back(toHex(hash));
    }
    return out;
}

json describeCollection(const CollectionReadWriteSet& collection) {
    json out{{"collection", collection.collection},
             {"pvt_rwset_hash", toHex(collection.privateHash)}};
    for (const HashedRead& read : collection.reads)
        out["hashed_reads"].push_back(
            {{"key_hash", toHex(read.keyHash)}, {"version", describeVersion(read.version)}});
    for (const HashedWrite& write : collection.writes) {
        json row{{"key_hash", toHex(write.keyHash)}, {"value_hash", toHex(write.valueHash)}};
        if (write.deleteFlag) row["is_delete"] = true;
        if (write.isPurge) row["is_purge"] = true;
        out["hashed_writes"].push_back(row);
    }
    for (const HashedMetadataWrite& write : collection.metadataWrites)
        out["metadata_writes"].push_back(
            {{"key_hash", toHex(write.keyHash)}, {"entries", describeEntries(write.entries)}});
    return out;
}

json describeNamespace(const NamespaceReadWriteSet& ns) {
    json out{{"namespace", ns.name}};
    if (!ns.reads.empty()) out["reads"] = describeReads(ns.reads);
    for (const RangeQuery& query : ns.rangeQueries)
        out["range_queries"].push_back(describeQuery(query));
    for (const KeyWrite& write : ns.writes) {
        json row;
        describeKey(row, write.key);
        if (write.deleteFlag)
            row["is_delete"] = true;
        else
            describeValue(row, "value", write.value);
        out["writes"].push_back(row);
    }
    for (const MetadataWrite& write : ns.metadataWrites) {
        json row{{"entries", describeEntries(write.entries)}};
        describeKey(row, write.key);
        out["metadata_writes"].push_back(row);
    }
    for (const auto& collection : ns.collections)
        out["collections"].push_back(describeCollection(collection));
    return out;
}

void describeInvocation(json& out, const Invocation& invocation) {
    if (invocation.isInit) out["is_init"] = true;
    if (invocation.args.empty()) return;
    out["function"] = invocation.args[0];
    const std::size_t count = invocation.args.size() - 1;
    if (count > kManyArguments) {
        out["arg_count"] = count;
        return;
    }
    for (std::size_t i = 1; i <= count; ++i) {
        json row;
        describeValue(row, "arg", invocation.args[i]);
        out["args"].push_back(row);
    }
}

void describeAction(json& out, const Transaction& transaction) {
    const TransactionAction& action = transaction.actions[0];
    if (action.invocation) describeInvocation(out, *action.invocation);
    out["proposal_hash"] = toHex(action.proposalHash);
    out["endorsers"] = json::array();
    for (const Endorsement& endorsement : action.endorsements)
        out["endorsers"].push_back(describeIdentity(endorsement.endorser));
    if (transaction.faultOf(Layer::ChaincodeAction) != nullptr) {
        out["action_undecodable"] = true;
        return;
    }
    if (action.chaincodeId) {
        out["chaincode_version"] = action.chaincodeId->version;
        if (!transaction.extensionChaincode ||
            transaction.extensionChaincode->name != action.chaincodeId->name)
            out["chaincode_in_action"] = action.chaincodeId->name;
    }
    if (action.response) {
        json& response = out["response"];
        response["status"] = action.response->status;
        if (!action.response->message.empty()) response["message"] = action.response->message;
        if (!action.response->payload.empty())
            describeValue(response, "payload", action.response->payload);
    }
    if (action.readWriteSet) {
        out["rwset"] = json::array();
        for (const auto& ns : action.readWriteSet->namespaces)
            out["rwset"].push_back(describeNamespace(ns));
    } else {
        out["rwset_undecodable"] = true;
    }
    if (transaction.faultOf(Layer::Event) != nullptr) out["event_undecodable"] = true;
    if (action.event)
        out["event"] = {{"chaincode", action.event->chaincodeId},
                        {"name", action.event->name},
                        {"payload", action.event->payload},
                        {"payload_len", action.event->payload.size()}};
}

void describeEndorserTransaction(json& out, const Transaction& transaction) {
    if (!transaction.signatureHeader.nonce.empty())
        out["txid_recomputed"] = transaction.recomputedTxId().str();
    if (transaction.extensionChaincode) out["chaincode"] = transaction.extensionChaincode->name;
    if (transaction.faultOf(Layer::Transaction) != nullptr) {
        out["transaction_undecodable"] = true;
        return;
    }
    if (transaction.actionCount != 1) out["action_count"] = transaction.actionCount;
    if (!transaction.actions.empty()) describeAction(out, transaction);
}

json describeHeader(const Block& block) {
    return {{"number", block.number()},
            {"previous_hash", toHex(block.header().previousHash)},
            {"data_hash", toHex(block.header().dataHash)},
            {"header_hash", toHex(block.header().hash())},
            {"tx_count", block.transactionCount()}};
}

}  // namespace

void describeKey(json& out, std::string_view key) {
    out["key"] = key;
    if (!isPlain(key)) out["key_hex"] = toHex(key);
}

void describeValue(json& out, const std::string& name, BytesView bytes) {
    out[name + "_len"] = bytes.size();
    if (isPlain(bytes) && bytes.size() <= kLongText)
        out[name] = bytes;
    else if (!isPlain(bytes) && bytes.size() <= kLongBinary)
        out[name + "_hex"] = toHex(bytes);
    else
        out[name + "_sha256"] = sha256Hex(bytes);
}

json describeTransaction(const Transaction& transaction, std::size_t index) {
    json out{{"index", index},
             {"envelope_sha256", sha256Hex(transaction.bytes.view())},
             {"envelope_size", transaction.bytes.size()}};
    for (const Layer layer : {Layer::Envelope, Layer::Payload}) {
        if (transaction.faultOf(layer) == nullptr) continue;
        out["undecodable"] = nameOf(layer);
        return out;
    }
    const ChannelHeader& header = transaction.channelHeader;
    out["type"] = static_cast<int>(header.type);
    out["type_name"] = nameOf(header.type);
    out["channel"] = header.channelId;
    out["txid"] = header.txId;
    if (header.timestamp) out["timestamp"] = {header.timestamp->seconds, header.timestamp->nanos};
    if (header.epoch != 0) out["epoch"] = fmt::to_string(header.epoch);
    out["nonce"] = toHex(transaction.signatureHeader.nonce);
    out["creator"] = describeIdentity(transaction.signatureHeader.creator);
    if (transaction.config && transaction.config->hasConfig)
        out["config_sequence"] = transaction.config->sequence;
    if (transaction.isEndorserTransaction()) describeEndorserTransaction(out, transaction);
    return out;
}

json describeBlock(const Block& block, std::size_t size) {
    json out = describeHeader(block);
    out["size"] = size;
    out["header_der_hex"] = toHex(block.header().der());
    out["data_hash_recomputed_equal"] = block.computedDataHash() == block.header().dataHash;
    if (block.isConfigBlock()) out["is_config"] = true;
    out["last_config_block"] = block.lastConfig().value();
    if (const BytesView hash = block.commitHash().value(); !hash.empty())
        out["commit_hash"] = toHex(hash);
    const OrdererMetadata orderer = block.ordererMetadata().value();
    if (!orderer.consenterMetadata.empty()) {
        const RaftMetadata raft = decodeRaftMetadata(orderer.consenterMetadata).value();
        out["raft"] = {{"consenter_ids", raft.consenterIds},
                       {"next_consenter_id", raft.nextConsenterId},
                       {"raft_index", raft.raftIndex}};
    }
    out["orderer_signatures"] = json::array();
    for (const OrdererSignature& signature : orderer.signatures) {
        json row = describeIdentity(signature.signatureHeader.creator);
        row["signature_hex"] = toHex(signature.signature);
        out["orderer_signatures"].push_back(row);
    }
    const auto codes = block.validationCodes();
    out["validation_flags_hex"] = toHex(block.metadata(MetadataSlot::TransactionsFilter));
    out["txs"] = json::array();
    const auto transactions = block.transactions();
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        json row = describeTransaction(transactions[i], i);
        row["validation_code"] = static_cast<int>(codes.at(i));
        row["validation_name"] = nameOf(codes.at(i));
        out["txs"].push_back(row);
    }
    return out;
}

json describeBftBlock(const Block& block) {
    json out = describeHeader(block);
    out["is_config"] = block.isConfigBlock();
    out["last_config_block"] = block.lastConfig().value();
    const OrdererMetadata orderer = block.ordererMetadata().value();
    out["consenter_metadata_hex"] = toHex(orderer.consenterMetadata);
    const BftViewMetadata view = decodeBftViewMetadata(orderer.consenterMetadata).value();
    out["view_metadata"] = {
        {"view_id", view.viewId},
        {"latest_sequence", view.latestSequence},
        {"decisions_in_view", view.decisionsInView},
        {"black_list", nullptr},
        {"prev_commit_signature_digest", toHex(view.prevCommitSignatureDigest)}};
    if (!view.blackList.empty()) out["view_metadata"]["black_list"] = view.blackList;
    out["signatures"] = json::array();
    for (const OrdererSignature& signature : orderer.signatures)
        out["signatures"].push_back(
            {{"identifier", signature.identifier.value().identifier},
             {"nonce", toHex(signature.identifier->nonce)},
             {"signature_header_len", signature.signatureHeaderBytes.size()},
             {"signature_hex", toHex(signature.signature)}});
    return out;
}

namespace {

void compare(const json& facts, const json& ours, const std::string& path,
             std::vector<std::string>& out) {
    if (facts.is_object() && ours.is_object()) {
        for (const auto& [key, value] : facts.items()) {
            if (ours.contains(key))
                compare(value, ours[key], path + "." + key, out);
            else
                out.push_back(fmt::format("{}.{}: only in the facts: {}", path, key, value.dump()));
        }
        for (const auto& [key, value] : ours.items())
            if (!facts.contains(key))
                out.push_back(fmt::format("{}.{}: not in the facts: {}", path, key, value.dump()));
        return;
    }
    if (facts.is_array() && ours.is_array() && facts.size() == ours.size()) {
        for (std::size_t i = 0; i < facts.size(); ++i)
            compare(facts[i], ours[i], fmt::format("{}[{}]", path, i), out);
        return;
    }
    if (facts != ours) out.push_back(fmt::format("{}: {} is {}", path, facts.dump(), ours.dump()));
}

}  // namespace

std::vector<std::string> differences(const json& facts, const json& ours) {
    std::vector<std::string> out;
    compare(facts, ours, "", out);
    return out;
}

std::string summary(const std::vector<std::string>& differences) {
    std::string out = fmt::format("{} differences", differences.size());
    for (std::size_t i = 0; i < differences.size() && i < 12; ++i)
        out += "\n  " + differences[i].substr(0, 600);
    return out;
}

}  // namespace chancery::test
