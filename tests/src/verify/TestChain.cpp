#include "tests/src/verify/TestChain.h"

#include <fmt/format.h>

#include <atomic>
#include <deque>
#include <map>
#include <stdexcept>

#include "fabric/common/policies.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "src/crypto/Digest.h"
#include "src/policy/SignaturePolicy.h"
#include "src/protocol/BlockBuilder.h"
#include "src/protocol/Proposal.h"
#include "src/protocol/TxId.h"
#include "src/wire/Serialize.h"
#include "tests/support/Vectors.h"

using namespace std::string_literals;

namespace chancery::test {
namespace {

template <class T>
T need(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.status().ToString());
    return *std::move(result);
}

std::pair<std::string, std::string> placeOf(const std::string& name) {
    if (name == "orderer")
        return {"OrdererPubMSP",
                "ordererOrganizations/orderers.pub.test/orderers/orderer.orderers.pub.test/msp"};
    const auto at = name.find('@');
    const std::string org = at == std::string::npos ? name : name.substr(at + 1);
    std::string mspId = org + "MSP";
    mspId[0] = static_cast<char>(mspId[0] - 'a' + 'A');
    const std::string folder = fmt::format("peerOrganizations/{}.pub.test/", org);
    return {mspId, at == std::string::npos
                       ? folder + fmt::format("peers/peer0.{}.pub.test/msp", org)
                       : folder + fmt::format("users/{}.pub.test/msp", name)};
}

Bytes signedBy(const std::string& name, BytesView message) {
    return need(member(name).sign(message));
}

kvrwset::Version* versionOf(const std::optional<protocol::Version>& version) {
    if (!version) return nullptr;
    auto* message = new kvrwset::Version;
    message->set_block_num(version->block);
    message->set_tx_num(version->transaction);
    return message;
}

}  // namespace

const identity::SigningIdentity& member(const std::string& name) {
    static std::map<std::string, identity::SigningIdentityPtr> known;
    auto& found = known[name];
    if (found == nullptr) {
        const auto [mspId, folder] = placeOf(name);
        found = need(identity::loadSigningIdentity(vectorPath("msp/" + folder), MspId(mspId)));
    }
    return *found;
}

SetMaker& SetMaker::read(const std::string& ns, const std::string& key,
                         std::optional<protocol::Version> version) {
    auto& read = *in(ns).add_reads();
    read.set_key(key);
    read.set_allocated_version(versionOf(version));
    return *this;
}

SetMaker& SetMaker::write(const std::string& ns, const std::string& key, const std::string& value) {
    auto& write = *in(ns).add_writes();
    write.set_key(key);
    write.set_value(value);
    return *this;
}

SetMaker& SetMaker::remove(const std::string& ns, const std::string& key) {
    auto& write = *in(ns).add_writes();
    write.set_key(key);
    write.set_is_delete(true);
    return *this;
}

SetMaker& SetMaker::metadata(const std::string& ns, const std::string& key,
                             const std::string& policy) {
    auto& write = *in(ns).add_metadata_writes();
    write.set_key(key);
    if (policy.empty()) return *this;
    auto& entry = *write.add_entries();
    entry.set_name("VALIDATION_PARAMETER");
    entry.set_value(policy);
    return *this;
}

SetMaker& SetMaker::range(const std::string& ns, kvrwset::RangeQueryInfo query) {
    *in(ns).add_range_queries_info() = std::move(query);
    return *this;
}

SetMaker& SetMaker::hashedRead(const std::string& ns, const std::string& collection,
                               const std::string& key, std::optional<protocol::Version> version) {
    auto& read = *in(ns, collection).add_hashed_reads();
    read.set_key_hash(crypto::sha256(key));
    read.set_allocated_version(versionOf(version));
    return *this;
}

SetMaker& SetMaker::hashedWrite(const std::string& ns, const std::string& collection,
                                const std::string& key, const std::string& value, bool purge) {
    auto& write = *in(ns, collection).add_hashed_writes();
    write.set_key_hash(crypto::sha256(key));
    write.set_is_delete(value.empty());
    write.set_is_purge(purge);
    if (!value.empty()) write.set_value_hash(crypto::sha256(value));
    return *this;
}

SetMaker& SetMaker::hashedMetadata(const std::string& ns, const std::string& collection,
                                   const std::string& key, const std::string& policy) {
    auto& write = *in(ns, collection).add_metadata_writes();
    write.set_key_hash(crypto::sha256(key));
    auto& entry = *write.add_entries();
    entry.set_name("VALIDATION_PARAMETER");
    entry.set_value(policy);
    return *this;
}

Bytes SetMaker::bytes() const {
    rwset::TxReadWriteSet set;
    for (const Part& part : m_parts) {
        auto& ns = *set.add_ns_rwset();
        ns.set_namespace_(part.ns);
        ns.set_rwset(wire::serialize(part.set));
        for (const auto& [name, hashed] : part.collections) {
            auto& collection = *ns.add_collection_hashed_rwset();
            collection.set_collection_name(name);
            collection.set_hashed_rwset(wire::serialize(hashed));
        }
    }
    return wire::serialize(set);
}

protocol::ReadWriteSet SetMaker::set() const {
    static std::deque<Bytes> kept;
    kept.push_back(bytes());
    return need(protocol::decodeReadWriteSet(kept.back()));
}

kvrwset::KVRWSet& SetMaker::in(const std::string& ns) {
    for (Part& part : m_parts)
        if (part.ns == ns) return part.set;
    m_parts.push_back({ns, {}, {}});
    return m_parts.back().set;
}

kvrwset::HashedRWSet& SetMaker::in(const std::string& ns, const std::string& collection) {
    in(ns);
    for (Part& part : m_parts) {
        if (part.ns != ns) continue;
        for (auto& [name, set] : part.collections)
            if (name == collection) return set;
        part.collections.emplace_back(collection, kvrwset::HashedRWSet());
        return part.collections.back().second;
    }
    throw std::logic_error("unreachable");
}

Bytes policyOf(const std::string& text) {
    return wire::serialize(need(policy::parsePolicyText(text)));
}

Bytes TransactionMaker::envelope() const {
    static std::atomic<int> count = 0;
    const std::string ownNonce = nonce.empty() ? fmt::format("nonce {}", ++count) : nonce;
    const Bytes& creatorBytes = member(creator).serialized();

    protocol::ChannelHeader header;
    header.type = protocol::HeaderType::EndorserTransaction;
    header.timestamp = protocol::Timestamp{1'800'000'000, 0};
    header.channelId = channel;
    const TxId txId = protocol::computeTxId(ownNonce, creatorBytes);
    header.txId = txId.str();
    const Bytes extension = protocol::encodeHeaderExtension(contract);
    header.extension = extension;
    const Bytes channelHeader = protocol::encodeChannelHeader(header);
    const Bytes signatureHeader = protocol::encodeSignatureHeader({creatorBytes, ownNonce});

    protos::ChaincodeAction action;
    action.set_results(results);
    action.set_events(event);
    action.mutable_chaincode_id()->set_name(contract);
    action.mutable_chaincode_id()->set_version(version);
    action.mutable_response()->set_status(200);
    protos::ChaincodeActionPayload payload;
    payload.set_chaincode_proposal_payload("\x0a\x00"s);
    protos::ProposalResponsePayload response;
    response.set_proposal_hash(protocol::computeProposalHash(channelHeader, signatureHeader,
                                                             payload.chaincode_proposal_payload()));
    response.set_extension(wire::serialize(action));
    payload.mutable_action()->set_proposal_response_payload(wire::serialize(response));
    for (const auto& name : endorsers) {
        auto& endorsement = *payload.mutable_action()->add_endorsements();
        endorsement.set_endorser(member(name).serialized());
        endorsement.set_signature(signedBy(
            name, protocol::endorsementMessage(payload.action().proposal_response_payload(),
                                               endorsement.endorser())));
    }
    protos::Transaction transaction;
    if (!withoutActions) {
        auto& one = *transaction.add_actions();
        one.set_header(signatureHeader);
        one.set_payload(wire::serialize(payload));
    }
    const Bytes data =
        protocol::encodePayload(channelHeader, signatureHeader, wire::serialize(transaction));
    return protocol::encodeEnvelope(
        data, signedBy(creator, breakCreatorSignature ? "something else" : BytesView(data)));
}

Bytes transactionWith(const SetMaker& set) {
    TransactionMaker maker;
    maker.results = set.bytes();
    return maker.envelope();
}

BlockMaker::BlockMaker(const verify::ChainState& chain)
    : m_number(chain.next()),
      m_previous(chain.headerHash),
      m_config(chain.configBlock.value_or(0)) {}

protocol::SourcedBlock BlockMaker::next(std::vector<Bytes> envelopes) {
    const auto plain = protocol::buildBlock(m_number, m_previous, std::move(envelopes));
    const Bytes consenterMetadata = protocol::encodeRaftMetadata({{1}, 2, m_number});
    auto block = need(protocol::signBlock(
        plain, m_config, consenterMetadata, member("orderer").serialized(),
        fmt::format("block {}", m_number),
        [](BytesView message) -> Result<Bytes> { return signedBy("orderer", message); }));
    ++m_number;
    m_previous = block.header().hash();
    return {std::move(block), "made", 0, 0};
}

}  // namespace chancery::test
