#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::usecase {

/// "Org1" and "peer0.org1.example.com:7051".
struct AddressEdit {
    std::string organisation;  ///< name of its group
    std::string address;       ///< "host:port"
};
/// What is set, and to what; an empty value takes it away where that is possible.
struct TextEdit {
    std::string name;
    std::string value;
};

/// An organisation that is to become a member.
struct MemberEdit {
    std::string name;  ///< of its group
    MspId mspId;
    Bytes mspConfig;                     ///< msp.MSPConfig
    std::vector<std::string> anchors;    ///< "host:port"
    std::vector<std::string> endpoints;  ///< of its orderers; some: it joins /Channel/Orderer too
    /// By name, in place of the usual ones: "Admins" → "OR('Org3MSP.admin')".
    std::vector<TextEdit> policies;
};

/// The common changes of a channel's configuration, as people say them.
struct ConfigEdits {
    std::optional<std::string> batchTimeout;  ///< "2s", "500ms"
    std::optional<std::uint64_t> maxMessages;
    std::optional<std::uint64_t> absoluteMaxBytes;
    std::optional<std::uint64_t> preferredMaxBytes;
    std::vector<AddressEdit> addAnchors, removeAnchors;
    std::vector<AddressEdit> addEndpoints, removeEndpoints;
    std::vector<TextEdit> acls;          ///< resource → policy; empty: the default again
    std::vector<TextEdit> policies;      ///< path → "MAJORITY Admins" or "OR('Org1MSP.admin')"
    std::vector<TextEdit> capabilities;  ///< "channel", "orderer", "application" → "V2_5"
    std::vector<std::string> removeConsenters;  ///< "host:port"
    std::vector<MemberEdit> addMembers;
    std::vector<std::string> removeMembers;  ///< names of groups or MSP ids

    bool empty() const;
};

/// The configuration after them: common.Config with the same sequence. INVALID_ARGUMENT: BAD_EDIT
/// with `edit`, BAD_POLICY_TEXT, BAD_DURATION, BAD_NAME; NOT_FOUND: NO_SUCH_ORGANISATION,
/// NO_SUCH_ADDRESS, NO_SUCH_SECTION; ALREADY_EXISTS: MEMBER_EXISTS.
Result<Bytes> editConfig(BytesView config, const ConfigEdits& edits);

}  // namespace chancery::usecase
