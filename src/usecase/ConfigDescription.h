#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Ids.h"

namespace chancery::usecase {

/// A certificate authority that an organisation brings in.
struct AuthorityDescription {
    std::string name;  ///< common name, or the whole subject
    std::optional<absl::Time> notAfter;
    bool intermediate = false;
};

struct OrganisationDescription {
    std::string name;  ///< of its group
    std::string path;
    MspId mspId;
    bool application = false;
    bool orderer = false;
    std::vector<AuthorityDescription> authorities;
    std::size_t administrators = 0;  ///< certificates listed as such
    std::size_t revocationLists = 0;
    bool nodeOus = false;  ///< roles are told by the organizational unit
    std::vector<std::string> anchorPeers;
    std::vector<std::string> endpoints;
    std::string problem;  ///< why the MSP could not be read; empty when it could
};

struct PolicyRow {
    std::string path;  ///< "/Channel/Application/Writers"
    std::string text;
};

/// A channel configuration for a person.
struct ConfigDescription {
    std::string messageName;  ///< of the file: "common.Block" …
    std::optional<BlockNumber> block;
    std::string channel;
    std::uint64_t sequence = 0;
    std::string consensus;  ///< "etcdraft", "BFT"
    bool maintenance = false;
    std::vector<std::string> consenters;  ///< "host:port"
    std::string batchTimeout;             ///< as it stands, "2s"
    std::uint32_t batchMaxCount = 0;
    std::uint32_t batchMaxBytes = 0;
    std::uint32_t batchPreferredBytes = 0;
    std::vector<std::string>
        ordererAddresses;  ///< of the whole channel (before they were given per organisation)
    std::vector<std::string> channelCapabilities, ordererCapabilities, applicationCapabilities;
    std::vector<OrganisationDescription> organisations;
    std::vector<PolicyRow> policies;
    std::vector<std::pair<std::string, std::string>> acls;  ///< resource and policy
    std::vector<std::string> problems;                      ///< elements that cannot be read
};

}  // namespace chancery::usecase
