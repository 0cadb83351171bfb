#include "node/peer/JoinedChannel.h"

#include <set>

#include "fabric/common/configtx.pb.h"
#include "node/peer/CollectionMembership.h"
#include "src/base/Log.h"
#include "src/protocol/BlockBuilder.h"
#include "src/protocol/Snapshot.h"
#include "src/verify/BlockVerifier.h"
#include "src/verify/ContractQueries.h"
#include "src/wire/Parse.h"

namespace chancery::node {
namespace {

constexpr std::size_t kMaxDefinitions = 1'000;  // remembered; names come from clients

Result<channel::BundlePtr> loadBundle(const ChannelId& channel, const verify::StateReader& state) {
    ASSIGN_OR_RETURN(const auto value, state.get(verify::kConfigNamespace, verify::kConfigKey));
    if (!value)
        return makeError(
            StatusCode::kDataLoss, "LEDGER_DAMAGED",
            fmt::format("The state of channel {} holds no configuration.", channel.str()));
    ASSIGN_OR_RETURN(const auto envelope,
                     wire::parse<::common::ConfigEnvelope>(value->value, "config"));
    return channel::Bundle::fromConfig(channel, envelope.config());
}

}  // namespace

Status checkChannelPolicy(const channel::Bundle& bundle, std::string_view policyPath,
                          BytesView creator) {
    const policy::PolicyPtr policy = bundle.policies().find(policyPath);
    if (policy == nullptr)
        return makeError(
            StatusCode::kPermissionDenied, "NO_SUCH_POLICY",
            fmt::format("channel {} has no policy {}", bundle.channelId().str(), policyPath));
    ASSIGN_OR_RETURN(const identity::IdentityPtr identity, bundle.msps()->deserialize(creator));
    const identity::IdentityPtr who[] = {identity};
    if (policy->isSatisfiedBy(who)) return {};
    const auto explanation = policy->explain(who);
    return makeError(
        StatusCode::kPermissionDenied, "POLICY_NOT_SATISFIED", policy::toSentence(explanation),
        {{"policy", std::string(policyPath)}, {"missing", policy::missingOf(explanation)}});
}

Status JoinedChannel::begin(const ChannelId& channel, ChannelLedger& ledger,
                            const protocol::Block& genesis) {
    RETURN_IF_ERROR(verify::checkBlockForm(genesis, channel));
    ASSIGN_OR_RETURN(verify::BlockVerdict verdict, verify::Validator::validateGenesis(genesis));
    const Commit commit{protocol::withValidationCodes(genesis, verdict.codes()),
                        &verdict.updates,
                        {TxId(verify::ledgerTxId(genesis.transaction(0)))},
                        {},
                        {},
                        {}};
    return ledger.commit(commit);
}

Status JoinedChannel::noteMissing(const ChannelId& channel, ChannelLedger& ledger,
                                  const protocol::Snapshot& snapshot, BytesView identity) {
    ASSIGN_OR_RETURN(const auto view, ledger.view());
    ASSIGN_OR_RETURN(const auto bundle, loadBundle(channel, *view));
    CollectionMembership membership{Bytes(identity)};
    ASSIGN_OR_RETURN(const auto hashes, snapshot.privateHashes());
    std::vector<MissingPrivateData> missing;
    // Keys of one transaction and collection need one entry; they are not neighbours.
    std::set<std::pair<BlockNumber, std::uint64_t>> seen;
    std::string ns, collection;
    bool isMember = false;
    for (;;) {
        ASSIGN_OR_RETURN(const auto key, hashes->next());
        if (!key || ns != key->namespaceName || collection != key->collection) {
            RETURN_IF_ERROR(missing.empty() ? absl::OkStatus() : ledger.recordMissing(missing));
            missing.clear();
            seen.clear();
            if (!key) return {};
            ns = key->namespaceName;
            collection = key->collection;
            ASSIGN_OR_RETURN(isMember, membership.isMember(ns, collection, *view, *bundle));
        }
        if (isMember && seen.emplace(key->version.block, key->version.transaction).second)
            missing.push_back({key->version.block, key->version.transaction, ns, collection});
    }
}

Result<std::shared_ptr<JoinedChannel>> JoinedChannel::open(const ChannelId& channel,
                                                           const LedgerOpener& opener,
                                                           const PeerServices& services) {
    auto composer = std::make_shared<CommitComposer>(services.identity);
    ASSIGN_OR_RETURN(auto ledger, opener(makeReplay(channel, composer)));
    if (ledger->height() == 0)
        return makeError(StatusCode::kFailedPrecondition, "EMPTY_LEDGER",
                         fmt::format("The ledger of channel {} is empty.", channel.str()));
    std::shared_ptr<JoinedChannel> joined(new JoinedChannel(channel, std::move(ledger)));
    ASSIGN_OR_RETURN(const auto view, joined->m_ledger->view());
    ASSIGN_OR_RETURN(auto bundle, loadBundle(channel, *view));
    joined->m_height = joined->m_ledger->height();
    joined->m_definitionsChanged = services.definitionsChanged;
    CommitPipeline::Parts parts;
    parts.ledger = joined->m_ledger.get();
    parts.bundle = std::move(bundle);
    parts.composer = std::move(composer);
    parts.pool = services.pool;
    parts.signatures = services.signatures;
    parts.flow = services.flow;
    parts.metrics = services.metrics;
    parts.retry = services.diskRetry;
    parts.committed = [self = joined.get()](const std::shared_ptr<const CommitEvent>& event,
                                            bool definitionsChanged) {
        self->committed(event, definitionsChanged);
    };
    joined->m_pipeline = std::make_unique<CommitPipeline>(std::move(parts));
    return joined;
}

JoinedChannel::~JoinedChannel() {
    close();
}

void JoinedChannel::close() {
    m_closed = true;
    if (m_pipeline) m_pipeline->stop();
    m_onHeight.tell(height());
}

void JoinedChannel::committed(const std::shared_ptr<const CommitEvent>& event,
                              bool definitionsChanged) {
    if (definitionsChanged) {
        const std::lock_guard lock(m_definitionsMutex);
        ++m_definitionsGeneration;
        m_definitions.clear();
    }
    const BlockNumber height = event->block.number() + 1;
    m_height.store(height, std::memory_order_release);
    if (m_afterCommit) m_afterCommit(event->block.number());
    if (definitionsChanged && m_definitionsChanged)
        if (const auto self = weak_from_this().lock()) m_definitionsChanged(self);
    m_onCommit.tell(event);
    m_onHeight.tell(height);
}

Status JoinedChannel::checkPolicy(std::string_view policyPath, BytesView creator) const {
    return checkChannelPolicy(*bundle(), policyPath, creator);
}

JoinedChannel::Definition JoinedChannel::definition(std::string_view contract) {
    std::uint64_t generation = 0;
    {
        const std::lock_guard lock(m_definitionsMutex);
        if (const auto found = m_definitions.find(contract); found != m_definitions.end())
            return found->second;
        generation = m_definitionsGeneration;
    }
    ASSIGN_OR_RETURN(const auto view, m_ledger->view());
    ASSIGN_OR_RETURN(auto definition, verify::definitionOf(contract, *view));
    const std::lock_guard lock(m_definitionsMutex);
    if (generation == m_definitionsGeneration) {
        if (m_definitions.size() >= kMaxDefinitions) m_definitions.clear();
        m_definitions.emplace(contract, definition);
    }
    return definition;
}

Result<std::vector<std::string>> JoinedChannel::contracts() {
    ASSIGN_OR_RETURN(const auto view, m_ledger->view());
    return verify::definedContracts(*view);
}

}  // namespace chancery::node
