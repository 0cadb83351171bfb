#include "tests/network/TestNetwork.h"

#include <stdexcept>

#include "src/client/CaClient.h"
#include "src/protocol/Block.h"
#include "src/usecase/JoinChannel.h"

namespace chancery::test {
namespace {

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.status().ToString());
    return *std::move(result);
}

usecase::ContractPlan keysContract() {
    usecase::ContractPlan plan;
    plan.definition.name = "keys";
    plan.package = valueOf(usecase::PackageContract().ofFolder(
        "keys_1", "chancery", CHANCERY_SOURCE "/tests/network/keys"));
    return plan;
}

}  // namespace

TestNetwork::TestNetwork(const std::filesystem::path& nodeModules, const crypto::Suite& suite)
    : m_connector(std::make_unique<client::GrpcConnector>()) {
    usecase::CreateNetwork create(*m_connector, deadlineIn(kLong));
    auto plan = usecase::twoOrganisations(path());
    plan.nodeModules = nodeModules;
    plan.topology.suite = &suite;
    client::CaClient cas;
    m_running = valueOf(create.run(
        plan,
        [this](const usecase::NetworkFolder& network)
            -> Result<std::unique_ptr<usecase::NetworkHosts>> {
            m_host = std::make_shared<FakeHost>(network.hostFolder(), CHANCERY_NODE);
            std::map<std::string, std::shared_ptr<interfaces::Host>> hosts{{"local", m_host}};
            return std::make_unique<usecase::NetworkHosts>(std::move(hosts));
        },
        cas));
    deploy(keysContract());
}

void TestNetwork::deploy(const usecase::ContractPlan& plan) {
    usecase::CreateNetwork create(*m_connector, deadlineIn(kLong));
    if (const Status status = create.deploy(folder(), plan); !status.ok())
        throw std::runtime_error(status.ToString());
}

Status TestNetwork::restart(const std::string& node) {
    RETURN_IF_ERROR(m_running->stopNode(node));
    return usecase::CreateNetwork(*m_connector, deadlineIn(kLong)).startNodes(*m_running, {node});
}

void TestNetwork::killNode(const std::string& node) {
    m_host->kill(folder().ref(*folder().node(node)));
}

pid_t TestNetwork::processOf(const std::string& node) {
    return static_cast<pid_t>(valueOf(m_running->state(node, deadlineIn(kLong))).processId);
}

usecase::TransactionContext TestNetwork::actAs(const std::string& organisation,
                                               const std::string& user) {
    return valueOf(usecase::CreateNetwork(*m_connector, deadlineIn(kLong))
                       .actAs(folder(), organisation, user));
}

std::vector<interfaces::NodeAddress> TestNetwork::peers() const {
    return valueOf(usecase::CreateNetwork(*m_connector, deadlineIn(kLong)).peers(folder()));
}

std::vector<interfaces::NodeAddress> TestNetwork::orderers() const {
    return valueOf(usecase::CreateNetwork(*m_connector, deadlineIn(kLong)).orderers(folder()));
}

Result<usecase::Submitted> TestNetwork::submit(const std::vector<std::string>& args,
                                               Deadline deadline) {
    return usecase::SubmitTransaction().run(actAs("Org1", "User1"),
                                            {.call = {.channel = folder().channel(),
                                                      .contract = "keys",
                                                      .args = {args.begin(), args.end()}},
                                             .endorsers = peers(),
                                             .commitPeers = peers(),
                                             .orderers = orderers(),
                                             .deadline = deadline});
}

Result<Bytes> TestNetwork::evaluate(const std::string& organisation,
                                    const std::vector<std::string>& args) {
    const auto peer = valueOf(
        usecase::CreateNetwork(*m_connector, deadlineIn(kLong)).peers(folder(), organisation));
    return usecase::EvaluateTransaction().run(actAs(organisation, "User1"),
                                              {.call = {.channel = folder().channel(),
                                                        .contract = "keys",
                                                        .args = {args.begin(), args.end()}},
                                               .peer = peer.front(),
                                               .deadline = deadlineIn(kLong)});
}

std::vector<Bytes> TestNetwork::blocks(const std::string& node) {
    const auto* found = folder().node(node);
    const auto address = valueOf(folder().address(*found));
    const auto delivery = valueOf(found->isPeer ? m_connector->peerDelivery(address)
                                                : m_connector->ordererDelivery(address));
    const usecase::ReadChannel read;
    const auto context = actAs("Org1", "Admin");
    const auto newest = valueOf(protocol::Block::parse(valueOf(
        read.block(context, *delivery, folder().channel(), std::nullopt, deadlineIn(kLong)))));
    std::vector<Bytes> all;
    for (BlockNumber number = 0; number <= newest.number(); ++number)
        all.push_back(
            valueOf(read.block(context, *delivery, folder().channel(), number, deadlineIn(kLong))));
    return all;
}

}  // namespace chancery::test
