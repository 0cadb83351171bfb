#include "src/identity/Msp.h"

#include <fmt/format.h>

#include <mutex>

#include "fabric/msp/identities.pb.h"
#include "src/base/Encoding.h"
#include "src/identity/X509Msp.h"
#include "src/wire/FieldScanner.h"
#include "src/wire/Parse.h"

namespace chancery::identity {
namespace {

constexpr int kFabricType = 0;
constexpr int kIdemixType = 1;

// MSPs that are alive, by what they were made from: configuration blocks repeat the MSPs of most
// organisations unchanged, and a shared object keeps its verdicts.
class LiveMsps {
public:
    MspPtr find(const Bytes& key) {
        const std::lock_guard lock(m_mutex);
        const auto found = m_msps.find(key);
        return found == m_msps.end() ? nullptr : found->second.lock();
    }
    void insert(const Bytes& key, const MspPtr& msp) {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_msps, [](const auto& entry) { return entry.second.expired(); });
        m_msps[key] = msp;
    }

private:
    std::mutex m_mutex;
    std::map<Bytes, std::weak_ptr<const Msp>> m_msps;
};

LiveMsps& liveMsps() {
    static LiveMsps msps;
    return msps;
}

}  // namespace

Result<MspPtr> Msp::fromConfig(const ::msp::MSPConfig& config, MspVersion version) {
    if (config.type() == kIdemixType)
        return makeError(StatusCode::kUnimplemented, "IDEMIX_UNSUPPORTED",
                         "the MSP is of type Idemix, whose identities cannot be judged here");
    if (config.type() != kFabricType)
        return makeError(StatusCode::kInvalidArgument, "UNKNOWN_MSP_TYPE",
                         fmt::format("the MSP type {} is not known", config.type()));
    const Bytes key = crypto::sha256({config.config(), fmt::to_string(int(version))});
    if (MspPtr live = liveMsps().find(key)) return live;
    ASSIGN_OR_RETURN(auto message,
                     wire::parse<::msp::FabricMSPConfig>(config.config(), "MSPConfig.config"));
    ASSIGN_OR_RETURN(MspPtr msp, X509Msp::make(std::move(message), version));
    liveMsps().insert(key, msp);
    return msp;
}

Result<MspPtr> Msp::fromFolder(const std::filesystem::path& folder, const MspId& mspId,
                               MspVersion version) {
    ASSIGN_OR_RETURN(const ::msp::MSPConfig config, readMspFolder(folder, mspId));
    return fromConfig(config, version);
}

MspSet::MspSet(std::vector<MspPtr> msps) {
    for (MspPtr& msp : msps) {
        const MspId id = msp->mspId();
        m_msps.insert_or_assign(id, std::move(msp));
    }
}

MspPtr MspSet::find(const MspId& mspId) const {
    const auto found = m_msps.find(mspId);
    return found == m_msps.end() ? nullptr : found->second;
}

std::vector<MspId> MspSet::ids() const {
    std::vector<MspId> ids;
    for (const auto& [id, msp] : m_msps) ids.push_back(id);
    return ids;
}

Result<IdentityPtr> MspSet::deserialize(BytesView serializedIdentity) const {
    // Only looks for the name; the MSP, which may know these bytes, reads the rest.
    const auto name = wire::lastField(serializedIdentity, 1);
    if (name)
        for (const auto& [id, msp] : m_msps)
            if (id.str() == *name) return msp->deserialize(serializedIdentity);
    ASSIGN_OR_RETURN(const auto message,
                     wire::parse<::msp::SerializedIdentity>(serializedIdentity, "identity"));
    return makeError(StatusCode::kUnauthenticated, "UNKNOWN_MSP",
                     fmt::format("there is no MSP '{}' here", printable(message.mspid(), 128)),
                     {{"msp", message.mspid()}});
}

Status MspSet::validate(const Identity& identity) const {
    const MspPtr msp = find(identity.mspId());
    if (msp) return msp->validate(identity);
    return makeError(
        StatusCode::kUnauthenticated, "UNKNOWN_MSP",
        fmt::format("there is no MSP '{}' here", printable(identity.mspId().str(), 128)),
        {{"msp", identity.mspId().str()}});
}

Status MspSet::satisfies(const Identity& identity, const ::common::MSPPrincipal& principal) const {
    const MspPtr msp = find(identity.mspId());
    if (msp) return msp->satisfies(identity, principal);
    return makeError(
        StatusCode::kPermissionDenied, "UNKNOWN_MSP",
        fmt::format("there is no MSP '{}' here", printable(identity.mspId().str(), 128)),
        {{"msp", identity.mspId().str()}});
}

bool MspSet::isPrincipal(const Identity& identity, const ::common::MSPPrincipal& principal) const {
    const auto found = m_msps.find(identity.mspId());
    return found != m_msps.end() && found->second->isPrincipal(identity, principal);
}

}  // namespace chancery::identity
