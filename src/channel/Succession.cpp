#include "src/channel/Update.h"

namespace chancery::channel {
namespace {

Status refuse(std::string_view reason, std::string_view sentence, std::string path) {
    return makeError(StatusCode::kFailedPrecondition, reason, sentence,
                     {{"path", std::move(path)}});
}

template <class Orgs, class IdOf>
Status checkMspIds(const Orgs& current, const Orgs& proposed, const std::string& section,
                   IdOf idOf) {
    for (const auto& [name, organisation] : current) {
        const auto next = proposed.find(name);
        if (next == proposed.end() || idOf(next->second) == idOf(organisation)) continue;
        return refuse(
            "MSP_ID_CHANGED",
            fmt::format("organisation {} of {} would change its MSP id from {} to {}", name,
                        section, idOf(organisation).str(), idOf(next->second).str()),
            section + "/" + name + "/MSP");
    }
    return absl::OkStatus();
}

Status checkOrdererSection(const Bundle& current, const Bundle& proposed) {
    if (proposed.orderer() == nullptr)
        return refuse("SECTION_REMOVED", "the orderer section would be removed",
                      "/Channel/Orderer");
    if (!current.capabilities().channelConsensusMigration &&
        current.consensusType() != proposed.consensusType())
        return refuse("CONSENSUS_TYPE_CHANGED",
                      fmt::format("below channel capability V1_4_2 the consensus type {} cannot "
                                  "become {}",
                                  current.consensusType(), proposed.consensusType()),
                      "/Channel/Orderer/ConsensusType");
    if (!current.capabilities().consensusTypeBft && proposed.capabilities().consensusTypeBft)
        for (const auto& [name, organisation] : proposed.ordererOrganisations())
            if (organisation.endpoints.empty())
                return refuse("ENDPOINTS_MISSING",
                              fmt::format("channel capability V3_0 needs endpoints of {}", name),
                              "/Channel/Orderer/" + name + "/Endpoints");
    return checkMspIds(current.ordererOrganisations(), proposed.ordererOrganisations(),
                       "/Channel/Orderer",
                       [](const Organisation& organisation) { return organisation.mspId; });
}

}  // namespace

Status checkSuccession(const Bundle& current, const Bundle& proposed) {
    if (current.orderer() != nullptr) RETURN_IF_ERROR(checkOrdererSection(current, proposed));
    if (current.hasApplication()) {
        if (!proposed.hasApplication())
            return refuse("SECTION_REMOVED", "the application section would be removed",
                          "/Channel/Application");
        RETURN_IF_ERROR(
            checkMspIds(current.applicationOrganisations(), proposed.applicationOrganisations(),
                        "/Channel/Application",
                        [](const Organisation& organisation) { return organisation.mspId; }));
    }
    if (current.hasConsortiums() != proposed.hasConsortiums())
        return refuse(current.hasConsortiums() ? "SECTION_REMOVED" : "SECTION_ADDED",
                      "the consortiums section can neither come nor go", "/Channel/Consortiums");
    return checkMspIds(current.consortiumOrgs(), proposed.consortiumOrgs(), "/Channel/Consortiums",
                       [](const MspId& id) { return id; });
}

}  // namespace chancery::channel
