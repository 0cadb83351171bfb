#include "src/verify/Validator.h"

#include <fmt/format.h>

#include <map>

#include "fabric/common/configtx.pb.h"
#include "src/base/Encoding.h"
#include "src/channel/Update.h"
#include "src/verify/ReadCheck.h"

namespace chancery::verify {
namespace {

using protocol::Layer;
using protocol::ValidationCode;

bool isLedgerCode(ValidationCode code) {
    return code == ValidationCode::MvccReadConflict ||
           code == ValidationCode::PhantomReadConflict || code == ValidationCode::Valid;
}

Cause duplicateCause(std::string_view txId, std::optional<OtherTransaction> original) {
    Cause cause;
    ErrorArguments arguments{{"txId", printable(txId, 128)}};
    if (original) {
        arguments.emplace_back("transaction", std::to_string(original->place.transaction));
        tell(cause,
             say("DUPLICATE", "Transaction {transaction} of this block has the same id {txId}.",
                 std::move(arguments)));
    } else {
        tell(cause, say("DUPLICATE", "An earlier block has a transaction with the same id {txId}.",
                        std::move(arguments)));
    }
    cause.field = "payload.header.channel_header.tx_id";
    cause.original = std::move(original);
    return cause;
}

Cause recordedCause(ValidationCode code) {
    Cause cause;
    tell(cause, say("TAKEN_OVER",
                    "{recorded} stands in the block; the rules that led to it are not known here.",
                    {{"recorded", nameOf(code)}}));
    return cause;
}

/// The state does not know the ids of the block that is being judged.
void nameWriters(const PreparedBlock& block, Cause& cause) {
    const auto name = [&](std::optional<OtherTransaction>& writer) {
        if (writer && writer->place.block == block.number &&
            writer->place.transaction < block.transactions.size())
            writer->txId = TxId(block.transactions[writer->place.transaction].txId);
    };
    if (cause.conflict) name(cause.conflict->writer);
    if (cause.phantom) name(cause.phantom->difference.writer);
}

/// Peers look at the first action of every earlier transaction of a block for changed key policies,
/// without asking whether there is one.
bool lacksFirstAction(const protocol::Transaction& tx) {
    if (!tx.reached(Layer::Payload) || tx.faultOf(Layer::Transaction) != nullptr) return false;
    if (tx.isEndorserTransaction()) return tx.actions.empty();
    return tx.payload.data.empty();
}

}  // namespace

std::vector<ValidationCode> BlockVerdict::codes() const {
    std::vector<ValidationCode> codes;
    codes.reserve(transactions.size());
    for (const auto& tx : transactions) codes.push_back(tx.code);
    return codes;
}

struct Validator::Work {
    const PreparedBlock& in;
    std::span<const ValidationCode> recorded;
    BlockVerdict out;
    EndorsementCheck endorsements;
    // Nobody but a peer of Fabric 1.x applies the rules of that time.
    bool oldRules = false;
    std::size_t scanned = 0;  // how far lacksFirstAction() was asked

    TransactionVerdict& verdict(std::size_t index) { return out.transactions[index]; }
    void refuse(std::size_t index, ValidationCode code, std::optional<Cause> cause) {
        verdict(index).code = code;
        verdict(index).cause = std::move(cause);
    }
    /// Takes the recorded code over; one that only the ledger stage gives is left to that stage.
    void takeOver(std::size_t index) {
        verdict(index).computed = false;
        const ValidationCode code =
            index < recorded.size() ? recorded[index] : ValidationCode::Valid;
        if (isLedgerCode(code))
            verdict(index).code = ValidationCode::Valid;
        else
            refuse(index, code, recordedCause(code));
    }
};

Validator::Validator(channel::BundlePtr bundle, const StateReader& state)
    : m_state(state), m_policies(std::make_unique<PolicyBook>(std::move(bundle))) {}

Validator::~Validator() = default;

PreparedBlock Validator::prepare(const protocol::Block& block, channel::BundlePtr bundle,
                                 TaskPool* pool, const policy::KnownSignatures* known) {
    PreparedBlock prepared{block.number(), std::move(bundle), {}};
    prepared.transactions.resize(block.transactionCount());
    const auto one = [&](std::size_t index) {
        prepared.transactions[index] =
            prepareTransaction(block.transaction(index), *prepared.bundle, known);
    };
    if (pool != nullptr && prepared.transactions.size() > 1) {
        pool->forEach(prepared.transactions.size(), one);
    } else {
        for (std::size_t i = 0; i < prepared.transactions.size(); ++i) one(i);
    }
    return prepared;
}

Result<BlockVerdict> Validator::validate(const PreparedBlock& block,
                                         std::span<const ValidationCode> recorded) {
    Work work{block,
              recorded,
              {},
              EndorsementCheck(block.transactions, m_state, m_contracts, *m_policies)};
    work.oldRules = !bundle()->capabilities().newLifecycle;
    work.out.transactions.resize(block.transactions.size());
    for (std::size_t i = 0; i < block.transactions.size(); ++i) RETURN_IF_ERROR(judgeOne(work, i));
    markDuplicates(work);
    RETURN_IF_ERROR(findHazards(work));
    for (std::size_t i = 0; i < block.transactions.size(); ++i)
        if (work.verdict(i).valid()) RETURN_IF_ERROR(commitOne(work, i));
    return std::move(work.out);
}

Status Validator::judgeOne(Work& work, std::size_t index) {
    const PreparedTransaction& tx = work.in.transactions[index];
    if (tx.hazard) {
        work.out.hazards.push_back(*tx.hazard);
        work.out.hazards.back().transaction = index;
    }
    if (tx.form != ValidationCode::Valid) {
        work.refuse(index, tx.form, tx.cause);
        return {};
    }
    if (tx.transaction.isConfig()) {
        judgeConfig(work, index);
        return {};
    }
    ASSIGN_OR_RETURN(const bool known, m_state.hasTransaction(tx.txId));
    if (known) {
        work.refuse(index, ValidationCode::DuplicateTxId, duplicateCause(tx.txId, std::nullopt));
        return {};
    }
    if (work.oldRules) {
        work.takeOver(index);
        return {};
    }
    if (tx.content != ValidationCode::Valid) {
        work.refuse(index, tx.content, tx.cause);
        return {};
    }
    return checkEndorsements(work, index);
}

Status Validator::checkEndorsements(Work& work, std::size_t index) {
    for (; work.scanned < index; ++work.scanned)
        if (lacksFirstAction(work.in.transactions[work.scanned].transaction))
            work.out.hazards.push_back(
                {work.scanned, "NO_FIRST_ACTION",
                 "Peers crash at a transaction without action when another one follows it in the "
                 "block."});
    ASSIGN_OR_RETURN(auto verdict, work.endorsements.check(index));
    // Whoever validates a block first must not let through what nobody has checked.
    const bool isRecorded = index < work.recorded.size();
    const bool isUnknown = !verdict.computed && !isRecorded;
    if (verdict.hazard && (verdict.computed || isUnknown))
        work.out.hazards.push_back(*std::move(verdict.hazard));
    if (verdict.code != ValidationCode::Valid)
        work.refuse(index, verdict.code, std::move(verdict.cause));
    else if (isUnknown)
        work.refuse(index, ValidationCode::EndorsementPolicyFailure, std::move(verdict.cause));
    else if (!verdict.computed)
        work.takeOver(index);
    else
        work.verdict(index).code = ValidationCode::Valid;
    return {};
}

void Validator::judgeConfig(Work& work, std::size_t index) {
    const protocol::Transaction& tx = work.in.transactions[index].transaction;
    const auto refused = [&](std::string_view reason, const Sentence& why) {
        Cause cause;
        tell(cause, say(reason, "The configuration is refused: {why}", {}, why));
        cause.field = "payload.data";
        Hazard hazard{index, cause.reason, "Peers stop here. " + cause.sentence, cause.arguments};
        hazard.arguments.emplace_back("stops", "Peers stop here.");
        work.out.hazards.push_back(std::move(hazard));
        work.refuse(index, ValidationCode::InvalidConfigTransaction, std::move(cause));
    };
    if (work.in.transactions.size() > 1)
        return refused("CONFIG_AMONG_OTHERS", say("NOT_ALONE", "it is not alone in its block"));
    if (const Status* fault = tx.faultOf(Layer::Config))
        return refused("BAD_CONFIG", sentenceOf(*fault));
    if (!tx.config || tx.config->message == nullptr)
        return refused("BAD_CONFIG", say("NOT_READABLE", "it cannot be read"));
    auto next = channel::applyConfig(*bundle(), *tx.config->message);
    if (!next.ok()) return refused("CONFIG_REFUSED", sentenceOf(next.status()));
    work.out.config = *std::move(next);
    work.verdict(index).code = ValidationCode::Valid;
}

/// The first of several valid transactions with one id stays valid.
void Validator::markDuplicates(Work& work) {
    std::map<std::string_view, std::size_t> seen;
    for (std::size_t i = 0; i < work.in.transactions.size(); ++i) {
        const PreparedTransaction& tx = work.in.transactions[i];
        if (!work.verdict(i).valid() || !tx.transaction.isEndorserTransaction()) continue;
        const auto [first, isNew] = seen.emplace(tx.txId, i);
        if (isNew) continue;
        const OtherTransaction original{{work.in.number, first->second}, TxId(tx.txId)};
        work.refuse(i, ValidationCode::DuplicateTxId, duplicateCause(tx.txId, original));
    }
}

/// Peers look up every collection that a transaction writes, be it valid or not, and stop when
/// there is none.
Status Validator::findHazards(Work& work) {
    for (std::size_t i = 0; i < work.in.transactions.size(); ++i) {
        const auto* set = work.in.transactions[i].readWriteSet();
        if (set == nullptr) continue;
        for (const auto& ns : set->namespaces)
            for (const auto& collection : ns.collections) {
                if (collection.writes.empty() && collection.metadataWrites.empty()) continue;
                ASSIGN_OR_RETURN(const Contract* contract, m_contracts.find(ns.name, m_state));
                if (contract->collection(collection.collection)) continue;
                work.out.hazards.push_back(
                    {i,
                     "UNKNOWN_COLLECTION",
                     fmt::format("Peers stop here: the transaction writes collection {} of {}, "
                                 "which is not defined.",
                                 printable(collection.collection, 128), printable(ns.name, 128)),
                     {{"stops", "Peers stop here."},
                      {"collection", printable(collection.collection, 128)},
                      {"contract", printable(ns.name, 128)}}});
            }
    }
    return {};
}

Status Validator::commitOne(Work& work, std::size_t index) {
    const PreparedTransaction& tx = work.in.transactions[index];
    const Version version{work.in.number, index};
    if (tx.transaction.isConfig()) {
        work.out.updates.put(kConfigNamespace, kConfigKey, tx.transaction.payload.data, version);
        return {};
    }
    const auto* set = tx.readWriteSet();
    if (set == nullptr) {
        // Only with the rules of Fabric 1.x: a recorded Valid that has nothing to apply.
        work.refuse(index, ValidationCode::BadRwSet, tx.cause);
        return {};
    }
    ASSIGN_OR_RETURN(auto reads, checkReads(*set, work.out.updates, m_state));
    const auto hazard = [&](std::optional<Hazard> found) {
        if (!found) return;
        found->transaction = index;
        work.out.hazards.push_back(*std::move(found));
    };
    hazard(std::move(reads.hazard));
    if (reads.code != ValidationCode::Valid) {
        nameWriters(work.in, *reads.cause);
        work.refuse(index, reads.code, std::move(reads.cause));
        return {};
    }
    ASSIGN_OR_RETURN(auto crash, work.out.updates.apply(*set, version, m_state));
    hazard(std::move(crash));
    return {};
}

Result<BlockVerdict> Validator::validateGenesis(const protocol::Block& block) {
    const auto bad = [](std::string_view why) {
        return makeError(StatusCode::kInvalidArgument, "BAD_GENESIS",
                         fmt::format("The first block holds no configuration: {}.", why));
    };
    if (block.transactionCount() != 1)
        return bad(fmt::format("it has {} transactions", block.transactionCount()));
    const protocol::Transaction tx = block.transaction(0);
    if (!tx.isConfig()) return bad("its transaction is of another type");
    if (const Status* fault = tx.faultOf(Layer::Config)) return bad(messageOf(*fault));
    if (!tx.config || !tx.config->hasConfig) return bad("its transaction is empty");
    auto bundle = channel::Bundle::fromConfig(ChannelId(std::string(tx.channelHeader.channelId)),
                                              tx.config->message->config());
    if (!bundle.ok()) return bad(messageOf(bundle.status()));
    BlockVerdict verdict;
    verdict.transactions.resize(1);
    verdict.transactions[0].code = ValidationCode::Valid;
    verdict.updates.put(kConfigNamespace, kConfigKey, tx.payload.data, {block.number(), 0});
    verdict.config = *std::move(bundle);
    return verdict;
}

void Validator::committed(const BlockVerdict& verdict) {
    m_contracts.update(verdict.updates);
    if (verdict.config != nullptr) m_policies = std::make_unique<PolicyBook>(verdict.config);
}

}  // namespace chancery::verify
