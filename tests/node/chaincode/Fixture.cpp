#include "tests/node/chaincode/Fixture.h"

#include <fmt/format.h>

#include <atomic>
#include <stdexcept>

#include "fabric/peer/lifecycle/lifecycle.pb.h"
#include "src/crypto/Digest.h"
#include "src/identity/SigningIdentity.h"
#include "src/protocol/ChaincodePackage.h"
#include "tests/node/chaincode/GoldenChain.h"
#include "tests/support/Vectors.h"

namespace chancery::test {
namespace {

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(std::string(messageOf(result.status())));
    return *std::move(result);
}

const Bytes& creator() {
    static const Bytes bytes =
        valueOf(
            identity::loadSigningIdentity(
                vectorPath("msp/peerOrganizations/alpha.pub.test/users/User1@alpha.pub.test/msp"),
                MspId("AlphaMSP")))
            ->serialized();
    return bytes;
}

std::shared_ptr<const protocol::UnpackedProposal> proposalOf(protocol::ProposalRequest request) {
    static std::atomic<int> last = 0;
    const auto proposal = valueOf(protocol::buildProposal(
        request, creator(), fmt::format("nonce {:018}", ++last), absl::UnixEpoch()));
    return std::make_shared<const protocol::UnpackedProposal>(valueOf(protocol::unpackProposal(
        protocol::SharedBytes(protocol::encodeSignedProposal(proposal.bytes, "signature")))));
}

}  // namespace

const verify::ChainState& goldenEnd() {
    static const verify::ChainState state = [] {
        verify::ChainState last;
        GoldenChain::walk(
            [&](const protocol::Block&, const verify::ChainState& before) { last = before; });
        return last;
    }();
    return state;
}

FakeState goldenState() {
    FakeState state;
    state.keys = goldenEnd().state;
    state.height = goldenEnd().next();
    return state;
}

void define(FakeState& state, const std::string& contract, const std::string& packageId,
            bool initRequired, std::uint64_t sequence) {
    protocol::ChaincodeDefinition definition;
    definition.sequence = sequence;
    definition.version = "1.0";
    definition.initRequired = initRequired;
    definition.endorsementPlugin = "escc";
    definition.validationPlugin = "vscc";
    const protocol::Version version{state.height, 0};
    const std::string ns(protocol::kLifecycleNamespace);
    for (const auto& entry : protocol::encodeDefinition(contract, definition))
        state.put(ns, entry.key, entry.value, version);
    const auto collection = protocol::implicitCollectionName(MspId("AlphaMSP"));
    for (const auto& entry : protocol::encodeApproval(contract, definition, packageId))
        state.putPrivate(ns, collection, entry.key, entry.value, version);
}

std::shared_ptr<const protocol::UnpackedProposal> proposalFor(const std::string& contract,
                                                              std::vector<std::string> args,
                                                              bool isInit) {
    protocol::ProposalRequest request;
    request.channel = ChannelId("tradechannel");
    request.chaincode = contract;
    request.args.assign(args.begin(), args.end());
    request.isInit = isInit;
    return proposalOf(std::move(request));
}

Bytes packageOf(const std::string& label, const std::string& type,
                const std::vector<std::pair<std::string, std::string>>& files) {
    protocol::PackageSource source;
    source.label = label;
    source.type = type;
    for (const auto& [name, content] : files) source.files.push_back({name, content});
    return valueOf(protocol::writeChaincodePackage(source));
}

std::future<Result<node::ExecutionResult>> executeLater(
    node::ContractExecutor& executor, std::shared_ptr<node::ExecutionChannel> channel,
    const std::string& contract, std::vector<std::string> args, bool isInit) {
    auto promise = std::make_shared<std::promise<Result<node::ExecutionResult>>>();
    auto future = promise->get_future();
    executor.execute(
        proposalFor(contract, std::move(args), isInit), std::move(channel),
        deadlineIn(std::chrono::minutes(2)),
        [promise](Result<node::ExecutionResult> result) { promise->set_value(std::move(result)); });
    return future;
}

Result<node::ExecutionResult> execute(node::ContractExecutor& executor,
                                      std::shared_ptr<node::ExecutionChannel> channel,
                                      const std::string& contract, std::vector<std::string> args,
                                      bool isInit) {
    return executeLater(executor, std::move(channel), contract, std::move(args), isInit).get();
}

std::string install(node::ContractExecutor& executor, const Bytes& package) {
    ::lifecycle::InstallChaincodeArgs args;
    args.set_chaincode_install_package(package);
    protocol::ProposalRequest request;
    request.chaincode = "_lifecycle";
    request.args = {"InstallChaincode", args.SerializeAsString()};
    std::promise<Result<node::ExecutionResult>> promise;
    executor.execute(
        proposalOf(std::move(request)), nullptr, deadlineIn(std::chrono::minutes(2)),
        [&promise](Result<node::ExecutionResult> result) { promise.set_value(std::move(result)); });
    const auto result = valueOf(promise.get_future().get());
    if (result.response.status != 200) throw std::runtime_error(result.response.message);
    ::lifecycle::InstallChaincodeResult installed;
    installed.ParseFromString(result.response.payload);
    return installed.package_id();
}

}  // namespace chancery::test
