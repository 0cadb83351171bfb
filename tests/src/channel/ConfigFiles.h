#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "tests/support/Vectors.h"

namespace chancery::test {

/// A file of the vectors as a message; throws when it does not parse.
template <class M>
M vectorMessage(const std::string& relative) {
    M message;
    if (!message.ParseFromString(vectorFile(relative)))
        throw std::runtime_error("not a " + message.GetTypeName() + ": " + relative);
    return message;
}

/// The configuration transaction of a config block.
::common::ConfigEnvelope configEnvelopeOf(const ::common::Block& block);

/// The rows of facts.json's config_cases.
const std::vector<nlohmann::json>& configCases();

/// Folder of a case below config/, and its original configuration.
std::string folderOf(const nlohmann::json& row);
::common::Config originalOf(const nlohmann::json& row);

/// All files below config/ whose name ends so.
std::vector<std::string> configFilesEnding(const std::string& ending);

}  // namespace chancery::test
