#include "src/protocol/Lifecycle.h"

#include <fabric/common/policies.pb.h>
#include <fabric/peer/collection.pb.h>
#include <fabric/peer/policy.pb.h>
#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Block.h"
#include "src/protocol/ChaincodePackage.h"
#include "tests/src/protocol/FactShape.h"
#include "tests/src/protocol/LedgerReplay.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::protocol;
using chancery::test::LedgerReplay;
using nlohmann::json;

namespace {

json describeRule(const ::common::SignaturePolicy& rule) {
    if (rule.Type_case() == ::common::SignaturePolicy::kSignedBy)
        return {{"Type", {{"SignedBy", rule.signed_by()}}}};
    json out;
    out["Type"]["NOutOf"]["n"] = rule.n_out_of().n();
    for (const auto& inner : rule.n_out_of().rules())
        out["Type"]["NOutOf"]["rules"].push_back(describeRule(inner));
    return out;
}

json describePolicy(const ::common::SignaturePolicyEnvelope& policy) {
    json out{{"rule", describeRule(policy.rule())}};
    for (const auto& identity : policy.identities())
        out["identities"].push_back({{"principal", toBase64(identity.principal())}});
    return out;
}

json describeCollection(const Collection& collection) {
    json out{{"name", collection.name}};
    ::common::SignaturePolicyEnvelope members;
    members.ParseFromString(collection.memberOrgsPolicy);
    out["member_orgs_policy"]["Payload"]["SignaturePolicy"] = describePolicy(members);
    if (collection.requiredPeerCount != 0)
        out["required_peer_count"] = collection.requiredPeerCount;
    if (collection.maximumPeerCount != 0) out["maximum_peer_count"] = collection.maximumPeerCount;
    if (collection.blockToLive != 0) out["block_to_live"] = collection.blockToLive;
    if (collection.memberOnlyRead) out["member_only_read"] = true;
    if (collection.memberOnlyWrite) out["member_only_write"] = true;
    if (!collection.endorsementPolicy.empty()) {
        ::protos::ApplicationPolicy policy;
        policy.ParseFromString(collection.endorsementPolicy);
        out["endorsement_policy"]["Type"]["SignaturePolicy"] =
            describePolicy(policy.signature_policy());
    }
    return {{"Payload", {{"StaticCollectionConfig", out}}}};
}

/// As the command-line client prints it.
json describeDefinition(const ChaincodeDefinition& definition) {
    json out{{"sequence", definition.sequence},
             {"version", definition.version},
             {"endorsement_plugin", definition.endorsementPlugin},
             {"validation_plugin", definition.validationPlugin},
             {"validation_parameter", toBase64(definition.validationParameter)},
             {"collections", json::object()}};
    if (definition.initRequired) out["init_required"] = true;
    for (const Collection& collection : definition.collections)
        out["collections"]["config"].push_back(describeCollection(collection));
    return out;
}

/// The ledger up to a block, as its peers had it.
const LedgerReplay& ledgerUpTo(BlockNumber last) {
    static LedgerReplay ledger;
    static BlockNumber next = 0;
    if (next > last + 1) throw std::runtime_error("heights must ascend");
    for (; next <= last; ++next) {
        const auto block =
            Block::parse(test::vectorFile(fmt::format("ledger/blocks/block_{}.pb", next))).value();
        const auto codes = block.validationCodes();
        ledger.beginBlock(next);
        for (std::size_t i = 0; i < codes.size(); ++i)
            if (codes[i] == ValidationCode::Valid) ledger.apply(block.transaction(i), i);
        ledger.endBlock();
    }
    return ledger;
}

HashLookup hashesOf(const LedgerReplay& ledger, const std::string& org) {
    return [&ledger, org](BytesView keyHash) -> std::optional<Bytes> {
        const auto collection = ledger.privateState().find(
            {std::string(kLifecycleNamespace), implicitCollectionName(MspId(org))});
        if (collection == ledger.privateState().end()) return std::nullopt;
        const auto found = collection->second.find(keyHash);
        if (found == collection->second.end()) return std::nullopt;
        return found->second.value;
    };
}

json approvals(const LedgerReplay& ledger, const std::string& chaincode,
               const ChaincodeDefinition& definition, std::initializer_list<const char*> orgs) {
    json out;
    for (const char* org : orgs)
        out[org] = isApproved(chaincode, definition, hashesOf(ledger, org));
    return out;
}

ChaincodeDefinition sample() {
    ChaincodeDefinition out;
    out.sequence = 1;
    out.version = "1.0";
    out.endorsementPlugin = "escc";
    out.validationPlugin = "vscc";
    return out;
}

Bytes valueOf(const std::vector<LifecycleEntry>& entries, std::string_view key) {
    for (const LifecycleEntry& entry : entries)
        if (entry.key == key) return entry.value;
    return "no such key";
}

}  // namespace

class LifecycleTest : public QObject {
    Q_OBJECT

    /// One answer of a peer about an organisation's approval.
    void checkApproved(const std::string& chaincode, const std::string& org, const json& fact) {
        const LedgerReplay& ledger = ledgerUpTo(277);
        const auto committed = ledger.definition(chaincode).value();
        const auto hashOf = hashesOf(ledger, org);
        if (fact.is_string()) {  // "could not fetch approved chaincode definition"
            QVERIFY(!isApproved(chaincode, committed, hashOf));
            return;
        }
        json expected = fact;
        const json source = expected["source"]["Type"];
        expected.erase("source");
        const auto found = test::differences(expected, describeDefinition(committed));
        QVERIFY2(found.empty(), test::summary(found).c_str());
        const std::string package = source.contains("LocalPackage")
                                        ? source["LocalPackage"]["package_id"].get<std::string>()
                                        : "";
        for (const LifecycleEntry& entry : encodeApproval(chaincode, committed, package)) {
            const auto stored = hashOf(crypto::sha256(entry.key));
            QVERIFY2(stored && *stored == crypto::sha256(entry.value), entry.key.c_str());
        }
    }

    void checkCommitted(const std::string& chaincode, json fact) {
        const auto committed = ledgerUpTo(277).definition(chaincode).value();
        json ours = describeDefinition(committed);
        if (fact.contains("approvals"))
            ours["approvals"] = approvals(ledgerUpTo(277), chaincode, committed,
                                          {"AlphaMSP", "BetaMSP", "GammaMSP"});
        if (fact.contains("name")) ours["name"] = chaincode;
        const auto found = test::differences(fact, ours);
        QVERIFY2(found.empty(), test::summary(found).c_str());
    }

private slots:
    /// What the peers told while the first definition was on its way: B had approved something else
    /// at first.
    void approvalsOnTheWay() {
        const json& facts = test::facts()["chain"]["lifecycle"];
        ChaincodeDefinition wanted;
        {
            LedgerReplay later;
            for (BlockNumber i = 0; i <= 4; ++i) {
                const auto block =
                    Block::parse(test::vectorFile(fmt::format("ledger/blocks/block_{}.pb", i)))
                        .value();
                later.beginBlock(i);
                later.apply(block.transaction(0), 0);
            }
            wanted = later.definition("assets").value();
        }
        QVERIFY(!ledgerUpTo(2).definition("assets"));
        QVERIFY(approvals(ledgerUpTo(2), "assets", wanted, {"AlphaMSP", "BetaMSP"}) ==
                facts["readiness_with_wrong_approval"]["approvals"]);
        QVERIFY(facts["commit_refused"].get<std::string>().ends_with(
            "chaincode definition not agreed to by this org (BetaMSP)"));
        QVERIFY(approvals(ledgerUpTo(3), "assets", wanted, {"AlphaMSP", "BetaMSP"}) ==
                facts["readiness_after"]["approvals"]);
    }

    void answersOfThePeers_data() {
        QTest::addColumn<QString>("key");
        for (const auto& [key, fact] : test::facts()["chain"]["lifecycle"].items())
            QTest::newRow(key.c_str()) << QString::fromStdString(key);
    }
    void answersOfThePeers() {
        QFETCH(QString, key);
        const json& fact = test::facts()["chain"]["lifecycle"][key.toStdString()];
        const QStringList parts = key.split('_');
        if (parts[0] == "queryapproved" && parts.size() == 3) {
            checkApproved(parts[1].toStdString(), parts[2].toStdString(), fact);
        } else if (parts[0] == "querycommitted" && parts.size() == 2) {
            checkCommitted(parts[1].toStdString(), fact);
        } else if (key == "querycommitted") {
            QCOMPARE(fact.size(), std::size_t{1});
            for (const json& row : fact["chaincode_definitions"]) checkCommitted(row["name"], row);
        } else if (key == "queryinstalled") {
            for (const json& row : fact["installed_chaincodes"]) checkInstalled(row);
        } else {
            QVERIFY2(key.startsWith("readiness_") || key == "commit_refused", "told above");
        }
    }

    void vectors() {
        QCOMPARE(toHex(encodeStateInt(1)), std::string("0801"));
        QCOMPARE(toHex(encodeStateBytes({})), std::string("1200"));
        QCOMPARE(toHex(encodeStateString({})), std::string("1a00"));
        ChaincodeDefinition definition = sample();
        const auto entries = encodeDefinition("fb", definition);
        QCOMPARE(entries.size(), std::size_t{5});
        QCOMPARE(toHex(valueOf(entries, "namespaces/fields/fb/EndorsementInfo")),
                 std::string("120b0a03312e301a0465736363"));
        QCOMPARE(toHex(valueOf(entries, "namespaces/fields/fb/Collections")), std::string("1200"));
        definition.initRequired = true;
        QCOMPARE(toHex(valueOf(encodeDefinition("fb", definition),
                               "namespaces/fields/fb/EndorsementInfo")),
                 std::string("120d0a03312e3010011a0465736363"));
        const auto approval = encodeApproval("fb", definition, "fb:id");
        QCOMPARE(approval.size(), std::size_t{6});
        QVERIFY(toHex(crypto::sha256("namespaces/metadata/fb#1")).starts_with("d0e759df3d6277d0"));
        QCOMPARE(
            decodeStateString(valueOf(approval, "chaincode-sources/fields/fb#1/PackageID")).value(),
            std::string("fb:id"));
        const auto metadata =
            decodeStateMetadata(valueOf(approval, "chaincode-sources/metadata/fb#1"));
        QCOMPARE(metadata.value().datatype, std::string("ChaincodeLocalPackage"));
    }

    void keys() {
        for (const char* text :
             {"namespaces/metadata/cc", "namespaces/fields/cc/Sequence",
              "namespaces/metadata/cc#12", "namespaces/fields/a-b_c#1/ValidationInfo",
              "chaincode-sources/metadata/cc#1", "chaincode-sources/fields/cc#3/PackageID"})
            QCOMPARE(LifecycleKey::parse(text).value().str(), std::string(text));
        QVERIFY(LifecycleKey::parse("namespaces/metadata/cc")->kind ==
                LifecycleKey::Kind::Definition);
        QCOMPARE(LifecycleKey::parse("namespaces/metadata/cc#12")->sequence, std::uint64_t{12});
        for (const char* text :
             {"", "/", "namespaces", "namespaces/metadata", "namespaces/metadata/",
              "other/metadata/cc", "namespaces/metadata/cc#", "namespaces/metadata/cc#x",
              "namespaces/metadata/#1", "namespaces/fields/cc", "namespaces/fields/cc/",
              "namespaces/fields/cc/a/b", "namespaces/metadata/cc/x",
              "chaincode-sources/metadata/cc", "namespaces/metadata/cc#99999999999999999999"})
            QVERIFY2(!LifecycleKey::parse(text), text);
    }

    void implicitCollections() {
        QCOMPARE(implicitCollectionName(MspId("AlphaMSP")), std::string("_implicit_org_AlphaMSP"));
        QCOMPARE(implicitCollectionOrg("_implicit_org_A").value().str(), std::string("A"));
        QVERIFY(!implicitCollectionOrg("implicit_org_A"));
    }

    void definitionsAreReadFromAnyState() {
        ChaincodeDefinition definition = sample();
        definition.sequence = 300;
        Collection collection;
        collection.name = "c";
        collection.memberOrgsPolicy = "\x12\x02\x08\x00";
        collection.memberOrgsPolicy.assign("\x12\x02\x08\x00", 4);
        collection.requiredPeerCount = 1;
        collection.maximumPeerCount = 2;
        collection.blockToLive = ~0ULL;
        collection.memberOnlyRead = true;
        definition.collections = {collection};
        definition.collectionsBytes = encodeCollections(definition.collections).value();
        std::map<std::string, Bytes, std::less<>> state;
        for (const LifecycleEntry& entry : encodeDefinition("cc", definition))
            state[entry.key] = entry.value;
        const auto read = [&](std::string_view key) -> std::optional<Bytes> {
            const auto found = state.find(key);
            return found == state.end() ? std::nullopt : std::optional(found->second);
        };
        const auto back = readDefinition("cc", read);
        VERIFY_OK(back);
        QVERIFY(back->value() == definition);
        QVERIFY((*back)->collection("c") != nullptr && (*back)->collection("d") == nullptr);
        QVERIFY(!readDefinition("other", read).value());

        const auto whole = state;
        for (const auto& [key, value] : whole) {
            state = whole;
            if (key != "namespaces/metadata/cc") {
                state.erase(key);
                const Status missing = readDefinition("cc", read).status();
                QCOMPARE(reasonOf(missing), std::string("BAD_DEFINITION"));
                QCOMPARE(argumentOf(missing, "key"), key);
            }
            state[key] = encodeStateString("of another kind");
            QCOMPARE(reasonOf(readDefinition("cc", read).status()), std::string("BAD_DEFINITION"));
            state[key] = "\xff";
            QCOMPARE(reasonOf(readDefinition("cc", read).status()), std::string("BAD_DEFINITION"));
        }
    }

    void collectionsThatAreNone() {
        QCOMPARE(reasonOf(decodeCollections(Bytes("\x0a\x00", 2)).status()),
                 std::string("UNSUPPORTED_COLLECTION"));
        QCOMPARE(reasonOf(decodeCollections("\xff").status()), std::string("MALFORMED_PROTOBUF"));
        Collection bad;
        bad.memberOrgsPolicy = "\xff";
        QCOMPARE(reasonOf(encodeCollections({bad}).status()), std::string("MALFORMED_PROTOBUF"));
        QVERIFY(decodeCollections({}).value().empty());
        QCOMPARE(reasonOf(decodeStateInt(encodeStateBytes("x")).status()),
                 std::string("WRONG_KIND"));
    }

    void names() {
        for (const char* good : {"a", "A9", "my-cc_2", "a-b-c"})
            QVERIFY(checkChaincodeName(good).ok());
        for (const char* bad : {"", "-a", "a-", "a--b", "a_-b", "a.b", "a b", "lscc", "\xc3\xa4"})
            QCOMPARE(reasonOf(checkChaincodeName(bad)), std::string("BAD_CHAINCODE_NAME"));
        for (const char* good : {"1", "1.0-rc+2_x"}) QVERIFY(checkChaincodeVersion(good).ok());
        for (const char* bad : {"", "1 0", "1/0"})
            QCOMPARE(reasonOf(checkChaincodeVersion(bad)), std::string("BAD_CHAINCODE_VERSION"));
        for (const char* good : {"c", "-c", "my_Coll-1", "a_"})
            QVERIFY(checkCollectionName(good).ok());
        for (const char* bad : {"", "_implicit", "a.b"})
            QCOMPARE(reasonOf(checkCollectionName(bad)), std::string("BAD_COLLECTION_NAME"));
    }

private:
    /// The peer's list of installed packages names the packages of the vectors and the definitions
    /// that use them.
    void checkInstalled(const json& row) {
        const std::string id = row["package_id"];
        const std::string label = row["label"];
        bool known = false;
        for (const auto& [name, package] : test::facts()["packages"].items())
            known = known || package.value("package_id", "") == id;
        QVERIFY2(known, id.c_str());
        QVERIFY(id.starts_with(label + ":"));
        json uses = json::array();
        const LedgerReplay& ledger = ledgerUpTo(277);
        for (const char* chaincode : {"assets", "journal", "starter", "vault"}) {
            const auto definition = ledger.definition(chaincode).value();
            const auto hash = hashesOf(ledger, "AlphaMSP")(crypto::sha256(LifecycleKey{
                LifecycleKey::Kind::Source, chaincode, definition.sequence, "PackageID"}
                                                                              .str()));
            if (hash == crypto::sha256(encodeStateString(id)))
                uses.push_back({{"name", chaincode}, {"version", definition.version}});
        }
        json told = json::array();
        if (row.contains("references")) told = row["references"]["tradechannel"]["chaincodes"];
        std::sort(told.begin(), told.end(),
                  [](const json& a, const json& b) { return a["name"] < b["name"]; });
        const auto found = test::differences(told, uses);
        QVERIFY2(found.empty(), test::summary(found).c_str());
    }
};

CHANCERY_TEST(LifecycleTest)
#include "LifecycleTest.moc"
