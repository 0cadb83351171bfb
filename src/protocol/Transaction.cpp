#include "src/protocol/Transaction.h"

#include <fabric/common/configtx.pb.h>

#include "src/crypto/Digest.h"
#include "src/protocol/FieldReader.h"
#include "src/protocol/MessageReaders.h"
#include "src/protocol/Proposal.h"
#include "src/protocol/TxId.h"
#include "src/wire/Parse.h"

namespace chancery::protocol {
namespace {

using wire::FieldScanner;

constexpr std::pair<Layer, std::string_view> kLayerNames[] = {
    {Layer::Envelope, "envelope"},
    {Layer::Payload, "payload"},
    {Layer::ChannelHeader, "channel header"},
    {Layer::SignatureHeader, "signature header"},
    {Layer::Creator, "creator"},
    {Layer::HeaderExtension, "header extension"},
    {Layer::Config, "config"},
    {Layer::Transaction, "transaction"},
    {Layer::ActionHeader, "signature header of the action"},
    {Layer::ActionPayload, "action payload"},
    {Layer::ProposalPayload, "proposal payload"},
    {Layer::InvocationSpec, "invocation"},
    {Layer::ResponsePayload, "response payload"},
    {Layer::ChaincodeAction, "chaincode action"},
    {Layer::ReadWriteSet, "read/write set"},
    {Layer::Event, "event"},
};

/// A configuration of many organisations takes some hundred KiB.
constexpr wire::ParseLimits kConfigLimits{.memorySlack = 16U << 20};

/// The layer around each one; a layer around itself is the outermost.
constexpr Layer outerOf(Layer layer) {
    switch (layer) {
        case Layer::Envelope:
        case Layer::Payload:
            return Layer::Envelope;
        case Layer::ChannelHeader:
        case Layer::SignatureHeader:
            return Layer::Payload;
        case Layer::Creator:
            return Layer::SignatureHeader;
        case Layer::HeaderExtension:
        case Layer::Config:
        case Layer::Transaction:
            return Layer::ChannelHeader;
        case Layer::ActionHeader:
        case Layer::ActionPayload:
            return Layer::Transaction;
        case Layer::ProposalPayload:
        case Layer::ResponsePayload:
            return Layer::ActionPayload;
        case Layer::InvocationSpec:
            return Layer::ProposalPayload;
        case Layer::ChaincodeAction:
            return Layer::ResponsePayload;
        case Layer::ReadWriteSet:
        case Layer::Event:
            return Layer::ChaincodeAction;
    }
    return Layer::Envelope;
}

struct ActionBytes {
    BytesView header, payload;
};

/// Keeps the first actions only; `count` is that of all.
Status readTransaction(BytesView bytes, std::vector<ActionBytes>& actions, std::size_t& count) {
    FieldReader reader(bytes, "transaction");
    const bool read = reader.each(bytes, [&](const FieldScanner& field) {
        if (keyOf(field) != lengthField(1)) return true;
        return reader.inside("actions", count++, [&] {
            ActionBytes action;
            const bool readable = reader.each(field.view(), [&](const FieldScanner& inner) {
                if (keyOf(inner) == lengthField(1)) action.header = inner.view();
                if (keyOf(inner) == lengthField(2)) action.payload = inner.view();
                return true;
            });
            if (readable && actions.size() < kMaxDecodedActions) actions.push_back(action);
            return readable;
        });
    });
    return read ? Status() : reader.status();
}

Status readActionPayload(BytesView bytes, TransactionAction& out, MemoryBudget* budget) {
    FieldReader reader(bytes, "action_payload", budget);
    const auto endorsedAction = [&](BytesView inside) {
        return reader.each(inside, [&](const FieldScanner& field) {
            if (keyOf(field) == lengthField(1)) out.responsePayload = field.view();
            if (keyOf(field) != lengthField(2)) return true;
            return reader.inside("endorsements", out.endorsements.size(), [&] {
                return reader.element(field, sizeof(Endorsement)) &&
                       readEndorsement(reader, field.view(), out.endorsements.emplace_back());
            });
        });
    };
    const bool read = reader.each(bytes, [&](const FieldScanner& field) {
        if (keyOf(field) == lengthField(1)) out.proposalPayload = field.view();
        if (keyOf(field) != lengthField(2)) return true;
        out.hasEndorsedAction = true;
        return reader.inside("action", [&] { return endorsedAction(field.view()); });
    });
    return read ? Status() : reader.status();
}

/// Takes one envelope apart, layer by layer.
class Decoding {
public:
    explicit Decoding(Transaction& out) : m_out(out), m_budget(out.bytes.size()) {}

    void run() {
        if (!take(Layer::Envelope, decodeEnvelope(m_out.bytes.view()), m_out.envelope)) return;
        if (!take(Layer::Payload, decodePayload(m_out.envelope.payload), m_out.payload)) return;
        const bool channel =
            take(Layer::ChannelHeader, decodeChannelHeader(m_out.payload.channelHeader),
                 m_out.channelHeader);
        if (take(Layer::SignatureHeader, decodeSignatureHeader(m_out.payload.signatureHeader),
                 m_out.signatureHeader))
            take(Layer::Creator, decodeSerializedIdentity(m_out.signatureHeader.creator),
                 m_out.creator);
        if (!channel) return;
        if (m_out.isEndorserTransaction()) endorserTransaction();
        if (m_out.isConfig()) config();
    }

private:
    template <class T, class Target>
    bool take(Layer layer, Result<T> result, Target& target) {
        if (!result.ok()) return note(layer, result.status());
        target = *std::move(result);
        return true;
    }
    bool note(Layer layer, const Status& status) {
        if (status.ok()) return true;
        m_out.faults.push_back({layer, m_action, status});
        return false;
    }

    void config() {
        auto parsed =
            wire::parse<::common::ConfigEnvelope>(m_out.payload.data, "config", kConfigLimits);
        if (!note(Layer::Config, parsed.status())) return;
        ConfigContent content;
        content.hasConfig = parsed->has_config();
        content.sequence = parsed->config().sequence();
        content.message = std::make_shared<const ::common::ConfigEnvelope>(*std::move(parsed));
        m_out.config = std::move(content);
    }

    void endorserTransaction() {
        take(Layer::HeaderExtension, decodeHeaderExtension(m_out.channelHeader.extension),
             m_out.extensionChaincode);
        std::vector<ActionBytes> actions;
        std::size_t count = 0;
        if (!note(Layer::Transaction, readTransaction(m_out.payload.data, actions, count))) return;
        m_out.actionCount = count;
        m_out.actions.resize(actions.size());
        for (m_action = 0; m_action < actions.size(); ++m_action) {
            TransactionAction& out = m_out.actions[m_action];
            out.headerBytes = actions[m_action].header;
            take(Layer::ActionHeader, decodeSignatureHeader(out.headerBytes), out.header);
            action(actions[m_action].payload, out);
        }
        m_action = 0;
    }

    // Fields met before a fault are no facts: a parser gives the whole message or nothing.
    void action(BytesView payload, TransactionAction& out) {
        if (!note(Layer::ActionPayload, readActionPayload(payload, out, &m_budget))) {
            out.proposalPayload = out.responsePayload = {};
            out.hasEndorsedAction = false;
            out.endorsements.clear();
            return;
        }
        proposal(out);
        if (!note(Layer::ResponsePayload,
                  readResponsePayload(out.responsePayload, out.proposalHash, out.actionBytes))) {
            out.proposalHash = out.actionBytes = {};
            return;
        }
        if (!note(Layer::ChaincodeAction, readChaincodeAction(out.actionBytes, out))) {
            out.results = out.eventBytes = {};
            out.response.reset();
            out.chaincodeId.reset();
            return;
        }
        take(Layer::ReadWriteSet, decodeReadWriteSet(out.results, &m_budget), out.readWriteSet);
        if (!out.eventBytes.empty())
            take(Layer::Event, decodeChaincodeEvent(out.eventBytes), out.event);
    }

    void proposal(TransactionAction& out) {
        const auto parts = decodeProposalPayload(out.proposalPayload, &m_budget);
        if (!note(Layer::ProposalPayload, parts.status())) return;
        out.hasTransient = !parts->transient.empty();
        take(Layer::InvocationSpec, decodeInvocationSpec(parts->input, &m_budget), out.invocation);
    }

    Transaction& m_out;
    MemoryBudget m_budget;
    std::size_t m_action = 0;
};

}  // namespace

Status readResponsePayload(BytesView bytes, BytesView& proposalHash, BytesView& action) {
    FieldReader reader(bytes, "response_payload");
    const bool read = reader.each(bytes, [&](const FieldScanner& field) {
        if (keyOf(field) == lengthField(1)) proposalHash = field.view();
        if (keyOf(field) == lengthField(2)) action = field.view();
        return true;
    });
    return read ? Status() : reader.status();
}

Status readChaincodeAction(BytesView bytes, TransactionAction& out) {
    FieldReader reader(bytes, "chaincode_action");
    const bool read = reader.each(bytes, [&](const FieldScanner& field) {
        switch (keyOf(field)) {
            case lengthField(1):
                return reader.bytes(field, out.results);
            case lengthField(2):
                return reader.bytes(field, out.eventBytes);
            case lengthField(3):
                if (!out.response) out.response.emplace();
                return reader.inside("response", [&] {
                    return readChaincodeResponse(reader, field.view(), *out.response);
                });
            case lengthField(4):
                if (!out.chaincodeId) out.chaincodeId.emplace();
                return reader.inside("chaincode_id", [&] {
                    return readChaincodeId(reader, field.view(), *out.chaincodeId);
                });
        }
        return true;
    });
    return read ? Status() : reader.status();
}

bool readChaincodeResponse(FieldReader& reader, BytesView bytes, ChaincodeResponse& out) {
    return reader.each(bytes, [&](const FieldScanner& field) {
        switch (keyOf(field)) {
            case integerField(1):
                out.status = static_cast<std::int32_t>(field.integer());
                return true;
            case lengthField(2):
                return reader.text(field, out.message, "message");
            case lengthField(3):
                return reader.bytes(field, out.payload);
        }
        return true;
    });
}

bool readEndorsement(FieldReader& reader, BytesView bytes, Endorsement& out) {
    return reader.each(bytes, [&](const FieldScanner& field) {
        if (keyOf(field) == lengthField(1)) out.endorser = field.view();
        if (keyOf(field) == lengthField(2)) out.signature = field.view();
        return true;
    });
}

std::string_view nameOf(Layer layer) {
    for (const auto& [known, name] : kLayerNames)
        if (known == layer) return name;
    return "layer";
}

const Status* Transaction::faultOf(Layer layer, std::size_t action) const {
    for (const LayerFault& fault : faults)
        if (fault.layer == layer && fault.action == action) return &fault.status;
    return nullptr;
}

bool Transaction::reached(Layer layer, std::size_t action) const {
    if (layer == Layer::Config && !isConfig()) return false;
    if ((layer == Layer::HeaderExtension || layer >= Layer::Transaction) &&
        !isEndorserTransaction())
        return false;
    while (true) {
        const bool inAction = outerOf(layer) >= Layer::Transaction;
        if (inAction && action >= actions.size()) return false;
        if (faultOf(layer, inAction ? action : 0) != nullptr) return false;
        if (layer == Layer::Envelope) return true;
        layer = outerOf(layer);
    }
}

TxId Transaction::recomputedTxId() const {
    return computeTxId(signatureHeader.nonce, signatureHeader.creator);
}

TxId Transaction::filedTxId() const {
    if (!payload.hasHeader || !reached(Layer::ChannelHeader)) return {};
    if (!channelHeader.txId.empty()) return TxId(std::string(channelHeader.txId));
    return reached(Layer::SignatureHeader) ? recomputedTxId() : TxId();
}

Bytes Transaction::recomputedProposalHash(const TransactionAction& action) const {
    return computeProposalHash(payload.channelHeader, action.headerBytes, action.proposalPayload);
}

std::string_view Transaction::contract() const {
    if (!isEndorserTransaction()) return {};
    if (extensionChaincode && !extensionChaincode->name.empty()) return extensionChaincode->name;
    if (!actions.empty() && actions.front().chaincodeId) return actions.front().chaincodeId->name;
    return {};
}

std::string_view Transaction::function() const {
    if (actions.empty() || !actions[0].invocation || actions[0].invocation->args.empty()) return {};
    return actions[0].invocation->args[0];
}

Transaction Transaction::decode(SharedBytes envelope) {
    Transaction out;
    out.bytes = std::move(envelope);
    Decoding(out).run();
    return out;
}

Bytes endorsementMessage(BytesView responsePayload, BytesView endorser) {
    Bytes out;
    out.reserve(responsePayload.size() + endorser.size());
    return out.append(responsePayload).append(endorser);
}

}  // namespace chancery::protocol
