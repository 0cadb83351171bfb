#include "tests/src/channel/ConfigFiles.h"

#include <algorithm>

namespace chancery::test {

::common::ConfigEnvelope configEnvelopeOf(const ::common::Block& block) {
    ::common::Envelope envelope;
    ::common::Payload payload;
    ::common::ConfigEnvelope config;
    if (block.data().data_size() != 1 || !envelope.ParseFromString(block.data().data(0)) ||
        !payload.ParseFromString(envelope.payload()) || !config.ParseFromString(payload.data()))
        throw std::runtime_error("not a config block");
    return config;
}

const std::vector<nlohmann::json>& configCases() {
    static const auto all = facts().at("config_cases").get<std::vector<nlohmann::json>>();
    return all;
}

std::string folderOf(const nlohmann::json& row) {
    return "config/" + row.at("case").get<std::string>();
}

::common::Config originalOf(const nlohmann::json& row) {
    return vectorMessage<::common::Config>("config/" + row.at("channel").get<std::string>() + "/" +
                                           row.at("original").get<std::string>());
}

std::vector<std::string> configFilesEnding(const std::string& ending) {
    std::vector<std::string> files;
    const auto root = vectorPath("config");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        const std::string name = std::filesystem::relative(entry.path(), vectorPath("")).string();
        if (entry.is_regular_file() && name.size() >= ending.size() &&
            name.compare(name.size() - ending.size(), ending.size(), ending) == 0)
            files.push_back(name);
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace chancery::test
