#include "src/usecase/OverviewBuilder.h"

#include <set>

#include "fabric/common/configtx.pb.h"
#include "fabric/common/policies.pb.h"
#include "src/channel/GoDuration.h"
#include "src/protocol/Lifecycle.h"
#include "src/usecase/BlockDescriber.h"
#include "src/usecase/Causes.h"
#include "src/usecase/ConfigChanges.h"
#include "src/usecase/DescribeConfig.h"
#include "src/usecase/PolicyNodes.h"
#include "src/usecase/PolicyVerdicts.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {
namespace {

constexpr std::size_t kMaxKeysCounted = 1'000'000;
/// Namespaces that are no contract of a user.
bool isSystem(std::string_view ns) {
    return ns.empty() || ns == protocol::kLifecycleNamespace ||
           ns == protocol::kLegacyLifecycleNamespace;
}

}  // namespace

OverviewBuilder::Counts& OverviewBuilder::countsOf(std::string_view contract,
                                                   std::string_view key) {
    if (m_keys.size() > kMaxKeysCounted)
        std::erase_if(
            m_keys, [](const auto& entry) { return entry.second.writes + entry.second.reads < 3; });
    return m_keys[{std::string(contract), std::string(key)}];
}

void OverviewBuilder::begin(BlockNumber last, const std::string& channel,
                            const ::common::Config& config) {
    m_overview.snapshot = m_overview.firstBlock = m_overview.lastBlock = last;
    m_overview.channel = channel;
    m_config = std::make_shared<::common::Config>(config);
    m_configDescription = describeConfig(*m_config);
    addOrganisations(m_configDescription, last);
}

void OverviewBuilder::addCalls(const std::string& contract, std::size_t all, std::size_t refused) {
    Calls& calls = m_calls[contract];
    calls.all += all;
    calls.refused += refused;
}

void OverviewBuilder::add(const protocol::SourcedBlock& sourced, LedgerReplay& replay) {
    const protocol::Block& block = sourced.block;
    if (m_overview.blocks++ == 0) m_overview.firstBlock = block.number();
    m_overview.lastBlock = block.number();
    m_overview.lastHash = block.header().hash();
    m_overview.bytes += sourced.size;
    for (std::size_t i = 0; i < block.transactionCount(); ++i)
        addTransaction(block, i, block.transaction(i), replay);
}

void OverviewBuilder::addTransaction(const protocol::Block& block, std::size_t index,
                                     const protocol::Transaction& transaction,
                                     LedgerReplay& replay) {
    ++m_overview.transactions;
    TransactionSummary summary = summarise(block, index, transaction, m_names);
    if (m_overview.channel.empty())
        m_overview.channel = std::string(transaction.channelHeader.channelId);
    if (summary.time) {
        // Times are what clients state: the span covers them all, whatever their order.
        if (!m_overview.firstTime || *summary.time < *m_overview.firstTime)
            m_overview.firstTime = summary.time;
        if (!m_overview.lastTime || *summary.time > *m_overview.lastTime)
            m_overview.lastTime = summary.time;
    }
    if (!summary.code && block.number() == 0)
        summary.code = RecordedCode{0, protocol::nameOf(protocol::ValidationCode::Valid)};
    if (!summary.code) {
        if (const auto judged = replay.judge();
            judged.ok() && (*judged)->verdict.transactions[index].computed) {
            const auto code = (*judged)->verdict.transactions[index].code;
            summary.code = RecordedCode{static_cast<std::uint8_t>(code), protocol::nameOf(code)};
        }
    }
    const bool valid = summary.code && summary.code->valid();
    m_overview.valid += valid ? 1 : 0;
    m_overview.notJudged += summary.code ? 0 : 1;
    if (!summary.contract.empty()) {
        Calls& calls = m_calls[summary.contract];
        ++calls.all;
        calls.refused += summary.code && !valid ? 1 : 0;
    }
    if (!transaction.actions.empty() && transaction.actions.front().readWriteSet) {
        for (const auto& ns : transaction.actions.front().readWriteSet->namespaces) {
            if (isSystem(ns.name)) continue;
            for (const auto& read : ns.reads) ++countsOf(ns.name, read.key).reads;
            if (!valid) continue;
            for (const auto& write : ns.writes) ++countsOf(ns.name, write.key).writes;
        }
    }
    if (transaction.isConfig() && valid) addConfig(block, transaction);
    if (summary.code && !valid) addRefused(std::move(summary), replay);
}

void OverviewBuilder::addRefused(TransactionSummary summary, LedgerReplay& replay) {
    RefusedTransaction refused{.summary = std::move(summary)};
    if (const auto judged = replay.judge(); judged.ok()) {
        const auto& verdict = (*judged)->verdict.transactions[refused.summary.index];
        if (verdict.cause) {
            refused.cause = describe(*verdict.cause);
            if (verdict.cause->conflict && verdict.cause->conflict->collection.empty())
                ++countsOf(verdict.cause->conflict->ns, verdict.cause->conflict->key).conflicts;
        }
    }
    if (m_overview.refused.size() < kMaxRefused) m_overview.refused.push_back(std::move(refused));
}

void OverviewBuilder::addConfig(const protocol::Block& block,
                                const protocol::Transaction& transaction) {
    if (!transaction.config || !transaction.config->message) return;
    const ::common::ConfigEnvelope& envelope = *transaction.config->message;
    ConfigChangeOverview change{.block = block.number(), .sequence = envelope.config().sequence()};
    if (transaction.channelHeader.timestamp)
        change.time = transaction.channelHeader.timestamp->time();
    change.changes = tellConfigChange(m_config.get(), envelope.config());
    if (envelope.has_last_update()) change.signers = signersOf(envelope.last_update(), m_names);
    m_overview.configChanges.push_back(std::move(change));
    m_config = std::make_shared<::common::Config>(envelope.config());
    m_configDescription = describeConfig(*m_config);
    addOrganisations(m_configDescription, block.number());
}

void OverviewBuilder::addOrganisations(const ConfigDescription& config, BlockNumber block) {
    std::set<std::pair<std::string, MspId>> present;
    for (const OrganisationDescription& organisation : config.organisations) {
        present.emplace(organisation.name, organisation.mspId);
        const auto known =
            std::find_if(m_overview.organisations.begin(), m_overview.organisations.end(),
                         [&](const OrganisationOverview& row) {
                             return row.name == organisation.name &&
                                    row.mspId == organisation.mspId && !row.removed;
                         });
        OrganisationOverview& row =
            known != m_overview.organisations.end()
                ? *known
                : m_overview.organisations.emplace_back(OrganisationOverview{
                      .name = organisation.name, .mspId = organisation.mspId, .since = block});
        row.application = row.application || organisation.application;
        row.orderer = row.orderer || organisation.orderer;
        if (organisation.application) row.anchorPeers = organisation.anchorPeers;
        if (organisation.orderer) row.ordererEndpoints = organisation.endpoints;
    }
    for (OrganisationOverview& row : m_overview.organisations)
        if (!row.removed && !present.contains({row.name, row.mspId})) row.removed = block;
}

void OverviewBuilder::describeChannel(LedgerOverview& overview) const {
    overview.consensus = m_configDescription.consensus;
    overview.consenters = m_configDescription.consenters;
    if (const auto timeout = channel::parseGoDuration(m_configDescription.batchTimeout);
        timeout.ok())
        overview.batchTimeout = *timeout;
    overview.batchMaxCount = m_configDescription.batchMaxCount;
    overview.batchPreferredBytes = m_configDescription.batchPreferredBytes;
    overview.channelCapabilities = m_configDescription.channelCapabilities;
    overview.ordererCapabilities = m_configDescription.ordererCapabilities;
    overview.applicationCapabilities = m_configDescription.applicationCapabilities;
}

std::set<std::string> OverviewBuilder::contractNames(const verify::StateReader& state) const {
    std::set<std::string> names;
    for (const auto& [name, calls] : m_calls) names.insert(name);
    auto cursor = state.range(protocol::kLifecycleNamespace, "", "");
    while (cursor.ok()) {
        const auto item = (*cursor)->next();
        if (!item.ok() || !*item) break;
        const auto parsed = protocol::LifecycleKey::parse((*item)->key);
        if (parsed && parsed->kind == protocol::LifecycleKey::Kind::Definition)
            names.insert(parsed->chaincode);
    }
    return names;
}

void OverviewBuilder::describeContracts(
    LedgerOverview& overview, const verify::StateReader& state, const channel::BundlePtr& bundle,
    const std::function<std::size_t(const std::string&)>& keysOf) const {
    const std::set<std::string> names = contractNames(state);
    const protocol::StateLookup read = [&](std::string_view key) -> std::optional<Bytes> {
        const auto value = state.get(protocol::kLifecycleNamespace, key);
        if (!value.ok() || !*value) return std::nullopt;
        return (*value)->value;
    };
    for (const std::string& name : names) {
        ContractOverview contract{.name = name};
        if (const auto calls = m_calls.find(name); calls != m_calls.end()) {
            contract.calls = calls->second.all;
            contract.refused = calls->second.refused;
        }
        contract.keys = keysOf(name);
        const auto definition = protocol::readDefinition(name, read);
        if (definition.ok() && *definition) {
            contract.version = (*definition)->version;
            contract.sequence = (*definition)->sequence;
            contract.initRequired = (*definition)->initRequired;
            contract.policy =
                applicationPolicyText((*definition)->validationParameter, bundle.get());
            for (const protocol::Collection& collection : (*definition)->collections)
                contract.collections.push_back({collection.name,
                                                signaturePolicyText(collection.memberOrgsPolicy),
                                                collection.blockToLive});
            const protocol::LifecycleKey key{.kind = protocol::LifecycleKey::Kind::Definition,
                                             .chaincode = name,
                                             .field = "Sequence"};
            const auto version = state.version(protocol::kLifecycleNamespace, key.str());
            if (version.ok() && *version)
                contract.definedAt = WrittenAt{(*version)->block, (*version)->transaction};
        }
        overview.contracts.push_back(std::move(contract));
    }
    // Contracts of users first, the most called one first.
    std::stable_sort(overview.contracts.begin(), overview.contracts.end(),
                     [](const ContractOverview& a, const ContractOverview& b) {
                         return std::pair(a.definedAt.has_value(), a.calls) >
                                std::pair(b.definedAt.has_value(), b.calls);
                     });
}

void OverviewBuilder::describeKeys(LedgerOverview& overview) const {
    std::vector<KeyOverview> keys;
    for (const auto& [key, counts] : m_keys)
        keys.push_back({key.first, key.second, counts.writes, counts.reads, counts.conflicts});
    const std::size_t shown = std::min(keys.size(), kBusiestKeys);
    std::partial_sort(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(shown), keys.end(),
                      [](const KeyOverview& a, const KeyOverview& b) {
                          return std::tuple(b.writes + b.reads, a.contract, a.key) <
                                 std::tuple(a.writes + a.reads, b.contract, b.key);
                      });
    keys.resize(shown);
    overview.busiestKeys = std::move(keys);
}

LedgerOverview OverviewBuilder::finish(
    const verify::StateReader& state, const channel::BundlePtr& bundle,
    const std::function<std::size_t(const std::string&)>& keysOf) {
    LedgerOverview overview = std::move(m_overview);
    describeChannel(overview);
    describeContracts(overview, state, bundle, keysOf);
    if (overview.busiestKeys.empty()) describeKeys(overview);
    return overview;
}

}  // namespace chancery::usecase
