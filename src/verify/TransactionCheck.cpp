#include "src/verify/TransactionCheck.h"

#include <fmt/format.h>

#include <set>

#include "src/base/Encoding.h"
#include "src/protocol/TxId.h"

namespace chancery::verify {
namespace {

using protocol::HeaderType;
using protocol::Layer;
using protocol::TransactionAction;
using protocol::ValidationCode;

constexpr std::size_t kShown = 128;

/// Goes through the checks of one transaction. Each step returns false when it has decided.
class Preparation {
public:
    Preparation(PreparedTransaction& out, const channel::Bundle& bundle,
                const policy::KnownSignatures* known)
        : m_out(out), m_tx(out.transaction), m_bundle(bundle), m_known(known) {}

    void run() {
        m_out.txId = ledgerTxId(m_tx);
        if (!checkForm()) return;
        if (!m_tx.isEndorserTransaction()) return;
        if (checkContent()) verifyEndorsements();
    }

private:
    bool checkForm() {
        if (!readable(Layer::Envelope, ValidationCode::InvalidOtherReason) ||
            !readable(Layer::Payload, ValidationCode::BadPayload) || !checkHeaders() ||
            !checkCreator())
            return false;
        switch (m_tx.channelHeader.type) {
            case HeaderType::EndorserTransaction:
                return checkTxId() && checkAction();
            case HeaderType::Config:
                if (!m_tx.payload.data.empty()) return true;
                return form(ValidationCode::InvalidConfigTransaction, "NO_DATA",
                            "The configuration transaction has no data.", "payload.data");
            default:
                return form(ValidationCode::UnsupportedTxPayload,
                            say("WRONG_TYPE", "Blocks do not carry transactions of type {type}.",
                                {{"type", std::string(nameOf(m_tx.channelHeader.type))}}),
                            "payload.header.channel_header.type");
        }
    }

    bool checkHeaders() {
        constexpr auto kCode = ValidationCode::BadCommonHeader;
        if (!m_tx.payload.hasHeader) {
            m_out.hazard = Hazard{std::nullopt, "PAYLOAD_WITHOUT_HEADER",
                                  "Peers crash at a payload without header when they commit it."};
            return form(kCode, "NO_HEADER", "The payload has no header.", "payload.header");
        }
        if (!readable(Layer::ChannelHeader, kCode) || !readable(Layer::SignatureHeader, kCode))
            return false;
        const auto& header = m_tx.channelHeader;
        if (header.type != HeaderType::EndorserTransaction && header.type != HeaderType::Config &&
            header.type != HeaderType::ConfigUpdate)
            return form(kCode,
                        say("WRONG_TYPE", "Transactions of type {type} do not belong into a block.",
                            {{"type", std::string(nameOf(header.type))}}),
                        "payload.header.channel_header.type");
        if (header.epoch != 0)
            return form(kCode,
                        say("WRONG_EPOCH", "The epoch is {epoch} instead of 0.",
                            {{"epoch", std::to_string(header.epoch)}}),
                        "payload.header.channel_header.epoch");
        if (m_tx.signatureHeader.nonce.empty())
            return form(kCode, "NO_NONCE", "The signature header has no nonce.",
                        "payload.header.signature_header.nonce");
        if (m_tx.signatureHeader.creator.empty())
            return form(kCode, "NO_CREATOR", "The signature header names no creator.",
                        "payload.header.signature_header.creator");
        return true;
    }

    bool checkCreator() {
        constexpr auto kCode = ValidationCode::BadCreatorSignature;
        const std::string_view field = "payload.header.signature_header.creator";
        if (m_tx.channelHeader.channelId != m_bundle.channelId().str())
            return form(kCode,
                        say("OTHER_CHANNEL",
                            "It was made for channel {channel}, whose organisations are not known "
                            "here.",
                            {{"channel", printable(m_tx.channelHeader.channelId, kShown)}}),
                        "payload.header.channel_header.channel_id");
        if (m_tx.envelope.signature.empty())
            return form(kCode, "NO_SIGNATURE", "The envelope has no signature.", "signature");
        const auto& msps = *m_bundle.msps();
        const auto creator = msps.deserialize(m_tx.signatureHeader.creator);
        if (!creator.ok()) return form(kCode, creator.status(), "The creator is refused", field);
        if (const Status valid = msps.validate(**creator); !valid.ok())
            return form(kCode, valid, "The creator is refused", field);
        m_out.creatorChecked = true;
        const Status signature = (*creator)->verify(m_tx.envelope.payload, m_tx.envelope.signature);
        if (!signature.ok())
            return form(kCode, signature, "The creator's signature is refused", "signature");
        return true;
    }

    bool checkTxId() {
        const auto& header = m_tx.signatureHeader;
        const TxId expected = protocol::computeTxId(header.nonce, header.creator);
        if (m_tx.channelHeader.txId == expected.str()) return true;
        return form(
            ValidationCode::BadProposalTxId,
            say("WRONG_TX_ID", "The transaction id is {actual}; nonce and creator give {right}.",
                {{"actual", printable(m_tx.channelHeader.txId, kShown)},
                 {"right", expected.str()}}),
            "payload.header.channel_header.tx_id");
    }

    bool checkAction() {
        constexpr auto kCode = ValidationCode::InvalidEndorserTransaction;
        if (m_tx.payload.data.empty())
            return form(kCode, "NO_DATA", "The payload has no data.", "payload.data");
        if (!readable(Layer::Transaction, kCode)) return false;
        if (m_tx.actions.size() != 1)
            return form(kCode,
                        say("NOT_ONE_ACTION", "It has {actions} actions instead of one.",
                            {{"actions", std::to_string(m_tx.actions.size())}}),
                        "payload.data.actions");
        const TransactionAction& action = m_tx.actions.front();
        if (!readable(Layer::ActionHeader, kCode)) return false;
        if (action.header.nonce.empty() || action.header.creator.empty())
            return form(kCode, "BAD_ACTION_HEADER",
                        "The action's signature header lacks nonce or creator.",
                        "payload.data.actions[0].header");
        if (!readable(Layer::ActionPayload, kCode)) return false;
        if (!action.hasEndorsedAction) {
            m_out.hazard = Hazard{std::nullopt, "ACTION_WITHOUT_ENDORSEMENT",
                                  "Peers crash at a transaction whose action holds no endorsed "
                                  "part."};
            return form(kCode, "NO_ENDORSED_ACTION", "The action holds no endorsed part.",
                        "payload.data.actions[0].payload.action");
        }
        if (!readable(Layer::ResponsePayload, kCode)) return false;
        if (action.proposalPayload.empty() || m_tx.payload.channelHeader.empty())
            return form(kCode, "NO_PROPOSAL", "The action does not hold the proposal.",
                        "payload.data.actions[0].payload.chaincode_proposal_payload");
        if (m_tx.recomputedProposalHash(action) != action.proposalHash)
            return form(kCode, "PROPOSAL_HASH_DIFFERS",
                        "What was endorsed is not the proposal of this transaction: the proposal "
                        "hash differs.",
                        "payload.data.actions[0].payload.action.proposal_response_payload."
                        "proposal_hash");
        return true;
    }

    bool checkContent() {
        const TransactionAction& action = m_tx.actions.front();
        if (!readable(Layer::HeaderExtension, ValidationCode::BadHeaderExtension, kContent))
            return false;
        if (action.actionBytes.empty())
            return content(ValidationCode::BadResponsePayload, "NO_CHAINCODE_ACTION",
                           "The response payload holds no result of a contract.",
                           "payload.data.actions[0].payload.action.proposal_response_payload."
                           "extension");
        return readable(Layer::ChaincodeAction, ValidationCode::BadResponsePayload, kContent) &&
               readable(Layer::ReadWriteSet, ValidationCode::BadRwSet, kContent) &&
               checkContract(action) && checkEvent(action) && checkNamespaces(action);
    }

    bool checkContract(const TransactionAction& action) {
        constexpr auto kMissing = ValidationCode::InvalidOtherReason;
        constexpr auto kWrong = ValidationCode::InvalidChaincode;
        const std::string_view extension = "payload.header.channel_header.extension.chaincode_id";
        const std::string_view inAction = "chaincode_action.chaincode_id";
        if (!m_tx.extensionChaincode)
            return content(kMissing, "NO_CONTRACT", "The header extension names no contract.",
                           extension);
        if (!action.chaincodeId)
            return content(kMissing, "NO_CONTRACT", "The endorsed action names no contract.",
                           inAction);
        const std::string_view name = m_tx.extensionChaincode->name;
        if (name.empty())
            return content(kWrong, "NO_CONTRACT", "The contract's name is empty.", extension);
        if (name != action.chaincodeId->name)
            return content(kWrong,
                           say("CONTRACTS_DIFFER",
                               "The header names contract {header}, the endorsed action {action}.",
                               {{"header", printable(name, kShown)},
                                {"action", printable(action.chaincodeId->name, kShown)}}),
                           inAction);
        if (action.chaincodeId->version.empty())
            return content(kWrong, "NO_CONTRACT_VERSION",
                           "The endorsed action does not give the contract's version.", inAction);
        return true;
    }

    bool checkEvent(const TransactionAction& action) {
        constexpr auto kCode = ValidationCode::InvalidOtherReason;
        if (action.eventBytes.empty()) return true;
        if (!readable(Layer::Event, kCode, kContent)) return false;
        if (action.event->chaincodeId == m_tx.extensionChaincode->name) return true;
        return content(
            kCode,
            say("EVENT_OF_OTHER_CONTRACT", "The event is said to come from contract {contract}.",
                {{"contract", printable(action.event->chaincodeId, kShown)}}),
            "chaincode_action.events.chaincode_id");
    }

    bool checkNamespaces(const TransactionAction& action) {
        std::set<std::string_view> seen;
        for (const auto& ns : action.readWriteSet->namespaces)
            if (!seen.insert(ns.name).second)
                return content(
                    ValidationCode::IllegalWriteSet,
                    say("NAMESPACE_TWICE", "The read/write set has namespace {contract} twice.",
                        {{"contract", printable(ns.name, kShown)}}),
                    "chaincode_action.results.ns_rwset");
        return true;
    }

    void verifyEndorsements() {
        const TransactionAction& action = m_tx.actions.front();
        std::vector<Bytes> messages;
        std::vector<policy::SignedData> set;
        messages.reserve(action.endorsements.size());
        for (const auto& endorsement : action.endorsements) {
            messages.push_back(
                protocol::endorsementMessage(action.responsePayload, endorsement.endorser));
            set.push_back({messages.back(), endorsement.endorser, endorsement.signature});
        }
        m_out.endorsements = policy::verifySignatures(set, *m_bundle.msps(), m_known);
        for (const auto& verdict : m_out.endorsements.verdicts)
            if (verdict.identity != nullptr && !verdict.duplicate) ++m_out.endorsementsChecked;
    }

    enum Stage { kForm, kContent };

    bool readable(Layer layer, ValidationCode code, Stage stage = kForm) {
        const Status* fault = m_tx.faultOf(layer);
        if (fault == nullptr) return true;
        return decide(stage, code,
                      say("UNREADABLE", "The {layer} cannot be decoded: {why}",
                          {{"layer", std::string(nameOf(layer))}}, sentenceOf(*fault)),
                      std::string(nameOf(layer)));
    }
    bool form(ValidationCode code, std::string_view reason, std::string_view sentence,
              std::string_view field) {
        return form(code, say(reason, sentence), field);
    }
    bool form(ValidationCode code, Sentence sentence, std::string_view field) {
        return decide(kForm, code, std::move(sentence), std::string(field));
    }
    bool form(ValidationCode code, const Status& why, std::string_view what,
              std::string_view field) {
        Sentence sentence = sentenceOf(why);
        sentence.english = fmt::format("{}: {}", what, sentence.english);
        sentence.arguments.emplace_back("context", what);
        return form(code, std::move(sentence), field);
    }
    bool content(ValidationCode code, std::string_view reason, std::string_view sentence,
                 std::string_view field) {
        return content(code, say(reason, sentence), field);
    }
    bool content(ValidationCode code, Sentence sentence, std::string_view field) {
        return decide(kContent, code, std::move(sentence), std::string(field));
    }
    bool decide(Stage stage, ValidationCode code, Sentence sentence, std::string field) {
        (stage == kForm ? m_out.form : m_out.content) = code;
        Cause cause;
        tell(cause, std::move(sentence));
        cause.field = std::move(field);
        m_out.cause = std::move(cause);
        return false;
    }

    PreparedTransaction& m_out;
    const protocol::Transaction& m_tx;
    const channel::Bundle& m_bundle;
    const policy::KnownSignatures* m_known;
};

}  // namespace

const protocol::ReadWriteSet* PreparedTransaction::readWriteSet() const {
    if (transaction.actions.empty() || !transaction.actions.front().readWriteSet) return nullptr;
    return &*transaction.actions.front().readWriteSet;
}

std::string ledgerTxId(const protocol::Transaction& transaction) {
    if (!transaction.payload.hasHeader || !transaction.reached(Layer::ChannelHeader)) return {};
    if (!transaction.channelHeader.txId.empty()) return std::string(transaction.channelHeader.txId);
    if (!transaction.reached(Layer::SignatureHeader)) return {};
    return transaction.recomputedTxId().str();
}

PreparedTransaction prepareTransaction(protocol::Transaction transaction,
                                       const channel::Bundle& bundle,
                                       const policy::KnownSignatures* known) {
    PreparedTransaction prepared;
    prepared.transaction = std::move(transaction);
    Preparation(prepared, bundle, known).run();
    return prepared;
}

}  // namespace chancery::verify
