#include "node/chaincode/RunnableContracts.h"

#include "src/crypto/Digest.h"
#include "src/verify/ContractQueries.h"

namespace chancery::node {

using protocol::kLifecycleNamespace;
using protocol::LifecycleKey;

Result<RunnableContractPtr> RunnableContracts::find(const ChannelId& channel, const StateView& view,
                                                    const std::string& contract) {
    std::uint64_t installs = 0;
    {
        const std::lock_guard lock(m_mutex);
        const auto changed = m_changedAt.find(channel);
        // A view that is older than the last change is answered from itself.
        const bool isCurrent = changed != m_changedAt.end() && view.height() >= changed->second;
        if (isCurrent)
            if (const auto known = m_known.find({channel, contract}); known != m_known.end())
                return known->second;
        installs = m_installs;
    }
    ASSIGN_OR_RETURN(auto found, read(view, contract));
    const std::lock_guard lock(m_mutex);
    const auto changed = m_changedAt.find(channel);
    if (found && installs == m_installs && changed != m_changedAt.end() &&
        view.height() >= changed->second)
        m_known[{channel, contract}] = found;
    return found;
}

Result<RunnableContractPtr> RunnableContracts::read(const StateView& view,
                                                    const std::string& contract) const {
    auto definition = verify::definitionOf(contract, view);
    RETURN_IF_ERROR(definition.status());
    if (!*definition) return RunnableContractPtr();
    auto out = std::make_shared<RunnableContract>();
    out->definition = **std::move(definition);
    const std::string ns =
        verify::hashedNamespace(kLifecycleNamespace, protocol::implicitCollectionName(m_mspId));
    Status failure;
    const auto hashOf = [&](BytesView keyHash) -> std::optional<Bytes> {
        auto value = view.get(ns, keyHash);
        if (!value.ok()) failure = value.status();
        if (!value.ok() || !*value) return std::nullopt;
        return std::move((*value)->value);
    };
    out->isApproved = protocol::isApproved(contract, out->definition, hashOf);
    const auto source = hashOf(crypto::sha256(
        LifecycleKey{LifecycleKey::Kind::Source, contract, out->definition.sequence, "PackageID"}
            .str()));
    RETURN_IF_ERROR(failure);
    if (source)
        for (const InstalledPackage& package : m_packages->list())
            if (crypto::sha256(protocol::encodeStateString(package.packageId)) == *source)
                out->packageId = package.packageId;
    return RunnableContractPtr(std::move(out));
}

void RunnableContracts::changed(const ChannelId& channel, BlockNumber height) {
    const std::lock_guard lock(m_mutex);
    m_changedAt[channel] = height;
    std::erase_if(m_known, [&](const auto& entry) { return entry.first.first == channel; });
}

void RunnableContracts::forget() {
    const std::lock_guard lock(m_mutex);
    ++m_installs;
    m_known.clear();
}

}  // namespace chancery::node
