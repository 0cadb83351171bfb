#include "tests/bench/Members.h"

#include "tests/support/Vectors.h"

namespace chancery::bench {

Result<std::shared_ptr<const identity::MspSet>> membersOfVectors() {
    std::vector<identity::MspPtr> msps;
    for (const auto& [folder, mspId] :
         {std::pair{"peerOrganizations/alpha.pub.test", "AlphaMSP"},
          {"peerOrganizations/beta.pub.test", "BetaMSP"},
          {"peerOrganizations/gamma.pub.test", "GammaMSP"},
          {"peerOrganizations/legacy.pub.test", "LegacyMSP"},
          {"ordererOrganizations/orderers.pub.test", "OrdererPubMSP"}}) {
        ASSIGN_OR_RETURN(identity::MspPtr msp,
                         identity::Msp::fromFolder(test::vectorPath("msp") / folder / "msp",
                                                   MspId(mspId), identity::MspVersion::V1_4_3));
        msps.push_back(std::move(msp));
    }
    return std::make_shared<const identity::MspSet>(std::move(msps));
}

Result<identity::SigningIdentityPtr> memberOfVectors(const std::string& folder,
                                                     const std::string& mspId) {
    return identity::loadSigningIdentity(test::vectorPath("msp") / folder / "msp", MspId(mspId));
}

}  // namespace chancery::bench
