#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace common {
class Config;
class ConfigUpdate;
class Envelope;
}  // namespace common

namespace chancery::usecase {

/// A file that holds channel configuration in one of the forms in which Fabric's tools exchange it:
/// a config block, a CONFIG or CONFIG_UPDATE envelope, a ConfigEnvelope, a Config, a
/// ConfigUpdateEnvelope or a ConfigUpdate, each as bytes or as configtxlator's JSON; also the JSON
/// of one organisation as configtxgen prints it.
struct ConfigFile {
    std::string messageName;  ///< "common.Block"; "common.ConfigGroup" for an organisation
    Bytes bytes;              ///< that message
    std::optional<BlockNumber> block;
    ChannelId channel;                               ///< empty when the file does not say
    std::shared_ptr<const ::common::Config> config;  ///< null in updates and organisations
    std::shared_ptr<const ::common::ConfigUpdate>
        update;  ///< in updates; of a config block the one that led to it
    std::shared_ptr<const ::common::Envelope> lastUpdate;  ///< with its signatures
};

/// Finds out which of the forms it is. INVALID_ARGUMENT: NOT_CONFIG (none of them), NO_CONFIG_BLOCK
/// (a block with ordinary transactions), and the errors of decoding; NOT_FOUND and the others of
/// readFile.
Result<ConfigFile> readConfigFile(const std::filesystem::path& path);
/// The same, and INVALID_ARGUMENT (NO_CONFIG) for an update or an organisation.
Result<ConfigFile> readWholeConfig(const std::filesystem::path& path);
/// The same for bytes that are at hand; `name` stands in errors.
Result<ConfigFile> readConfig(Bytes bytes, std::string_view name);

}  // namespace chancery::usecase
