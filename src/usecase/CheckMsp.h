#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::usecase {

struct MspCheck {
    enum class Outcome { Passed, Failed, Warning };
    Outcome outcome = Outcome::Passed;
    std::string what;    ///< "Root certificate ca.alpha.pub.test"
    std::string detail;  ///< why it failed, or what was found
    std::string reason;  ///< stable, of a failure
};

/// What an identity is to the MSP.
struct MspMember {
    std::filesystem::path file;
    std::string name;  ///< common name
    bool valid = false;
    std::string why;                 ///< when it is not valid
    std::vector<std::string> roles;  ///< "member", "client" …
};

struct MspReport {
    MspId mspId;
    std::vector<MspCheck> checks;
    std::vector<std::string> roleRules;  ///< who counts as what here, one sentence each
    std::vector<MspMember> members;
    bool good() const;  ///< no check failed and every asked identity is valid
};

struct CheckMspRequest {
    std::filesystem::path folder;
    MspId mspId;
    bool channelV3 = false;  ///< rules of channel capability V3_0 (Ed25519 counts)
    std::vector<std::filesystem::path>
        identities;  ///< certificates to judge beside the folder's own
    absl::Time now;
};

/// Checks an MSP folder as a node does when it starts or loads a channel, and says for every part
/// what is good about it and what is not.
class CheckMsp {
public:
    /// An error only when there is no such folder; everything else is a failed check.
    Result<MspReport> run(const CheckMspRequest& request) const;
};

}  // namespace chancery::usecase
