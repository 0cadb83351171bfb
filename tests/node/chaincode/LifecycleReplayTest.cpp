#include <fmt/format.h>

#include "node/chaincode/LifecycleContract.h"
#include "node/chaincode/Simulation.h"
#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Envelope.h"
#include "tests/node/chaincode/FakeChannel.h"
#include "tests/node/chaincode/GoldenChain.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::test;

namespace {

/// What each organisation's peer holds of its own implicit collection, by key.
using PrivateKeys = std::map<std::string, std::map<std::string, verify::StateValue>>;

/// The keys that a transaction leaves in private collections.
void keep(PrivateKeys& held, const Bytes& privateWrites, const protocol::Version& version) {
    auto sets = protocol::decodePrivateReadWriteSet(privateWrites);
    QVERIFY2(sets.ok(), sets.status().ToString().c_str());
    for (const auto& set : *sets)
        for (const auto& write : set.writes)
            held[std::string(set.collection)][std::string(write.key)] = {
                Bytes(write.value), {}, version};
}

struct Replayed {
    ContractResponse response;
    Simulation::Output output;
};

Replayed replay(const protocol::Transaction& transaction, const verify::ChainState& before,
                const MspId& endorser, const PrivateKeys& held) {
    FakeState state;
    state.keys = before.state;
    state.height = before.next();
    // The public keys of a copy keep their versions; private ones come with those of their hashes.
    for (const auto& [key, value] : held.contains(protocol::implicitCollectionName(endorser))
                                        ? held.at(protocol::implicitCollectionName(endorser))
                                        : std::map<std::string, verify::StateValue>())
        state.keys.put(privateNamespace(protocol::kLifecycleNamespace,
                                        protocol::implicitCollectionName(endorser)),
                       key, value);
    FakeChannel channel(before.bundle, state);
    Simulation simulation(before.bundle, state.view(), transaction.filedTxId());
    LifecycleContract contract({endorser, nullptr, [](BytesView) { return absl::OkStatus(); }});
    protocol::UnpackedProposal proposal;
    proposal.signatureHeader = transaction.signatureHeader;
    SystemCall call;
    call.proposal = &proposal;
    call.channel = &channel;
    call.simulation = &simulation;
    for (const BytesView arg : transaction.actions.at(0).invocation->args)
        call.args.emplace_back(arg);
    Replayed out;
    out.response = contract.invoke(call);
    auto output = simulation.finish();
    if (output.ok()) out.output = *std::move(output);
    return out;
}

}  // namespace

/// Every transaction of _lifecycle in the golden chain, endorsed again by our peer with the state
/// that real peers had, gives the bytes that real peers signed.
class LifecycleReplayTest : public QObject {
    Q_OBJECT
private slots:
    void givesTheBytesOfRealPeers() {
        PrivateKeys held;
        int replayed = 0;
        std::map<std::string, int> functions;
        GoldenChain::walk([&](const protocol::Block& block, const verify::ChainState& before) {
            for (std::size_t at = 0; at < block.transactionCount(); ++at) {
                const auto transaction = block.transaction(at);
                if (transaction.contract() != protocol::kLifecycleNamespace) continue;
                if (transaction.actions.size() != 1) continue;
                const auto& action = transaction.actions[0];
                QVERIFY(!action.endorsements.empty());
                for (const auto& endorsement : action.endorsements) {
                    const auto identity = protocol::decodeSerializedIdentity(endorsement.endorser);
                    QVERIFY(identity.ok());
                    const auto again =
                        replay(transaction, before, MspId(std::string(identity->mspId)), held);
                    const auto where = fmt::format("block {} tx {} {}: {} {}", block.number(), at,
                                                   transaction.function(), again.response.status,
                                                   again.response.message);
                    QVERIFY2(again.response.status == 200, where.c_str());
                    QVERIFY2(again.response.payload == action.response->payload, where.c_str());
                    QVERIFY2(again.output.readWriteSet == action.results, where.c_str());
                    ++replayed;
                    ++functions[std::string(transaction.function())];
                    if (!again.output.privateWrites.empty())
                        keep(held, again.output.privateWrites, {block.number(), at});
                }
            }
        });
        QVERIFY2(replayed >= 20, fmt::format("{}", replayed).c_str());
        QVERIFY(functions["ApproveChaincodeDefinitionForMyOrg"] > 0);
        QVERIFY(functions["CommitChaincodeDefinition"] > 0);
        qInfo("%d endorsements of _lifecycle give equal bytes", replayed);
    }
};

CHANCERY_TEST(LifecycleReplayTest)
#include "LifecycleReplayTest.moc"
