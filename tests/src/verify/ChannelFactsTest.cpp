#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/policy/ApplicationPolicy.h"
#include "src/verify/ContractQueries.h"
#include "tests/src/verify/Ledger.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::test;
using nlohmann::json;

namespace {

const json& chain() {
    return facts().at("chain");
}

MspId organisation(const std::string& letter) {
    return MspId(chain().at("organisations").at(letter).get<std::string>());
}

std::string contract(const std::string& purpose) {
    return chain().at("chaincodes").at(purpose).get<std::string>();
}

protocol::ChaincodeDefinition definition(const std::string& name) {
    const auto found = verify::definitionOf(name, after277().state);
    if (!found.ok() || !*found) throw std::runtime_error("no definition of " + name);
    return **found;
}

/// Whether the organisation may read the collection: it is a member, or everybody may.
bool mayRead(const MspId& reader, const std::string& contract, const std::string& collection) {
    if (const auto owner = protocol::implicitCollectionOrg(collection)) return *owner == reader;
    const auto defined = definition(contract);
    const auto* found = defined.collection(collection);
    if (found == nullptr) throw std::runtime_error("no collection " + collection);
    if (!found->memberOnlyRead) return true;
    const auto policy =
        policy::compileKeyPolicy(found->memberOrgsPolicy, after277().bundle->msps());
    if (!policy.ok()) throw std::runtime_error(textOf(policy));
    return (*policy)->canBeSatisfiedBy([&](const MspId& one) { return one == reader; });
}

bool hasApproved(const MspId& mspId, const std::string& contract) {
    const auto found =
        verify::approvalsOf(contract, definition(contract), *after277().bundle, after277().state);
    if (!found.ok()) throw std::runtime_error(textOf(found));
    return found->at(mspId);
}

}  // namespace

/// What the facts say of the golden channel as a whole, against what the chain says of itself.
class ChannelFactsTest : public QObject {
    Q_OBJECT

private slots:
    void organisations() {
        std::set<MspId> applications;
        std::set<MspId> orderers;
        for (const auto& [mspId, name] : after277().bundle->applicationOrgs())
            applications.insert(mspId);
        for (const auto& [mspId, name] : after277().bundle->ordererOrgs()) orderers.insert(mspId);
        QVERIFY((applications ==
                 std::set<MspId>{organisation("A"), organisation("B"), organisation("C")}));
        QVERIFY(orderers == std::set<MspId>{organisation("orderer")});
        const MspId stranger = organisation("not_in_the_channel");
        QVERIFY(after277().bundle->msps()->find(stranger) == nullptr);
        QVERIFY(facts().at("msp").at("organisations").contains(stranger.str()));
        QCOMPARE(chain().at("organisations").size(), std::size_t{5});
    }

    void contracts() {
        std::map<std::string, std::size_t> invoked;
        for (const auto& sourced : blocksOf("ledger/blocks"))
            for (const auto& tx : sourced.block.transactions())
                if (tx.extensionChaincode) ++invoked[std::string(tx.extensionChaincode->name)];
        const auto names = verify::definedContracts(after277().state);
        VERIFY_OK(names);
        std::string needsInit, hasCollections, busiest;
        for (const auto& name : *names) {
            if (definition(name).initRequired) needsInit = name;
            if (!definition(name).collections.empty()) hasCollections = name;
            if (busiest.empty() || invoked[name] > invoked[busiest]) busiest = name;
        }
        QCOMPARE(contract("main"), busiest);
        QCOMPARE(contract("private"), hasCollections);
        QCOMPARE(contract("init_required"), needsInit);
        // The one that is left.
        std::vector<std::string> others;
        for (const auto& name : *names)
            if (name != busiest && name != hasCollections && name != needsInit)
                others.push_back(name);
        QCOMPARE(others, std::vector<std::string>{contract("aux")});
        QCOMPARE(chain().at("chaincodes").size(), std::size_t{4});
    }

    // Every id and every value of a contract was asked at the peer, and nothing differed there; so
    // it does not differ here.
    void checksAtThePeer() {
        const auto& checks = chain().at("checks");
        verify::ChainOptions options;
        std::set<std::string> ids;
        std::size_t differences = 0;
        options.passed = [&](const verify::PassedBlock& block) {
            const auto committed = block.sourced.block.validationCodes();
            const auto computed = block.verdict.codes();
            for (std::size_t i = 0; i < computed.size(); ++i)
                if (committed.at(i) != computed[i]) ++differences;
            for (const auto& tx : block.sourced.block.transactions())
                if (!tx.channelHeader.txId.empty()) ids.emplace(tx.channelHeader.txId);
        };
        verified(blocksOf("ledger/blocks"), {}, options);
        QCOMPARE(ids.size(), checks.at("txids_asked_at_the_peer").get<std::size_t>());
        QCOMPARE(differences, checks.at("differences").get<std::size_t>());

        std::size_t values = 0;
        std::size_t stateDifferences = 0;
        const auto& state = after277().state;
        const auto names = verify::definedContracts(state);
        VERIFY_OK(names);
        for (const auto& name : *names)
            if (const auto* keys = state.keys(name)) values += keys->size();
        for (const auto& row : chain().at("public_state")) {
            const auto ns = row.at("namespace").get<std::string>();
            if (std::find(names->begin(), names->end(), ns) == names->end()) continue;
            const auto key = row.contains("key_hex")
                                 ? *fromHex(row.at("key_hex").get<std::string>())
                                 : Bytes(row.at("key").get<std::string>());
            const auto found = state.get(ns, key);
            VERIFY_OK(found);
            if (!*found || (*found)->value.size() != row.at("value_len").get<std::size_t>())
                ++stateDifferences;
        }
        QCOMPARE(values, checks.at("state_values_asked_at_the_peer").get<std::size_t>());
        QCOMPARE(stateDifferences, checks.at("state_differences").get<std::size_t>());
        QCOMPARE(checks.size(), std::size_t{4});
    }

    // A peer answers a query for private data when its organisation has approved the definition and
    // the client's may read the collection.
    void whoMayReadPrivateData() {
        std::size_t refused = 0;
        for (const auto& row : chain().at("private_data_answers")) {
            const auto collection = row.at("collection").get<std::string>();
            const bool approved = hasApproved(organisation(row.at("peer_of").get<std::string>()),
                                              contract("private"));
            const bool allowed = mayRead(organisation(row.at("client_of").get<std::string>()),
                                         contract("private"), collection);
            QCOMPARE(row.at("status").get<int>(), approved && allowed ? 200 : 500);
            QCOMPARE(row.contains("entries"), approved && allowed);
            QCOMPARE(row.contains("message"), !(approved && allowed));
            if (approved && allowed) continue;
            ++refused;
            const auto message = row.at("message").get<std::string>();
            QVERIFY2(message.find(contract("private")) != std::string::npos, message.c_str());
            QCOMPARE(message.find("not yet been approved by this org") == std::string::npos,
                     approved);
            if (approved)
                QVERIFY2(message.ends_with("read access permission on privatedata in "
                                           "chaincodeName:" +
                                           contract("private") + " collectionName: " + collection),
                         message.c_str());
        }
        QCOMPARE(refused, std::size_t{2});
    }
};

CHANCERY_TEST(ChannelFactsTest)
#include "ChannelFactsTest.moc"
