#include "src/usecase/TransactionDescriber.h"

#include "src/protocol/Lifecycle.h"
#include "src/usecase/BlockDescriber.h"
#include "src/usecase/Causes.h"
#include "src/usecase/LifecycleCall.h"
#include "src/usecase/LifecycleKeys.h"
#include "src/usecase/PolicyVerdicts.h"
#include "src/verify/PendingUpdates.h"

namespace chancery::usecase {
namespace {

std::optional<WrittenAt> placeOf(const std::optional<protocol::Version>& version) {
    if (!version) return std::nullopt;
    return WrittenAt{version->block, version->transaction};
}

/// What the transaction met: the state before the block and what the valid ones before it in the
/// block left.
class Surroundings {
public:
    Surroundings(const protocol::Block& block, std::size_t index, const LedgerMoment& moment,
                 const Judgement* judgement)
        : m_state(moment.state()), m_known(moment.stateKnown()) {
        const auto codes = block.validationCodes();
        for (std::size_t i = 0; i < index; ++i) {
            const bool valid = i < codes.size() ? codes[i] == protocol::ValidationCode::Valid
                                                : judgement != nullptr &&
                                                      judgement->verdict.transactions[i].valid();
            const protocol::Transaction before = block.transaction(i);
            if (!valid || before.actions.empty() || !before.actions.front().readWriteSet) continue;
            (void)m_pending.apply(*before.actions.front().readWriteSet, {block.number(), i},
                                  m_state);
        }
    }

    bool known() const { return m_known; }

    std::optional<verify::StateValue> value(std::string_view ns, std::string_view collection,
                                            std::string_view key) const {
        const auto* pending = collection.empty() ? m_pending.findPublic(ns, key)
                                                 : m_pending.findHashed(ns, collection, key);
        if (pending != nullptr) {
            if (pending->isDelete) return std::nullopt;
            return verify::StateValue{pending->value, pending->metadata, pending->version};
        }
        auto value = m_state.get(
            collection.empty() ? std::string(ns) : verify::hashedNamespace(ns, collection), key);
        return value.ok() ? *std::move(value) : std::nullopt;
    }

private:
    const verify::StateReader& m_state;
    bool m_known;
    verify::PendingUpdates m_pending;
};

class Describer {
public:
    Describer(TransactionDescription& description, const Surroundings& around,
              const protocol::Transaction& transaction, const channel::Bundle* bundle)
        : m_description(description),
          m_around(around),
          m_lifecycle(transaction),
          m_bundle(bundle) {}

    void set(const protocol::ReadWriteSet& set) {
        for (const protocol::NamespaceReadWriteSet& ns : set.namespaces) {
            const std::string contract(ns.name);
            for (const auto& read : ns.reads) this->read(contract, {}, read.key, read.version);
            for (const auto& query : ns.rangeQueries) range(contract, query);
            for (const auto& write : ns.writes)
                this->write(contract, {}, write.key, write.isDelete(), write.value, false);
            for (const auto& write : ns.metadataWrites)
                policy(contract, {}, write.key, write.entries);
            for (const auto& collection : ns.collections) {
                const std::string name(collection.collection);
                for (const auto& read : collection.reads)
                    this->read(contract, name, read.keyHash, read.version);
                for (const auto& write : collection.writes)
                    this->write(contract, name, write.keyHash, write.isDelete(), write.valueHash,
                                write.isPurge);
                for (const auto& write : collection.metadataWrites)
                    policy(contract, name, write.keyHash, write.entries);
            }
        }
    }

private:
    void read(const std::string& contract, const std::string& collection, BytesView key,
              const std::optional<protocol::Version>& version) {
        ReadDescription read{.contract = contract,
                             .collection = collection,
                             .key = Bytes(key),
                             .read = placeOf(version)};
        read.keyMeaning = m_lifecycle.meaningOf(contract, collection, key);
        read.current = read.read;
        if (m_around.known()) {
            const auto now = m_around.value(contract, collection, key);
            read.current = now ? placeOf(now->version) : std::nullopt;
        }
        m_description.reads.push_back(std::move(read));
    }

    void range(const std::string& contract, const protocol::RangeQuery& query) {
        RangeReadDescription range{.contract = contract,
                                   .start = Bytes(query.startKey),
                                   .end = Bytes(query.endKey),
                                   .exhausted = query.exhausted,
                                   .results = 0};
        if (const auto* reads = std::get_if<std::vector<protocol::KeyRead>>(&query.results))
            range.results = reads->size();
        if (std::holds_alternative<protocol::MerkleSummary>(query.results)) range.results.reset();
        m_description.rangeReads.push_back(std::move(range));
    }

    void write(const std::string& contract, const std::string& collection, BytesView key,
               bool deletes, BytesView value, bool purge) {
        WriteDescription write{
            .contract = contract, .collection = collection, .key = Bytes(key), .purge = purge};
        if (const auto before = m_around.value(contract, collection, key))
            write.before = before->value;
        if (!deletes) write.after = Bytes(value);
        write.keyMeaning = m_lifecycle.meaningOf(contract, collection, key);
        const auto valueMeaning = [&](const std::optional<Bytes>& bytes) {
            return bytes ? m_lifecycle.meaningOfValue(contract, collection, key, *bytes, m_bundle)
                         : Sentence();
        };
        write.beforeMeaning = valueMeaning(write.before);
        write.afterMeaning = valueMeaning(write.after);
        m_description.writes.push_back(std::move(write));
    }

    void policy(const std::string& contract, const std::string& collection, BytesView key,
                const std::vector<protocol::MetadataEntry>& entries) {
        KeyPolicyDescription policy{
            .contract = contract, .collection = collection, .key = Bytes(key)};
        for (const protocol::MetadataEntry& entry : entries) {
            if (entry.name != protocol::kValidationParameter)
                policy.otherEntries.emplace_back(entry.name);
            else if (!entry.value.empty())  // an empty one stands for none, as with peers
                policy.policy = signaturePolicyText(entry.value);
        }
        m_description.keyPolicies.push_back(std::move(policy));
    }

    TransactionDescription& m_description;
    const Surroundings& m_around;
    LifecycleKeys m_lifecycle;
    const channel::Bundle* m_bundle;
};

void describeAction(const protocol::TransactionAction& action, TransactionDescription& description,
                    const channel::Bundle* bundle) {
    if (action.chaincodeId) description.contractVersion = std::string(action.chaincodeId->version);
    if (action.invocation) {
        description.isInit = action.invocation->isInit;
        for (std::size_t i = 1; i < action.invocation->args.size(); ++i)
            description.arguments.emplace_back(action.invocation->args[i]);
    }
    if (description.summary.contract == protocol::kLifecycleNamespace &&
        !description.arguments.empty())
        description.decodedArguments = describeLifecycleCall(description.summary.function,
                                                             description.arguments.front(), bundle);
    if (action.response) {
        description.responseStatus = action.response->status;
        description.responseMessage = std::string(action.response->message);
        description.responsePayload = Bytes(action.response->payload);
    }
    if (action.event)
        description.event = {std::string(action.event->name), Bytes(action.event->payload)};
}

void describeEndorsements(const protocol::TransactionAction& action,
                          const verify::PreparedTransaction* prepared,
                          TransactionDescription& description, IdentityNames& names) {
    for (std::size_t i = 0; i < action.endorsements.size(); ++i) {
        EndorsementDescription endorsement{.endorser = names.of(action.endorsements[i].endorser),
                                           .counts = true};
        if (prepared != nullptr && i < prepared->endorsements.verdicts.size()) {
            const policy::SignatureVerdict& verdict = prepared->endorsements.verdicts[i];
            endorsement.counts = verdict.accepted;
            if (verdict.duplicate)
                endorsement.why = say("ENDORSED_ALREADY", "the same identity endorsed already");
            if (!verdict.accepted && !verdict.duplicate) endorsement.why = sentenceOf(verdict.why);
        }
        description.endorsements.push_back(std::move(endorsement));
    }
}

}  // namespace

TransactionDescription describeTransaction(const protocol::SourcedBlock& sourced, std::size_t index,
                                           LedgerMoment& moment, IdentityNames& names,
                                           Judging judging) {
    const protocol::Block& block = sourced.block;
    const protocol::Transaction transaction = block.transaction(index);
    TransactionDescription description{.summary = summarise(block, index, transaction, names),
                                       .creatorSignature = Bytes(transaction.envelope.signature),
                                       .nonce = Bytes(transaction.signatureHeader.nonce),
                                       .channel = std::string(transaction.channelHeader.channelId)};
    for (const protocol::LayerFault& fault : transaction.faults)
        description.faults.push_back(say("PART_UNREADABLE", "{layer} cannot be read: {why}",
                                         {{"layer", std::string(protocol::nameOf(fault.layer))}},
                                         sentenceOf(fault.status)));

    const Judgement* judgement = nullptr;
    // Blocks without verdicts are judged in any case, since the state could not be followed
    // otherwise.
    const bool judges =
        judging == Judging::Yes || block.validationCodes().size() != block.transactionCount();
    if (const auto judged = judges ? moment.judge() : Result<const Judgement*>(nullptr);
        judged.ok())
        judgement = *judged;
    const verify::PreparedTransaction* prepared = nullptr;
    if (judgement != nullptr) {
        prepared = &judgement->prepared.transactions[index];
        const verify::TransactionVerdict& verdict = judgement->verdict.transactions[index];
        if (verdict.computed)
            description.computedCode = RecordedCode{static_cast<std::uint8_t>(verdict.code),
                                                    protocol::nameOf(verdict.code)};
        if (verdict.cause) {
            description.cause = describe(*verdict.cause);
        }
    }
    description.stateKnown = moment.stateKnown();
    const Surroundings around(block, index, moment, judgement);
    if (!transaction.actions.empty()) {
        const protocol::TransactionAction& action = transaction.actions.front();
        describeAction(action, description, moment.bundle().get());
        describeEndorsements(action, prepared, description, names);
        if (action.readWriteSet)
            Describer(description, around, transaction, moment.bundle().get())
                .set(*action.readWriteSet);
        if (prepared != nullptr && prepared->form == protocol::ValidationCode::Valid &&
            prepared->content == protocol::ValidationCode::Valid)
            description.policies =
                judgePolicies(*prepared, moment.state(), moment.contracts(), moment.bundle());
    }
    return description;
}

}  // namespace chancery::usecase
