#include "src/verify/ContractQueries.h"

#include <fmt/format.h>

#include "fabric/common/policies.pb.h"
#include "fabric/peer/policy.pb.h"
#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/wire/Parse.h"
#include "tests/src/verify/Ledger.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::test;
using nlohmann::json;

namespace {

/// The golden ledger after this block.
verify::ChainState after(BlockNumber block) {
    auto blocks = blocksOf("ledger/blocks");
    blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(block) + 1, blocks.end());
    BlockList source(std::move(blocks));
    verify::ChainVerifier verifier;
    verifier.verify(source);
    return verifier.state();
}

// Policies in the form in which the facts have them: Go's structures as JSON.

json ruleJson(const common::SignaturePolicy& rule) {
    if (rule.has_n_out_of()) {
        json rules = json::array();
        for (const auto& part : rule.n_out_of().rules()) rules.push_back(ruleJson(part));
        return {{"Type", {{"NOutOf", {{"n", rule.n_out_of().n()}, {"rules", rules}}}}}};
    }
    return {{"Type", {{"SignedBy", rule.signed_by()}}}};
}

json policyJson(const common::SignaturePolicyEnvelope& policy) {
    json identities = json::array();
    for (const auto& principal : policy.identities())
        identities.push_back({{"principal", toBase64(principal.principal())}});
    return {{"SignaturePolicy", {{"identities", identities}, {"rule", ruleJson(policy.rule())}}}};
}

json collectionJson(const protocol::Collection& collection) {
    json out{{"name", collection.name}};
    if (collection.requiredPeerCount != 0)
        out["required_peer_count"] = collection.requiredPeerCount;
    if (collection.maximumPeerCount != 0) out["maximum_peer_count"] = collection.maximumPeerCount;
    if (collection.blockToLive != 0) out["block_to_live"] = collection.blockToLive;
    if (collection.memberOnlyRead) out["member_only_read"] = true;
    if (collection.memberOnlyWrite) out["member_only_write"] = true;
    const auto members =
        wire::parse<common::SignaturePolicyEnvelope>(collection.memberOrgsPolicy, "");
    if (members.ok()) out["member_orgs_policy"] = {{"Payload", policyJson(*members)}};
    if (!collection.endorsementPolicy.empty()) {
        const auto policy =
            wire::parse<protos::ApplicationPolicy>(collection.endorsementPolicy, "");
        if (policy.ok() && policy->has_signature_policy())
            out["endorsement_policy"] = {{"Type", policyJson(policy->signature_policy())}};
    }
    return {{"Payload", {{"StaticCollectionConfig", out}}}};
}

json definitionJson(const protocol::ChaincodeDefinition& definition) {
    json collections = json::object();
    for (const auto& collection : definition.collections)
        collections["config"].push_back(collectionJson(collection));
    json out{{"sequence", definition.sequence},
             {"version", definition.version},
             {"endorsement_plugin", definition.endorsementPlugin},
             {"validation_plugin", definition.validationPlugin},
             {"validation_parameter", toBase64(definition.validationParameter)},
             {"collections", collections}};
    if (definition.initRequired) out["init_required"] = true;
    return out;
}

json approvalsJson(const std::map<MspId, bool>& approvals) {
    json out = json::object();
    for (const auto& [mspId, approved] : approvals) out[mspId.str()] = approved;
    return out;
}

}  // namespace

class ContractQueriesTest : public QObject {
    Q_OBJECT

private:
    static protocol::ChaincodeDefinition definition(const verify::ChainState& chain,
                                                    const std::string& name) {
        auto found = verify::definitionOf(name, chain.state);
        return found.ok() && *found ? **found : protocol::ChaincodeDefinition();
    }
    static json approvals(const verify::ChainState& chain, const std::string& name,
                          const protocol::ChaincodeDefinition& definition) {
        const auto found = verify::approvalsOf(name, definition, *chain.bundle, chain.state);
        return found.ok() ? approvalsJson(*found) : json(found.status().ToString());
    }
    static bool approvedPackage(const verify::ChainState& chain, const std::string& mspId,
                                const std::string& contract, std::uint64_t sequence,
                                const std::string& packageId) {
        const protocol::LifecycleKey key{protocol::LifecycleKey::Kind::Source, contract, sequence,
                                         "PackageID"};
        const auto found =
            chain.state.get(verify::hashedNamespace(protocol::kLifecycleNamespace,
                                                    protocol::implicitCollectionName(MspId(mspId))),
                            crypto::sha256(key.str()));
        return found.ok() && *found &&
               (*found)->value == crypto::sha256(protocol::encodeStateString(packageId));
    }

    void checkCommitted(const std::string& name, json row) {
        const auto found = definition(after277(), name);
        QCOMPARE(approvals(after277(), name, found).dump(), row["approvals"].dump());
        row.erase("approvals");
        QCOMPARE(definitionJson(found).dump(), row.dump());
    }

    void checkAllCommitted(const json& row) {
        const auto names = verify::definedContracts(after277().state);
        VERIFY_OK(names);
        std::map<std::string, json> expected;
        for (json one : row["chaincode_definitions"]) {
            const auto name = one["name"].get<std::string>();
            one.erase("name");
            expected[name] = one;
        }
        QCOMPARE(names->size(), expected.size());
        for (const auto& name : *names)
            QCOMPARE(definitionJson(definition(after277(), name)).dump(), expected[name].dump());
    }

    void checkApproved(const std::string& name, const std::string& mspId, const json& row) {
        const auto committed = definition(after277(), name);
        const json approved = approvals(after277(), name, committed);
        if (row.is_string()) {  // the peer's refusal
            const auto refusal = fmt::format(
                "could not fetch approved chaincode definition (name: '{}', sequence: '0') on "
                "channel '{}'",
                name, after277().bundle->channelId().str());
            QVERIFY2(row.get<std::string>().ends_with(refusal), refusal.c_str());
            QCOMPARE(approved[mspId].get<bool>(), false);
            return;
        }
        QCOMPARE(approved[mspId].get<bool>(), true);
        json expected = row;
        const json source = row["source"]["Type"];
        expected.erase("source");
        QCOMPARE(definitionJson(committed).dump(), expected.dump());
        const std::string package = source.contains("LocalPackage")
                                        ? source["LocalPackage"]["package_id"].get<std::string>()
                                        : std::string();
        if (package.empty()) QCOMPARE(source.dump(), std::string(R"({"Unavailable":{}})"));
        QVERIFY(approvedPackage(after277(), mspId, name, committed.sequence, package));
    }

    // The answer of a peer of AlphaMSP: which definitions use which package.
    void checkInstalled(const json& row) {
        const auto names = verify::definedContracts(after277().state);
        VERIFY_OK(names);
        for (const auto& package : row["installed_chaincodes"]) {
            std::set<std::string> expected, found;
            if (package.contains("references"))
                for (const auto& one : package["references"]["tradechannel"]["chaincodes"])
                    expected.insert(one["name"].get<std::string>() + " " +
                                    one["version"].get<std::string>());
            for (const auto& name : *names) {
                const auto committed = definition(after277(), name);
                if (approvedPackage(after277(), "AlphaMSP", name, committed.sequence,
                                    package["package_id"].get<std::string>()))
                    found.insert(name + " " + committed.version);
            }
            QCOMPARE(json(found).dump(), json(expected).dump());
        }
    }

private slots:
    void answersAreThoseOfThePeers() {
        // The first definition of "assets": a wrong approval by B in block 2, mended in block 3,
        // committed in block 4.
        const auto first = definition(after(4), "assets");
        QCOMPARE(first.sequence, std::uint64_t{1});
        const json wrong = approvals(after(2), "assets", first);
        const json right = approvals(after(3), "assets", first);

        for (const auto& [question, row] : facts()["chain"]["lifecycle"].items()) {
            const auto parts = QString::fromStdString(question).split('_');
            const std::string name = parts.value(1).toStdString();
            if (question == "querycommitted")
                checkAllCommitted(row);
            else if (question == "queryinstalled")
                checkInstalled(row);
            else if (question == "readiness_with_wrong_approval")
                QCOMPARE(wrong.dump(), row["approvals"].dump());
            else if (question == "readiness_after")
                QCOMPARE(right.dump(), row["approvals"].dump());
            else if (question == "commit_refused")
                for (const auto& [mspId, approved] : wrong.items())
                    QCOMPARE(row.get<std::string>().find("(" + mspId + ")") == std::string::npos,
                             approved.get<bool>());
            else if (parts.value(0) == "querycommitted")
                checkCommitted(name, row);
            else if (parts.value(0) == "queryapproved")
                checkApproved(name, parts.value(2).toStdString(), row);
            else
                QFAIL(("a question that this test does not know: " + question).c_str());
        }
    }

    void unknownContractsHaveNoDefinition() {
        const auto found = verify::definitionOf("nosuchcc", after277().state);
        VERIFY_OK(found);
        QVERIFY(!*found);
    }
};

CHANCERY_TEST(ContractQueriesTest)
#include "ContractQueriesTest.moc"
