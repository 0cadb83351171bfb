#include "tests/src/protocol/ProtobufReading.h"

#include <fabric/common/common.pb.h>
#include <fabric/ledger/rwset/kvrwset.pb.h>
#include <fabric/ledger/rwset/rwset.pb.h>
#include <fabric/msp/identities.pb.h>
#include <fabric/peer/chaincode.pb.h>
#include <fabric/peer/chaincode_event.pb.h>
#include <fabric/peer/proposal.pb.h>
#include <fabric/peer/proposal_response.pb.h>
#include <fabric/peer/transaction.pb.h>
#include <fmt/format.h>

#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::test {
namespace {

using namespace protocol;

/// Reads layer by layer; the first difference ends it.
class Comparison {
public:
    explicit Comparison(const Transaction& transaction) : m_tx(transaction) {}

    std::string run() {
        ::common::Envelope envelope;
        if (!parse(Layer::Envelope, m_tx.bytes.view(), envelope)) return m_found;
        same("envelope.payload", m_tx.envelope.payload, envelope.payload());
        same("envelope.signature", m_tx.envelope.signature, envelope.signature());
        payload(envelope.payload());
        return m_found;
    }

private:
    template <class Message>
    bool parse(Layer layer, BytesView bytes, Message& message) {
        const Status status = wire::parseInto(message, bytes, "x");
        const Status* ours = m_tx.faultOf(layer, m_action);
        // What is too large for one of them is no matter of the format.
        if (isTooLarge(status) || (ours != nullptr && isTooLarge(*ours))) return false;
        if (status.ok() != (ours == nullptr))
            note(fmt::format("{}: protobuf {}, ours {}", nameOf(layer), messageOf(status),
                             ours != nullptr ? messageOf(*ours) : "ok"));
        return status.ok() && m_found.empty();
    }
    static bool isTooLarge(const Status& status) {
        return status.code() == StatusCode::kResourceExhausted;
    }
    template <class A, class B>
    void same(std::string_view what, const A& ours, const B& theirs) {
        if (!(ours == theirs)) note(fmt::format("{} differs", what));
    }
    void note(std::string text) {
        if (m_found.empty()) m_found = std::move(text);
    }

    void payload(BytesView bytes) {
        ::common::Payload message;
        if (!parse(Layer::Payload, bytes, message)) return;
        same("header", m_tx.payload.hasHeader, message.has_header());
        same("channel_header", m_tx.payload.channelHeader, message.header().channel_header());
        same("signature_header", m_tx.payload.signatureHeader, message.header().signature_header());
        same("data", m_tx.payload.data, message.data());
        signatureHeader(message.header().signature_header());
        ::common::ChannelHeader header;
        if (!parse(Layer::ChannelHeader, message.header().channel_header(), header)) return;
        channelHeader(header);
        if (header.type() == 3) endorserTransaction(header.extension(), message.data());
    }

    void signatureHeader(BytesView bytes) {
        ::common::SignatureHeader message;
        if (!parse(Layer::SignatureHeader, bytes, message)) return;
        same("creator", m_tx.signatureHeader.creator, message.creator());
        same("nonce", m_tx.signatureHeader.nonce, message.nonce());
        ::msp::SerializedIdentity identity;
        if (!parse(Layer::Creator, message.creator(), identity)) return;
        same("mspid", m_tx.creator.value().mspId, identity.mspid());
        same("id_bytes", m_tx.creator->idBytes, identity.id_bytes());
    }

    void channelHeader(const ::common::ChannelHeader& message) {
        const ChannelHeader& ours = m_tx.channelHeader;
        same("type", static_cast<std::int32_t>(ours.type), message.type());
        same("version", ours.version, message.version());
        same("timestamp", ours.timestamp.has_value(), message.has_timestamp());
        if (ours.timestamp)
            same("timestamp", *ours.timestamp,
                 Timestamp{message.timestamp().seconds(), message.timestamp().nanos()});
        same("channel_id", ours.channelId, message.channel_id());
        same("tx_id", ours.txId, message.tx_id());
        same("epoch", ours.epoch, message.epoch());
        same("extension", ours.extension, message.extension());
        same("tls_cert_hash", ours.tlsCertHash, message.tls_cert_hash());
    }

    void chaincodeId(std::string_view what, const std::optional<ChaincodeId>& ours, bool has,
                     const ::protos::ChaincodeID& message) {
        same(what, ours.has_value(), has);
        if (!ours) return;
        same(what, ours->name, message.name());
        same(what, ours->path, message.path());
        same(what, ours->version, message.version());
    }

    void endorserTransaction(BytesView extension, BytesView data) {
        ::protos::ChaincodeHeaderExtension header;
        if (parse(Layer::HeaderExtension, extension, header))
            chaincodeId("extension", m_tx.extensionChaincode, header.has_chaincode_id(),
                        header.chaincode_id());
        ::protos::Transaction message;
        if (!parse(Layer::Transaction, data, message)) return;
        same("actions", m_tx.actionCount, static_cast<std::size_t>(message.actions_size()));
        for (m_action = 0; m_action < m_tx.actions.size() && m_found.empty(); ++m_action) {
            const auto& theirs = message.actions(static_cast<int>(m_action));
            ::common::SignatureHeader signature;
            if (parse(Layer::ActionHeader, theirs.header(), signature))
                same("action nonce", m_tx.actions[m_action].header.nonce, signature.nonce());
            action(theirs.payload(), m_tx.actions[m_action]);
        }
    }

    void action(BytesView bytes, const TransactionAction& ours) {
        ::protos::ChaincodeActionPayload message;
        if (!parse(Layer::ActionPayload, bytes, message)) return;
        same("proposal payload", ours.proposalPayload, message.chaincode_proposal_payload());
        same("action", ours.hasEndorsedAction, message.has_action());
        same("response payload", ours.responsePayload,
             message.action().proposal_response_payload());
        same("endorsements", ours.endorsements.size(),
             static_cast<std::size_t>(message.action().endorsements_size()));
        for (std::size_t i = 0; i < ours.endorsements.size() && m_found.empty(); ++i) {
            const auto& theirs = message.action().endorsements(static_cast<int>(i));
            same("endorser", ours.endorsements[i].endorser, theirs.endorser());
            same("endorsement", ours.endorsements[i].signature, theirs.signature());
        }
        proposal(message.chaincode_proposal_payload(), ours);
        ::protos::ProposalResponsePayload response;
        if (!parse(Layer::ResponsePayload, message.action().proposal_response_payload(), response))
            return;
        same("proposal_hash", ours.proposalHash, response.proposal_hash());
        same("extension", ours.actionBytes, response.extension());
        chaincodeAction(response.extension(), ours);
    }

    void proposal(BytesView bytes, const TransactionAction& ours) {
        ::protos::ChaincodeProposalPayload message;
        if (!parse(Layer::ProposalPayload, bytes, message)) return;
        same("transient", ours.hasTransient, message.transientmap_size() > 0);
        ::protos::ChaincodeInvocationSpec spec;
        if (!parse(Layer::InvocationSpec, message.input(), spec)) return;
        same("spec", ours.invocation.has_value(), spec.has_chaincode_spec());
        if (!ours.invocation) return;
        const auto& theirs = spec.chaincode_spec();
        same("type", ours.invocation->type, static_cast<std::int32_t>(theirs.type()));
        chaincodeId("spec", ours.invocation->chaincodeId, theirs.has_chaincode_id(),
                    theirs.chaincode_id());
        same("input", ours.invocation->hasInput, theirs.has_input());
        same("is_init", ours.invocation->isInit, theirs.input().is_init());
        const auto& args = theirs.input().args();
        same("args", ours.invocation->args, std::vector<BytesView>(args.begin(), args.end()));
        std::map<std::string_view, BytesView> decorations;
        for (const auto& [key, value] : theirs.input().decorations()) decorations[key] = value;
        same("decorations", ours.invocation->decorations, decorations);
    }

    void chaincodeAction(BytesView bytes, const TransactionAction& ours) {
        ::protos::ChaincodeAction message;
        if (!parse(Layer::ChaincodeAction, bytes, message)) return;
        same("results", ours.results, message.results());
        same("events", ours.eventBytes, message.events());
        chaincodeId("action", ours.chaincodeId, message.has_chaincode_id(), message.chaincode_id());
        same("response", ours.response.has_value(), message.has_response());
        if (ours.response) {
            same("status", ours.response->status, message.response().status());
            same("message", ours.response->message, message.response().message());
            same("payload", ours.response->payload, message.response().payload());
        }
        readWriteSet(message.results(), ours);
        if (message.events().empty()) return;
        ::protos::ChaincodeEvent event;
        if (!parse(Layer::Event, message.events(), event)) return;
        same("event name", ours.event.value().name, event.event_name());
        same("event id", ours.event->chaincodeId, event.chaincode_id());
        same("event tx", ours.event->txId, event.tx_id());
        same("event payload", ours.event->payload, event.payload());
    }

    /// Everything nested is decoded by one call of ours, and fails as a whole.
    void readWriteSet(BytesView bytes, const TransactionAction& ours) {
        ::rwset::TxReadWriteSet message;
        std::vector<::kvrwset::KVRWSet> sets;
        std::vector<std::vector<::kvrwset::HashedRWSet>> hashed;
        Status status = wire::parseInto(message, bytes, "x");
        for (const auto& ns : message.ns_rwset()) {
            if (status.ok()) status = wire::parseInto(sets.emplace_back(), ns.rwset(), "x");
            hashed.emplace_back();
            for (const auto& collection : ns.collection_hashed_rwset())
                if (status.ok())
                    status = wire::parseInto(hashed.back().emplace_back(),
                                             collection.hashed_rwset(), "x");
        }
        const Status* fault = m_tx.faultOf(Layer::ReadWriteSet, m_action);
        if (isTooLarge(status) || (fault != nullptr && isTooLarge(*fault))) return;
        if (status.ok() != ours.readWriteSet.has_value())
            note(fmt::format("read/write set: protobuf {}", messageOf(status)));
        if (!status.ok() || !m_found.empty()) return;
        const auto& set = *ours.readWriteSet;
        same("data_model", set.dataModel, static_cast<std::int32_t>(message.data_model()));
        same("ns_rwset", set.namespaces.size(), static_cast<std::size_t>(message.ns_rwset_size()));
        for (std::size_t i = 0; i < set.namespaces.size() && m_found.empty(); ++i) {
            const auto& theirs = message.ns_rwset(static_cast<int>(i));
            same("namespace", set.namespaces[i].name, theirs.namespace_());
            same("rwset", rewritten(set.namespaces[i]), wire::serialize(known(sets[i])));
            for (std::size_t c = 0; c < hashed[i].size(); ++c) {
                const auto& collection = set.namespaces[i].collections.at(c);
                const auto& trace = theirs.collection_hashed_rwset(static_cast<int>(c));
                same("collection", collection.collection, trace.collection_name());
                same("pvt_rwset_hash", collection.privateHash, trace.pvt_rwset_hash());
                same("hashed", rewritten(collection), wire::serialize(known(hashed[i][c])));
            }
        }
    }

    template <class Message>
    static Message known(Message message) {
        message.DiscardUnknownFields();
        return message;
    }
    template <class Message>
    static void version(const std::optional<Version>& version, Message& out) {
        if (!version) return;
        out.mutable_version()->set_block_num(version->block);
        out.mutable_version()->set_tx_num(version->transaction);
    }
    template <class Message>
    static void entries(const std::vector<MetadataEntry>& list, Message& out) {
        for (const MetadataEntry& entry : list) {
            auto* added = out.add_entries();
            added->set_name(std::string(entry.name));
            added->set_value(std::string(entry.value));
        }
    }
    static void read(const KeyRead& read, ::kvrwset::KVRead& out) {
        out.set_key(std::string(read.key));
        version(read.version, out);
    }

    static Bytes rewritten(const NamespaceReadWriteSet& ns) {
        ::kvrwset::KVRWSet out;
        for (const KeyRead& r : ns.reads) read(r, *out.add_reads());
        for (const RangeQuery& query : ns.rangeQueries) {
            auto* info = out.add_range_queries_info();
            info->set_start_key(std::string(query.startKey));
            info->set_end_key(std::string(query.endKey));
            info->set_itr_exhausted(query.exhausted);
            if (const auto* reads = std::get_if<std::vector<KeyRead>>(&query.results)) {
                info->mutable_raw_reads();
                for (const KeyRead& r : *reads) read(r, *info->mutable_raw_reads()->add_kv_reads());
            }
            if (const auto* merkle = std::get_if<MerkleSummary>(&query.results)) {
                auto* hashes = info->mutable_reads_merkle_hashes();
                hashes->set_max_degree(merkle->maxDegree);
                hashes->set_max_level(merkle->maxLevel);
                for (const BytesView hash : merkle->hashes)
                    hashes->add_max_level_hashes(std::string(hash));
            }
        }
        for (const KeyWrite& write : ns.writes) {
            auto* added = out.add_writes();
            added->set_key(std::string(write.key));
            added->set_is_delete(write.deleteFlag);
            added->set_value(std::string(write.value));
        }
        for (const MetadataWrite& write : ns.metadataWrites) {
            auto* added = out.add_metadata_writes();
            added->set_key(std::string(write.key));
            entries(write.entries, *added);
        }
        return wire::serialize(out);
    }

    static Bytes rewritten(const CollectionReadWriteSet& collection) {
        ::kvrwset::HashedRWSet out;
        for (const HashedRead& r : collection.reads) {
            auto* added = out.add_hashed_reads();
            added->set_key_hash(std::string(r.keyHash));
            version(r.version, *added);
        }
        for (const HashedWrite& write : collection.writes) {
            auto* added = out.add_hashed_writes();
            added->set_key_hash(std::string(write.keyHash));
            added->set_is_delete(write.deleteFlag);
            added->set_value_hash(std::string(write.valueHash));
            added->set_is_purge(write.isPurge);
        }
        for (const HashedMetadataWrite& write : collection.metadataWrites) {
            auto* added = out.add_metadata_writes();
            added->set_key_hash(std::string(write.keyHash));
            entries(write.entries, *added);
        }
        return wire::serialize(out);
    }

    const Transaction& m_tx;
    std::size_t m_action = 0;
    std::string m_found;
};

}  // namespace

std::string disagreement(const Transaction& transaction) {
    return Comparison(transaction).run();
}

BytesView layerBytes(const Transaction& transaction, Layer layer) {
    const TransactionAction& action = transaction.actions.at(0);
    switch (layer) {
        case Layer::Envelope:
            return transaction.bytes.view();
        case Layer::Payload:
            return transaction.envelope.payload;
        case Layer::ChannelHeader:
            return transaction.payload.channelHeader;
        case Layer::SignatureHeader:
            return transaction.payload.signatureHeader;
        case Layer::Creator:
            return transaction.signatureHeader.creator;
        case Layer::HeaderExtension:
            return transaction.channelHeader.extension;
        case Layer::Transaction:
        case Layer::Config:
            return transaction.payload.data;
        case Layer::ActionHeader:
            return action.headerBytes;
        case Layer::ActionPayload:
            break;  // not kept: only its parts are
        case Layer::ProposalPayload:
            return action.proposalPayload;
        case Layer::InvocationSpec:
            break;
        case Layer::ResponsePayload:
            return action.responsePayload;
        case Layer::ChaincodeAction:
            return action.actionBytes;
        case Layer::ReadWriteSet:
            return action.results;
        case Layer::Event:
            return action.eventBytes;
    }
    return {};
}

Bytes envelopeWith(const Transaction& model, Layer layer, BytesView bytes) {
    const auto use = [&](Layer own, BytesView original) {
        return std::string(own == layer ? bytes : original);
    };
    if (layer == Layer::Envelope) return Bytes(bytes);
    const TransactionAction& first = model.actions.at(0);
    ::protos::ChaincodeAction chaincodeAction;
    chaincodeAction.ParseFromString(std::string(first.actionBytes));
    chaincodeAction.set_results(use(Layer::ReadWriteSet, first.results));
    chaincodeAction.set_events(use(Layer::Event, first.eventBytes));
    ::protos::ProposalResponsePayload response;
    response.set_proposal_hash(std::string(first.proposalHash));
    response.set_extension(use(Layer::ChaincodeAction, wire::serialize(chaincodeAction)));
    ::protos::ChaincodeActionPayload payload;
    payload.set_chaincode_proposal_payload(use(Layer::ProposalPayload, first.proposalPayload));
    payload.mutable_action()->set_proposal_response_payload(
        use(Layer::ResponsePayload, wire::serialize(response)));
    ::protos::Transaction transaction;
    auto* action = transaction.add_actions();
    action->set_header(use(Layer::ActionHeader, first.headerBytes));
    action->set_payload(use(Layer::ActionPayload, wire::serialize(payload)));
    const Bytes signatureHeader =
        encodeSignatureHeader({use(Layer::Creator, model.signatureHeader.creator), "nonce"});
    ChannelHeader channel = model.channelHeader;
    const std::string extension = use(Layer::HeaderExtension, model.channelHeader.extension);
    channel.extension = extension;
    const Bytes inner = encodePayload(use(Layer::ChannelHeader, encodeChannelHeader(channel)),
                                      use(Layer::SignatureHeader, signatureHeader),
                                      use(Layer::Transaction, wire::serialize(transaction)));
    return encodeEnvelope(use(Layer::Payload, inner), "signature");
}

}  // namespace chancery::test
