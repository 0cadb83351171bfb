#include "src/usecase/EvidenceVerdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "src/usecase/EvidenceContent.h"

namespace chancery::usecase {
namespace {

using protocol::ValidationCode;

std::pair<bool, Sentence> formRefused(const verify::PreparedTransaction& prepared,
                                      ValidationCode recorded) {
    const ValidationCode found =
        prepared.form != ValidationCode::Valid ? prepared.form : prepared.content;
    const bool agrees = found == recorded;
    const std::string_view id = agrees ? "VERDICT_SHOWN" : "VERDICT_CONTRADICTED";
    std::string english =
        agrees ? "The pack shows that {right} is right."
               : "The block records {recorded}, but the transaction deserves {right}.";
    const ErrorArguments codes{{"recorded", nameOf(recorded)}, {"right", nameOf(found)}};
    if (!prepared.cause) return {agrees, say(id, english, codes)};
    return {agrees, say(id, english + " {why}", codes, told(*prepared.cause))};
}

/// What the policies that the pack knows say of a verdict on a transaction of good form.
std::pair<bool, Sentence> policiesAgainst(ValidationCode recorded, bool satisfied,
                                          bool keyPolicyChanged) {
    const ErrorArguments codes{{"recorded", nameOf(recorded)}};
    switch (recorded) {
        case ValidationCode::Valid:
            if (satisfied)
                return {true, say("ALL_SATISFIED",
                                  "The signatures are good, and every policy is satisfied.")};
            return {false, say("NOT_ALL_SATISFIED",
                               "The block records VALID, but the endorsements do not satisfy every "
                               "policy.")};
        case ValidationCode::EndorsementPolicyFailure:
            if (!satisfied)
                return {true, say("UNSATISFIED_SHOWN",
                                  "The pack shows that the endorsements do not satisfy the "
                                  "policies.")};
            if (keyPolicyChanged)
                return {true, say("KEY_POLICY_SET_BEFORE",
                                  "An earlier transaction of the block set the policy of a key "
                                  "that this one changes; peers refuse it then.")};
            return {false, say("SATISFIED_AGAINST_RECORD",
                               "The block records ENDORSEMENT_POLICY_FAILURE, but every policy "
                               "that the pack knows is satisfied.")};
        case ValidationCode::MvccReadConflict:
        case ValidationCode::PhantomReadConflict:
            if (satisfied)
                return {true, say("TOO_LATE_SAY_PEERS",
                                  "The signatures are good, and every policy is satisfied. That it "
                                  "came too late ({recorded}) is the peers' verdict.",
                                  codes)};
            return {false, say("NOT_EVEN_SATISFIED",
                               "The block records {recorded}, but the endorsements do not even "
                               "satisfy every policy.",
                               codes)};
        default:
            return {true,
                    say("PEERS_VERDICT_ALONE",
                        "{recorded} is the peers' verdict; the pack alone does not tell.", codes)};
    }
}

/// Codes that peers give without a look at the state.
bool followsFromForm(ValidationCode code) {
    const auto number = static_cast<int>(code);
    return (number >= static_cast<int>(ValidationCode::NilEnvelope) &&
            number <= static_cast<int>(ValidationCode::BadProposalTxId)) ||
           code == ValidationCode::UnknownTxType || code == ValidationCode::NilTxAction ||
           (number >= static_cast<int>(ValidationCode::BadHeaderExtension) &&
            number <= static_cast<int>(ValidationCode::BadRwSet));
}

struct KeyName {
    std::string_view ns, collection, key;
    friend auto operator<=>(const KeyName&, const KeyName&) = default;
};

/// Keys that a transaction writes, or whose metadata it sets.
std::set<KeyName> keysOf(const protocol::Transaction& transaction, bool metadataOnly) {
    std::set<KeyName> keys;
    if (transaction.actions.empty() || !transaction.actions.front().readWriteSet) return keys;
    for (const auto& ns : transaction.actions.front().readWriteSet->namespaces) {
        for (const auto& write : ns.metadataWrites) keys.insert({ns.name, {}, write.key});
        for (const auto& collection : ns.collections)
            for (const auto& write : collection.metadataWrites)
                keys.insert({ns.name, collection.collection, write.keyHash});
        if (metadataOnly) continue;
        for (const auto& write : ns.writes) keys.insert({ns.name, {}, write.key});
        for (const auto& collection : ns.collections)
            for (const auto& write : collection.writes)
                keys.insert({ns.name, collection.collection, write.keyHash});
    }
    return keys;
}

}  // namespace

bool keyPolicyChangedBefore(const protocol::Block& block, std::size_t index) {
    const auto codes = block.validationCodes();
    const protocol::Transaction own = block.transaction(index);
    const std::set<KeyName> written = keysOf(own, false);
    for (std::size_t i = 0; i < index && i < codes.size(); ++i) {
        if (codes[i] != ValidationCode::Valid) continue;
        const protocol::Transaction earlier = block.transaction(i);
        for (const KeyName& key : keysOf(earlier, true))
            if (written.contains(key)) return true;
    }
    return false;
}

std::pair<bool, Sentence> compareWithRecorded(const verify::PreparedTransaction& prepared,
                                              const TransactionDescription& description,
                                              bool keyPolicyChanged) {
    const auto& code = description.summary.code;
    const bool decent =
        prepared.form == ValidationCode::Valid && prepared.content == ValidationCode::Valid;
    if (!code) {
        if (decent)
            return {true, say("NO_VERDICT_BUT_GOOD",
                              "The block records no verdict of a peer; all signatures are good.")};
        return {true, say("NO_VERDICT_AND_BAD", "The block records no verdict of a peer; {why}", {},
                          prepared.cause ? told(*prepared.cause) : say("IT_IS_BAD", "it is bad."))};
    }
    const auto recorded = static_cast<ValidationCode>(code->number);
    const ErrorArguments codes{{"recorded", nameOf(recorded)}};
    if (recorded == ValidationCode::DuplicateTxId)
        return {true, say("DUPLICATE_NOT_SHOWN",
                          "That an earlier transaction has the same id is not shown by the pack.")};
    if (!decent) return formRefused(prepared, recorded);
    if (prepared.transaction.isConfig())
        return {recorded == ValidationCode::Valid,
                say("CONFIG_FOLLOWS",
                    "The configuration follows from the one before it, and those signed who "
                    "must.")};
    const auto& policies = description.policies;
    const bool satisfied = std::all_of(policies.begin(), policies.end(),
                                       [](const PolicyVerdict& one) { return one.satisfied; });
    if (policies.empty() && recorded != ValidationCode::InvalidChaincode)
        return {false, say("DEFINITION_NOT_HELD",
                           "The pack does not hold the definition of the contract, so that nobody "
                           "can tell who had to endorse.")};
    if (followsFromForm(recorded))
        return {false, say("FORM_IS_GOOD",
                           "The block records {recorded}, but form, sender and signatures of the "
                           "transaction are good.",
                           codes)};
    return policiesAgainst(recorded, satisfied, keyPolicyChanged);
}

void sayWhatIsProved(EvidenceContent& content) {
    content.proved = {
        "Every configuration from block 0 on follows from the one before it and was signed by "
        "those who had to agree.",
        "Every block of a transaction in this pack was signed by the channel's orderers, so the "
        "transaction was ordered at this place, with exactly this content.",
        "The creators' and endorsers' signatures are good, and belong to certificates of the "
        "channel's organisations.",
        "Whether the endorsements satisfy the policies of the contract definitions in this pack."};
    content.notProved = {
        "Block 0 itself: nothing signs it. Compare its hash with somebody whom you trust.",
        "That what a transaction had read was unchanged when it was judged (MVCC_READ_CONFLICT and "
        "PHANTOM_READ_CONFLICT): that takes the whole ledger. Orderers do not sign the peers' "
        "verdicts.",
        "That there is no newer contract definition or key policy between those in this pack and "
        "the transaction: that takes the whole ledger.",
        "The values before a change, and why a transaction came too late: they stand in "
        "evidence.json under \"ledger\" as the ledger of the exporter had them."};
    const bool gaps =
        std::any_of(content.blocks.begin(), content.blocks.end(), [](const EvidenceBlock& block) {
            return !block.linked && block.description.summary.number > 0;
        });
    if (gaps)
        content.notProved.push_back(
            "The chain of hashes between blocks that do not follow each other: the blocks between "
            "them are not part of the pack. Each block is signed by itself.");
    const bool unjudged =
        std::any_of(content.transactions.begin(), content.transactions.end(),
                    [](const EvidenceTransaction& one) { return !one.summary.code; });
    if (unjudged)
        content.notProved.push_back(
            "Whether the transactions were valid: the blocks come from an orderer and record no "
            "verdict of a peer.");
}

}  // namespace chancery::usecase
