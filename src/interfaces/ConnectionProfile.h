#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/interfaces/CertificateAuthority.h"
#include "src/interfaces/NodeAddress.h"

namespace chancery::interfaces {

/// A common connection profile, as Fabric's SDKs read it: which nodes there are and whose.
struct ConnectionProfile {
    struct Organisation {
        MspId mspId;
        std::vector<std::string> peers;
        std::vector<std::string> authorities;
        friend bool operator==(const Organisation&, const Organisation&) = default;
    };
    struct Channel {
        std::vector<std::string> orderers;
        std::vector<std::string> peers;
        friend bool operator==(const Channel&, const Channel&) = default;
    };

    struct Authority {
        CaAddress address;      ///< certificates and a server name of its own are not in profiles
        std::string registrar;  ///< who registers others there; its secret is never in a profile
        friend bool operator==(const Authority&, const Authority&) = default;
    };

    std::string name;
    std::string clientOrganisation;  ///< of whom the profile was made for; may be empty
    std::map<std::string, Organisation> organisations;
    std::map<std::string, NodeAddress> peers;
    std::map<std::string, NodeAddress> orderers;
    std::map<ChannelId, Channel> channels;
    std::map<std::string, Authority> authorities = {};

    friend bool operator==(const ConnectionProfile&, const ConnectionProfile&) = default;
};

/// JSON or YAML; `tlsCACerts` as `pem` or as `path`, which counts from `folder`. What SDKs know
/// besides, and names that begin with "x-", are passed over. INVALID_ARGUMENT: BAD_PROFILE with
/// `path` inside the profile, `line` and `column`, also for names that nobody knows or that stand
/// twice; PLAINTEXT_REFUSED for `grpc://` and `http://`; RESOURCE_EXHAUSTED (FILE_TOO_LARGE) above
/// a MiB; errors of the files it names.
Result<ConnectionProfile> readConnectionProfile(BytesView text,
                                                const std::filesystem::path& folder);
Result<ConnectionProfile> readConnectionProfileFile(const std::filesystem::path& file);

/// With all certificates inside; what the reader above gives back.
std::string toJson(const ConnectionProfile& profile);
std::string toYaml(const ConnectionProfile& profile);

}  // namespace chancery::interfaces
