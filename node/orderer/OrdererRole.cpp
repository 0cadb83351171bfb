#include "node/orderer/OrdererRole.h"

#include "node/deliver/DeliverMetrics.h"
#include "node/orderer/BroadcastService.h"
#include "node/orderer/OrdererChannelAdmin.h"
#include "node/orderer/ParticipationHandler.h"
#include "node/orderer/PullService.h"
#include "src/base/Log.h"

namespace chancery::node {
namespace {

constexpr std::size_t kDeliverThreads = 2;

OrdererContextPtr contextOf(const OrdererConfig& config) {
    auto context = std::make_shared<OrdererContext>();
    context->signer = config.identity;
    context->tls = config.tls.identity;
    context->clock = config.clock;
    if (config.metrics != nullptr)
        context->metrics = std::make_shared<OrdererMetrics>(*config.metrics);
    context->flow = config.flow;
    return context;
}

}  // namespace

/// Members end in the reverse order: servers first, channels last.
struct OrdererRole::Running {
    explicit Running(const OrdererConfig& config)
        : context(contextOf(config)),
          registrar(context, {config.dataFolder, makeBlockPull(context)}),
          processor(context, registrar),
          broadcasts(processor),
          participation(registrar),
          channelAdmin(registrar) {}

    OrdererContextPtr context;
    Registrar registrar;
    BroadcastProcessor processor;
    BroadcastStreams broadcasts;
    ParticipationHandler participation;
    OrdererChannelAdmin channelAdmin;
    std::shared_ptr<TaskPool> pool = std::make_shared<TaskPool>("deliver", kDeliverThreads);
    std::unique_ptr<DeliverStreams> streams;
    std::unique_ptr<grpc::Service> service;
    std::unique_ptr<rpc::Server> server;
    std::unique_ptr<http::Server> admin;
};

OrdererRole::OrdererRole(OrdererConfig config) : m_config(std::move(config)) {}

OrdererRole::~OrdererRole() {
    stop(Deadline());
}

Status OrdererRole::start() {
    if (m_config.identity == nullptr)
        return makeError(StatusCode::kInvalidArgument, "NO_IDENTITY",
                         "an orderer needs an identity to sign with");
    if (m_config.admin && m_config.admin->tls.clients != http::ClientCertificates::Required)
        return makeError(StatusCode::kInvalidArgument, "CLIENTS_UNVERIFIED",
                         "the participation API must ask its callers for certificates");
    auto running = std::make_shared<Running>(m_config);
    RETURN_IF_ERROR(running->registrar.start());

    auto rules = std::make_shared<DeliverRules>();
    rules->feeds = [&registrar = running->registrar](const ChannelId& channel) {
        return registrar.feed(channel);
    };
    rules->window = m_config.timeWindow;
    rules->mutualTls = m_config.tls.clients != rpc::ClientCertificates::Requested;
    rules->clock = m_config.clock;
    if (m_config.metrics != nullptr)
        rules->metrics = std::make_shared<DeliverMetrics>(*m_config.metrics);
    running->streams = std::make_unique<DeliverStreams>(std::move(rules), running->pool);
    running->service = makeAtomicBroadcastService(
        running->broadcasts, *running->streams,
        {std::make_shared<RenderedBlocks>(wholeBlocks()), ordererReaders});

    rpc::ServerOptions options;
    options.listeners = {{m_config.listen, m_config.tls}};
    ASSIGN_OR_RETURN(running->server,
                     rpc::Server::start(std::move(options), {running->service.get()}));
    if (m_config.admin) {
        ASSIGN_OR_RETURN(running->admin,
                         http::Server::start(*m_config.admin, [&handler = running->participation](
                                                                  const http::Request& request) {
                             return handler.handle(request);
                         }));
    }
    m_running = std::move(running);
    return absl::OkStatus();
}

void OrdererRole::stop(Deadline deadline) {
    if (m_running == nullptr) return;
    const auto running = std::exchange(m_running, nullptr);
    if (running->admin) running->admin->stop(deadline);
    running->streams->close();
    running->broadcasts.close();
    running->server->stop(deadline);
    running->registrar.halt();
}

std::vector<std::string> OrdererRole::endpoints() const {
    std::vector<std::string> list;
    if (m_running == nullptr) return list;
    list.push_back(m_running->server->endpoints().front().toString());
    if (m_running->admin) list.push_back(m_running->admin->endpoint());
    return list;
}

ChannelAdmin* OrdererRole::channelAdmin() {
    return m_running ? &m_running->channelAdmin : nullptr;
}

std::vector<HealthCheck> OrdererRole::healthChecks() const {
    const std::weak_ptr<Running> weak = m_running;
    return {{"orderer", [weak]() -> Status {
                 const auto running = weak.lock();
                 return running ? running->registrar.health() : absl::OkStatus();
             }}};
}

}  // namespace chancery::node
