#include "node/chaincode/Executor.h"

#include <fmt/format.h>

#include <thread>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_event.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "node/chaincode/Definitions.h"
#include "node/chaincode/ExecutorImpl.h"
#include "node/chaincode/LifecycleContract.h"
#include "src/base/Encoding.h"
#include "src/base/Log.h"
#include "src/verify/ContractQueries.h"
#include "src/wire/Serialize.h"

namespace chancery::node {

using ::protos::ChaincodeMessage;
using std::chrono::steady_clock;

namespace {

constexpr std::string_view kSystemVersion = "syscc";
/// Key of a contract's own namespace that says for which version it was initialised.
constexpr std::string_view kInitializedKey("\0\xF4\x8F\xBF\xBFinitialized", 16);
constexpr std::string_view kCallResource = "peer/ChaincodeToChaincode";
constexpr std::int32_t kErrorThreshold = 400;

Status failed(std::string sentence, StatusCode code = StatusCode::kFailedPrecondition) {
    return makeError(code, "EXECUTION_FAILED", sentence);
}

Status inSimulation(const Status& why, const TxId& txId) {
    return withContext(why, fmt::format("failed to execute transaction {}", txId.str()));
}

Status notDefined(const Status& why, std::string_view contract, const std::string& channel) {
    return withContext(why, fmt::format("make sure the chaincode {} has been successfully defined "
                                        "on channel {} and try again",
                                        printable(contract, 200), channel));
}

Status needsNoInit(std::string_view contract) {
    return failed(
        fmt::format("invalid invocation: chaincode '{}' does not require "
                    "initialization but called as init",
                    contract));
}

Bytes inputOf(const protocol::Invocation& invocation) {
    ::protos::ChaincodeInput input;
    for (const BytesView arg : invocation.args) input.add_args(arg.data(), arg.size());
    input.set_is_init(invocation.isInit);
    return wire::serialize(input);
}

ChaincodeMessage completed(const ContractResponse& response, const TxId& txId,
                           const std::string& channel) {
    ::protos::Response message;
    message.set_status(response.status);
    message.set_message(response.message);
    message.set_payload(response.payload);
    ChaincodeMessage out;
    out.set_type(ChaincodeMessage::COMPLETED);
    out.set_payload(wire::serialize(message));
    out.set_txid(txId.str());
    out.set_channel_id(channel);
    return out;
}

/// Takes the simulation's results over.
Status finishInto(Simulation& simulation, ExecutionResult& result) {
    auto output = simulation.finish();
    RETURN_IF_ERROR(output.status());
    result.readWriteSet = std::move(output->readWriteSet);
    result.privateWrites = std::move(output->privateWrites);
    result.interest = std::move(output->interest);
    result.height = simulation.view().height();
    result.simulated = true;
    return {};
}

/// What the contract said, and what it has done.
Result<ExecutionResult> resultOf(ChaincodeMessage message, Simulation& simulation,
                                 const std::string& contract,
                                 const protocol::ChaincodeDefinition& definition) {
    const std::string& txId = simulation.txId().str();
    if (message.type() == ChaincodeMessage::ERROR)
        return failed(fmt::format("transaction returned with failure: {}", message.payload()));
    ::protos::Response response;
    if (!response.ParseFromString(message.payload()))
        return failed(
            fmt::format("failed to unmarshal response for "
                        "transaction {}: proto: cannot parse invalid wire-format data",
                        txId));
    ExecutionResult result;
    result.response.status = response.status();
    result.response.message = std::move(*response.mutable_message());
    result.response.payload = std::move(*response.mutable_payload());
    if (message.has_chaincode_event() && response.status() < kErrorThreshold) {
        auto& event = *message.mutable_chaincode_event();
        event.set_chaincode_id(contract);
        event.set_tx_id(txId);
        result.event = wire::serialize(event);
    }
    result.version = definition.version;
    result.endorsementPlugin = definition.endorsementPlugin;
    RETURN_IF_ERROR(finishInto(simulation, result));
    return result;
}

}  // namespace

Result<std::shared_ptr<Executor>> Executor::make(const ChaincodeOptions& options) {
    std::shared_ptr<Executor> executor(new Executor(options));
    RETURN_IF_ERROR(executor->begin());
    return executor;
}

Status Executor::begin() {
    m_pool = std::make_shared<TaskPool>("chaincode", m_options.threads);
    m_timers = std::make_shared<Timers>();
    m_metrics = makeChaincodeMetrics(m_options.metrics);
    ASSIGN_OR_RETURN(m_packages, PackageStore::open(m_options.folder / "packages"));
    const std::string& host =
        m_options.advertisedHost.empty() ? m_options.listenHost : m_options.advertisedHost;
    ASSIGN_OR_RETURN(m_authority, ContractAuthority::make({host, "localhost", "127.0.0.1"}));
    m_runnable = std::make_unique<RunnableContracts>(m_options.mspId, m_packages);
    m_hosts = std::make_shared<ContractHosts>(m_options, m_packages, m_authority, m_pool, m_timers,
                                              m_metrics);
    const std::weak_ptr<ContractHosts> hosts = m_hosts;
    m_service = std::make_unique<ShimService>(
        [hosts](std::shared_ptr<MessagePipe> pipe, const Bytes& certificateHash) {
            return hosts.lock()->accept(std::move(pipe), certificateHash);
        });
    rpc::Listener listener;
    listener.endpoint = {m_options.listenHost, m_options.listenPort, {}};
    listener.tls.emplace();
    listener.tls->identity = m_authority->server();
    listener.tls->clients = m_options.acceptsUnlaunched ? rpc::ClientCertificates::Requested
                                                        : rpc::ClientCertificates::Required;
    listener.tls->clientRootsPem = m_authority->rootsPem();
    ASSIGN_OR_RETURN(m_server, rpc::Server::start({{listener}, {}}, {&m_service->service()}));
    rpc::Endpoint endpoint = m_server->endpoints()[0];
    endpoint.host = host;
    m_address = endpoint.toString();
    m_hosts->connect(
        [weak = weak_from_this()](const ExecutionPtr& caller, const ChaincodeMessage& request,
                                  std::function<void(Result<Bytes>)> done) {
            if (const auto self = weak.lock())
                return self->callContract(caller, request, std::move(done));
            done(failed("the peer stops"));
        },
        m_address);
    addSystemContract(std::make_shared<LifecycleContract>(LifecycleContract::Options{
        m_options.mspId, std::shared_ptr<InstalledPackages>(this, [](InstalledPackages*) {}),
        m_options.checkLocalAdmin}));
    return {};
}

Executor::~Executor() {
    stop(steady_clock::now());
}

std::shared_ptr<SystemContract> Executor::systemContract(std::string_view name) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_systemContracts.find(name);
    return found == m_systemContracts.end() ? nullptr : found->second;
}

void Executor::addSystemContract(std::shared_ptr<SystemContract> contract) {
    const std::lock_guard lock(m_mutex);
    m_systemContracts[std::string(contract->name())] = std::move(contract);
}

bool Executor::isSystemContract(std::string_view name) const {
    return isSystemNamespace(name) || systemContract(name) != nullptr;
}

void Executor::execute(Proposal proposal, Channel channel, Deadline deadline, Done done) {
    if (m_stopped) return done(failed("the peer stops", StatusCode::kUnavailable));
    const std::string name(proposal->chaincode);
    if (isSystemContract(name))
        return executeSystem(systemContract(name), std::move(proposal), std::move(channel),
                             std::move(done));
    if (!channel)
        return done(notDefined(failed("could not get channel config for channel ''"), name, ""));
    const std::string gate = channel->channelId().str() + '/' + name;
    Done leaving = [gates = m_gates, gate, done = std::move(done)](Result<ExecutionResult> result) {
        done(std::move(result));
        gates->leave(gate);
    };
    m_gates->enter(gate, [weak = weak_from_this(), proposal = std::move(proposal), channel,
                          deadline, leaving = std::move(leaving)] {
        channel->whenViewable([weak, proposal, channel, deadline, leaving] {
            const auto self = weak.lock();
            if (!self) return leaving(failed("the peer stops", StatusCode::kUnavailable));
            self->simulate(proposal, channel, deadline, leaving);
        });
    });
}

/// Of a contract that is no part of the peer, on the newest state.
void Executor::simulate(const Proposal& proposal, const Channel& channel, Deadline deadline,
                        Done done) {
    if (m_stopped) return done(failed("the peer stops", StatusCode::kUnavailable));
    const std::string name(proposal->chaincode);
    if (steady_clock::now() > deadline)
        return done(failed("the proposal's time ended before there was room to execute it",
                           StatusCode::kDeadlineExceeded));
    auto view = channel->view();
    if (!view.ok()) return done(view.status());
    const auto simulation = std::make_shared<Simulation>(
        channel->bundle(), *std::move(view), TxId(std::string(proposal->channelHeader.txId)),
        Simulation::Limits{m_options.totalQueryLimit});
    auto contract = runnable(*simulation, channel->channelId(), name);
    if (!contract.ok())
        return done(notDefined(contract.status(), name, channel->channelId().str()));

    Call call;
    call.isInit = proposal->invocation.isInit;
    call.input = inputOf(proposal->invocation);
    call.proposal = proposal;
    call.channel = channel;
    call.simulation = simulation;
    call.contract = name;
    call.deadline = deadline;
    run(call, **contract,
        [simulation, name, contract = *contract,
         done = std::move(done)](Result<ChaincodeMessage> ended) {
            if (!ended.ok()) return done(inSimulation(ended.status(), simulation->txId()));
            done(resultOf(*std::move(ended), *simulation, name, contract->definition));
        });
}

void Executor::executeSystem(std::shared_ptr<SystemContract> contract, Proposal proposal,
                             Channel channel, Done done) {
    if (!contract)
        return done(
            failed(fmt::format("failed to execute transaction {}: "
                               "system contract {} is not part of this peer",
                               proposal->channelHeader.txId, proposal->chaincode)));
    if (proposal->invocation.isInit)
        return done(
            failed(fmt::format("failed to execute transaction {}: {}", proposal->channelHeader.txId,
                               messageOf(needsNoInit(proposal->chaincode)))));
    m_pool->post(
        [this, self = shared_from_this(), contract, proposal, channel, done = std::move(done)] {
            SystemCall call;
            call.proposal = proposal.get();
            call.channel = channel.get();
            for (const BytesView arg : proposal->invocation.args) call.args.emplace_back(arg);
            std::unique_ptr<Simulation> simulation;
            if (channel && contract->usesSimulation()) {
                auto view = channel->view();
                if (!view.ok()) return done(view.status());
                simulation =
                    std::make_unique<Simulation>(channel->bundle(), *std::move(view),
                                                 TxId(std::string(proposal->channelHeader.txId)),
                                                 Simulation::Limits{m_options.totalQueryLimit});
                call.simulation = simulation.get();
            }
            ExecutionResult result;
            result.response = contract->invoke(call);
            result.version = kSystemVersion;
            if (simulation)
                if (const Status status = finishInto(*simulation, result); !status.ok())
                    return done(status);
            done(std::move(result));
        });
}

Result<RunnableContractPtr> Executor::runnable(Simulation& simulation, const ChannelId& channel,
                                               const std::string& contract) {
    auto sequence = committedSequence(simulation, contract);
    if (!sequence.ok())
        return withContext(sequence.status(),
                           fmt::format("could not get current sequence for chaincode '{}' on "
                                       "channel '{}'",
                                       contract, channel.str()));
    if (*sequence == 0) {
        // The look at Fabric 1.x's definitions; such contracts are not run here.
        ASSIGN_OR_RETURN(const auto legacy,
                         simulation.get(protocol::kLegacyLifecycleNamespace, contract));
        return failed(fmt::format("chaincode {} not found", contract), StatusCode::kNotFound);
    }
    ASSIGN_OR_RETURN(auto found, m_runnable->find(channel, simulation.view(), contract));
    const auto isCurrent = [&] {
        return found && found->definition.sequence == static_cast<std::uint64_t>(*sequence);
    };
    if (!isCurrent()) {
        // What is remembered is from before a commit that nobody has told of yet.
        m_runnable->changed(channel, simulation.view().height());
        ASSIGN_OR_RETURN(found, m_runnable->find(channel, simulation.view(), contract));
    }
    if (!isCurrent())
        return failed(fmt::format("chaincode definition for '{}' changed during invoke", contract));
    if (!found->isApproved)
        return failed(
            fmt::format("chaincode definition for '{}' at sequence {} on channel '{}' "
                        "has not yet been approved by this org",
                        contract, *sequence, channel.str()));
    if (!found->packageId.empty()) return found;
    if (!m_options.acceptsUnlaunched)
        return failed(
            fmt::format("chaincode definition for '{}' exists, but chaincode is not "
                        "installed",
                        contract));
    auto named = std::make_shared<RunnableContract>(*found);
    named->packageId = fmt::format("{}:{}", contract, found->definition.version);
    return RunnableContractPtr(std::move(named));
}

Status Executor::checkInit(Simulation& simulation, const std::string& contract,
                           const protocol::ChaincodeDefinition& definition, bool isInit) {
    bool isInitialized = true;
    if (definition.initRequired) {
        auto value = simulation.get(contract, kInitializedKey);
        if (!value.ok()) return withContext(value.status(), "could not get 'initialized' key");
        isInitialized = *value == definition.version;
    }
    if (isInit) {
        if (!definition.initRequired) return needsNoInit(contract);
        if (isInitialized)
            return failed(
                fmt::format("invalid invocation: chaincode '{}' is already initialized "
                            "but called as init",
                            contract));
        return simulation.put(contract, kInitializedKey, definition.version);
    }
    if (isInitialized) return {};
    return failed(
        fmt::format("invalid invocation: chaincode '{}' has not been initialized for "
                    "this version, must call as init first",
                    contract));
}

void Executor::run(const Call& call, const RunnableContract& contract, Ended ended) {
    if (const Status status =
            checkInit(*call.simulation, call.contract, contract.definition, call.isInit);
        !status.ok())
        return ended(status);
    auto execution = std::make_shared<Execution>();
    execution->proposal = call.proposal;
    execution->channel = call.channel;
    execution->simulation = call.simulation;
    execution->contract = call.contract;
    execution->packageId = contract.packageId;
    execution->input = call.input;
    execution->isInit = call.isInit;
    execution->deadline = call.deadline;
    m_hosts->stream(contract.packageId, [this, weak = weak_from_this(), execution,
                                         ended = std::move(ended)](
                                            Result<ContractStreamPtr> stream) mutable {
        const auto self = weak.lock();
        if (!self) return ended(failed("the peer stops"));
        if (!stream.ok()) return ended(stream.status());
        const auto timer = m_timers->reserve(
            std::min(execution->deadline, steady_clock::now() + m_options.executeTimeout));
        execution->done = [self, timer, packageId = execution->packageId,
                           ended = std::move(ended)](Result<ChaincodeMessage> message) {
            self->m_timers->cancel(timer);
            if (message.ok()) self->m_hosts->answered(packageId);
            ended(std::move(message));
        };
        m_timers->set(timer, [weak, stream = *stream, late = std::weak_ptr<Execution>(execution)] {
            const auto self = weak.lock();
            const auto execution = late.lock();
            // Answering may be real work, which timers must not wait for.
            if (self && execution)
                self->m_pool->post([self, stream, execution] { self->expire(stream, execution); });
        });
        (*stream)->begin(execution);
    });
}

void Executor::expire(const ContractStreamPtr& stream, const ExecutionPtr& execution) {
    const Status status = failed("error sending: timeout expired while executing transaction",
                                 StatusCode::kDeadlineExceeded);
    if (!stream->abandon(execution, status)) return;
    if (m_metrics) m_metrics->executeTimeout(execution->packageId);
    m_hosts->overdue(stream);
}

void Executor::callSystemContract(std::shared_ptr<SystemContract> contract, Call call,
                                  Ended ended) {
    m_pool->post(
        [self = shared_from_this(), contract, call = std::move(call), ended = std::move(ended)] {
            ::protos::ChaincodeInput input;
            if (!input.ParseFromString(call.input)) return ended(failed("unmarshal failed"));
            SystemCall request;
            request.proposal = call.proposal.get();
            request.channel = call.channel.get();
            request.simulation = contract->usesSimulation() ? call.simulation.get() : nullptr;
            request.fromContract = true;
            request.args.assign(input.args().begin(), input.args().end());
            ended(completed(contract->invoke(request), call.simulation->txId(),
                            call.channel->channelId().str()));
        });
}

void Executor::callContract(const ExecutionPtr& caller, const ChaincodeMessage& request,
                            std::function<void(Result<Bytes>)> done) {
    ::protos::ChaincodeSpec spec;
    if (!spec.ParseFromString(request.payload())) return done(failed("unmarshal failed"));
    // "name:version/channel", the version of which nobody looks at.
    std::string name = spec.chaincode_id().name();
    std::string channelName = caller->channelName();
    if (const std::size_t slash = name.find('/'); slash != std::string::npos) {
        if (slash + 1 < name.size()) channelName = name.substr(slash + 1);
        name.resize(slash);
    }
    name = name.substr(0, name.find(':'));

    Call call;
    call.proposal = caller->proposal;
    call.contract = name;
    call.deadline = caller->deadline;
    call.channel =
        channelName == caller->channelName()
            ? caller->channel
            : (m_options.channels ? m_options.channels(ChannelId(channelName)) : nullptr);
    if (!call.channel)
        return done(failed(
            fmt::format("failed to find ledger for channel: {}", printable(channelName, 300))));
    const auto system = isSystemContract(name) ? systemContract(name) : nullptr;
    if (!isSystemContract(name)) {
        const Status allowed =
            call.channel->checkPolicy(call.channel->bundle()->policyOfResource(kCallResource),
                                      call.proposal->signatureHeader.creator);
        if (!allowed.ok()) return done(allowed);
    } else if (!system) {
        return done(
            failed(fmt::format("execute failed: system contract {} is not part of this "
                               "peer",
                               name)));
    }
    call.simulation = caller->simulation;
    if (call.channel != caller->channel) {
        // Read-only: nobody takes its results.
        auto view = call.channel->view();
        if (!view.ok()) return done(view.status());
        call.simulation =
            std::make_shared<Simulation>(call.channel->bundle(), *std::move(view), caller->txId(),
                                         Simulation::Limits{m_options.totalQueryLimit});
    }
    spec.mutable_input()->set_is_init(false);
    spec.mutable_input()->clear_decorations();
    call.input = wire::serialize(spec.input());
    Ended ended = [done = std::move(done)](Result<ChaincodeMessage> message) {
        if (!message.ok()) return done(withContext(message.status(), "execute failed"));
        done(wire::serialize(*message));
    };
    if (system) return callSystemContract(system, std::move(call), std::move(ended));
    auto contract = runnable(*call.simulation, call.channel->channelId(), name);
    if (!contract.ok())
        return ended(withContext(
            contract.status(),
            fmt::format("invalid invocation: [channel {}] failed to get chaincode container info "
                        "for {}",
                        channelName, name)));
    run(call, **contract, std::move(ended));
}

void Executor::stop(Deadline deadline) {
    if (m_stopped.exchange(true)) return;
    if (m_hosts) m_hosts->stop(deadline);
    if (m_service) m_service->stop();
    if (m_server) m_server->stop(deadline);
}

namespace {

/// The executor as others hold it: ends it when they let go.
class OwnedExecutor final : public ContractExecutor {
public:
    explicit OwnedExecutor(std::shared_ptr<Executor> executor) : m_executor(std::move(executor)) {}
    ~OwnedExecutor() override {
        m_executor->stop(steady_clock::now());
        // Tasks that run on its own threads must not be the last to let go of it.
        while (m_executor.use_count() > 1 || m_executor->isInUse())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }

    void execute(std::shared_ptr<const protocol::UnpackedProposal> proposal,
                 std::shared_ptr<ExecutionChannel> channel, Deadline deadline,
                 std::function<void(Result<ExecutionResult>)> done) override {
        m_executor->execute(std::move(proposal), std::move(channel), deadline, std::move(done));
    }
    void addSystemContract(std::shared_ptr<SystemContract> contract) override {
        m_executor->addSystemContract(std::move(contract));
    }
    bool isSystemContract(std::string_view name) const override {
        return m_executor->isSystemContract(name);
    }
    void definitionsChanged(std::shared_ptr<ExecutionChannel> channel) override {
        m_executor->definitionsChanged(std::move(channel));
    }
    bool canRun(ExecutionChannel& channel, std::string_view contract) override {
        return m_executor->canRun(channel, std::string(contract));
    }
    Result<std::vector<ContractIndex>> indexes(ExecutionChannel& channel,
                                               std::string_view contract) override {
        return m_executor->indexes(channel, std::string(contract));
    }
    std::string address() const override { return m_executor->address(); }
    std::vector<ContractStatus> contracts() const override { return m_executor->contracts(); }
    void stop(Deadline deadline) override { m_executor->stop(deadline); }

private:
    std::shared_ptr<Executor> m_executor;
};

}  // namespace

Result<std::unique_ptr<ContractExecutor>> makeContractExecutor(const ChaincodeOptions& options) {
    ASSIGN_OR_RETURN(auto executor, Executor::make(options));
    return std::make_unique<OwnedExecutor>(std::move(executor));
}

}  // namespace chancery::node
