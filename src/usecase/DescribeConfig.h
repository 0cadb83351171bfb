#pragma once

#include <filesystem>

#include "src/base/Status.h"
#include "src/usecase/ConfigDescription.h"

namespace common {
class Config;
}

namespace chancery::usecase {

/// Reads a channel configuration from a file.
class DescribeConfig {
public:
    /// What the configuration says. Does not refuse what a node would refuse. Errors as
    /// readConfigFile; INVALID_ARGUMENT (NO_CONFIG) for an update or an organisation, which are no
    /// whole configuration.
    Result<ConfigDescription> run(const std::filesystem::path& file) const;

    /// The file's message in configtxlator's JSON form; with `configOnly` the common.Config in it.
    Result<std::string> json(const std::filesystem::path& file, bool configOnly) const;
};

/// For use cases that have a configuration at hand.
ConfigDescription describeConfig(const ::common::Config& config);

}  // namespace chancery::usecase
