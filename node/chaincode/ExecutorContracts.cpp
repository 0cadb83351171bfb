// Of Executor: which contracts are installed and defined, and what runs where.
#include <fmt/format.h>

#include "node/chaincode/ExecutorImpl.h"
#include "src/base/Log.h"
#include "src/verify/ContractQueries.h"

namespace chancery::node {

void Executor::definitionsChanged(Channel channel) {
    m_runnable->changed(channel->channelId(), channel->height());
    {
        const std::lock_guard lock(m_mutex);
        m_channels[channel->channelId()] = channel;
    }
    m_pool->post([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->refreshReferences();
    });
}

void Executor::refreshReferences() {
    std::vector<Channel> channels;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& [id, weak] : m_channels)
            if (auto channel = weak.lock()) channels.push_back(std::move(channel));
    }
    References references;
    for (const Channel& channel : channels) {
        const auto view = channel->view();
        const auto names = view.ok() ? verify::definedContracts(**view)
                                     : Result<std::vector<std::string>>(view.status());
        if (!names.ok()) {
            log::warning("chaincode",
                         fmt::format("the definitions of {} cannot be read: {}",
                                     channel->channelId().str(), messageOf(names.status())));
            continue;
        }
        for (const std::string& name : *names) {
            const auto found = m_runnable->find(channel->channelId(), **view, name);
            if (!found.ok() || !*found || (*found)->packageId.empty()) continue;
            if (!(*found)->isApproved) continue;
            references[(*found)->packageId][channel->channelId().str()].emplace_back(
                name, (*found)->definition.version);
        }
    }
    std::vector<std::string> kept;
    for (const auto& [packageId, byChannel] : references) kept.push_back(packageId);
    {
        const std::lock_guard lock(m_mutex);
        m_references = std::move(references);
    }
    if (!m_stopped) m_hosts->keep(kept);
}

bool Executor::canRun(ExecutionChannel& channel, const std::string& contract) {
    const auto view = channel.view();
    if (!view.ok()) return false;
    const auto found = m_runnable->find(channel.channelId(), **view, contract);
    return found.ok() && *found && (*found)->isApproved && !(*found)->packageId.empty();
}

Result<std::vector<ContractIndex>> Executor::indexes(ExecutionChannel& channel,
                                                     const std::string& contract) {
    ASSIGN_OR_RETURN(const auto view, channel.view());
    ASSIGN_OR_RETURN(const auto found, m_runnable->find(channel.channelId(), *view, contract));
    if (!found || found->packageId.empty()) return std::vector<ContractIndex>();
    return m_packages->indexes(found->packageId);
}

std::vector<ContractStatus> Executor::contracts() const {
    std::vector<ContractStatus> out;
    for (const InstalledPackage& package : m_packages->list()) {
        const auto host = m_hosts->status(package.packageId);
        out.push_back({package.packageId,
                       package.label,
                       package.type,
                       host.state,
                       host.why,
                       host.memory,
                       {}});
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_references.find(package.packageId); found != m_references.end())
            out.back().references = found->second;
    }
    return out;
}

Result<InstalledPackages::Entry> Executor::install(BytesView package) {
    ASSIGN_OR_RETURN(const InstalledPackage installed, m_packages->save(package));
    m_runnable->forget();
    refreshReferences();
    const std::lock_guard lock(m_mutex);
    const auto found = m_references.find(installed.packageId);
    return Entry{installed.packageId, installed.label,
                 found == m_references.end() ? decltype(Entry::references)() : found->second};
}

Result<Bytes> Executor::package(const std::string& packageId) const {
    return m_packages->load(packageId);
}

std::vector<InstalledPackages::Entry> Executor::list() const {
    std::vector<Entry> out;
    for (const InstalledPackage& package : m_packages->list()) {
        const std::lock_guard lock(m_mutex);
        const auto found = m_references.find(package.packageId);
        out.push_back(
            {package.packageId, package.label,
             found == m_references.end() ? decltype(Entry::references)() : found->second});
    }
    return out;
}

}  // namespace chancery::node
