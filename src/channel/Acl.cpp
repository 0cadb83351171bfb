#include "src/channel/Acl.h"

#include <algorithm>
#include <array>

namespace chancery::channel {
namespace {

struct Row {
    std::string_view resource;
    DefaultAccess access;
};

constexpr auto kAdmins = DefaultAccess::LocalAdmins;
constexpr auto kMembers = DefaultAccess::LocalMembers;
constexpr auto kWriters = DefaultAccess::Writers;
constexpr auto kReaders = DefaultAccess::Readers;
constexpr auto kCovered = DefaultAccess::CoveredByOther;

constexpr std::array kRows = {
    Row{"_lifecycle/InstallChaincode", kAdmins},
    Row{"_lifecycle/QueryInstalledChaincode", kAdmins},
    Row{"_lifecycle/GetInstalledChaincodePackage", kAdmins},
    Row{"_lifecycle/QueryInstalledChaincodes", kAdmins},
    Row{"_lifecycle/ApproveChaincodeDefinitionForMyOrg", kAdmins},
    Row{"_lifecycle/QueryApprovedChaincodeDefinition", kAdmins},
    Row{"_lifecycle/QueryApprovedChaincodeDefinitions", kAdmins},
    Row{"snapshot/submitrequest", kAdmins},
    Row{"snapshot/cancelrequest", kAdmins},
    Row{"snapshot/listpending", kAdmins},
    Row{"lscc/Install", kAdmins},
    Row{"lscc/GetInstalledChaincodes", kAdmins},
    Row{"cscc/JoinChain", kAdmins},
    Row{"cscc/JoinChainBySnapshot", kAdmins},
    Row{"cscc/JoinBySnapshotStatus", kAdmins},
    Row{"cscc/GetChannels", kMembers},
    Row{"_lifecycle/CommitChaincodeDefinition", kWriters},
    Row{"_lifecycle/QueryChaincodeDefinition", kWriters},
    Row{"_lifecycle/QueryChaincodeDefinitions", kWriters},
    Row{"_lifecycle/CheckCommitReadiness", kWriters},
    Row{"peer/Propose", kWriters},
    Row{"peer/ChaincodeToChaincode", kWriters},
    Row{"lscc/ChaincodeExists", kReaders},
    Row{"lscc/GetDeploymentSpec", kReaders},
    Row{"lscc/GetChaincodeData", kReaders},
    Row{"lscc/GetInstantiatedChaincodes", kReaders},
    Row{"lscc/GetCollectionsConfig", kReaders},
    Row{"qscc/GetChainInfo", kReaders},
    Row{"qscc/GetBlockByNumber", kReaders},
    Row{"qscc/GetBlockByHash", kReaders},
    Row{"qscc/GetTransactionByID", kReaders},
    Row{"qscc/GetBlockByTxID", kReaders},
    Row{"cscc/GetConfigBlock", kReaders},
    Row{"cscc/GetChannelConfig", kReaders},
    Row{"event/Block", kReaders},
    Row{"event/FilteredBlock", kReaders},
    Row{"gateway/CommitStatus", kReaders},
    Row{"gateway/ChaincodeEvents", kReaders},
    Row{"lscc/Deploy", kCovered},
    Row{"lscc/Upgrade", kCovered},
};

}  // namespace

DefaultAccess defaultAccess(std::string_view resource) {
    const auto row = std::find_if(kRows.begin(), kRows.end(),
                                  [&](const Row& r) { return r.resource == resource; });
    return row == kRows.end() ? DefaultAccess::Unknown : row->access;
}

const std::vector<std::string>& channelResources() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> names;
        for (const Row& row : kRows)
            if (row.access == kWriters || row.access == kReaders) names.emplace_back(row.resource);
        std::sort(names.begin(), names.end());
        return names;
    }();
    return all;
}

std::string absolutePolicyOf(std::string_view reference) {
    if (reference.empty() || reference[0] == '/') return std::string(reference);
    return "/Channel/Application/" + std::string(reference);
}

}  // namespace chancery::channel
