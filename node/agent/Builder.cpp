#include "node/agent/Builder.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <system_error>

#include "src/base/File.h"
#include "src/rpc/Endpoint.h"

namespace chancery::agent {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

constexpr const char* kConnection = "connection.json";
constexpr std::size_t kMaxBuilderFile = 1 << 20;

Status badConnection(std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "BAD_CONNECTION",
                     fmt::format("{} cannot be used: {}", kConnection, why));
}

Result<Json> readJson(const fs::path& path) {
    ASSIGN_OR_RETURN(const Bytes text, readFile(path, kMaxBuilderFile));
    return Json::parse(text, nullptr, false);
}

Status detect(const fs::path& metadata) {
    ASSIGN_OR_RETURN(const Json json, readJson(metadata / "metadata.json"));
    if (json.is_object() && json.contains("type") && json["type"] == "ccaas")
        return absl::OkStatus();
    return makeError(StatusCode::kFailedPrecondition, "OTHER_CONTRACT",
                     "the contract does not run as a service of its own");
}

Status checkConnection(const Bytes& text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return badConnection("it is no JSON object");
    const auto address = json.find("address");
    if (address == json.end() || !address->is_string()) return badConnection("it has no address");
    const auto endpoint = rpc::parseEndpoint(address->get<std::string>());
    if (!endpoint.ok()) return badConnection(messageOf(endpoint.status()));
    return absl::OkStatus();
}

Status put(const fs::path& folder, BytesView text) {
    std::error_code error;
    fs::create_directories(folder, error);
    return writeFileAtomically(folder / kConnection, text);
}

}  // namespace

Status runBuilder(const std::vector<std::string_view>& arguments) {
    const std::string_view step = arguments.empty() ? "" : arguments[0];
    const auto path = [&](std::size_t i) { return fs::path(arguments[i]); };
    if (step == "detect" && arguments.size() == 3) return detect(path(2));
    if (step == "build" && arguments.size() == 4) {
        ASSIGN_OR_RETURN(const Bytes text, readFile(path(1) / kConnection, kMaxBuilderFile));
        RETURN_IF_ERROR(checkConnection(text));
        return put(path(3), text);
    }
    if (step == "release" && arguments.size() == 3) {
        ASSIGN_OR_RETURN(const Bytes text, readFile(path(1) / kConnection, kMaxBuilderFile));
        return put(path(2) / "chaincode" / "server", text);
    }
    return makeError(StatusCode::kInvalidArgument, "BAD_BUILDER_CALL",
                     "a builder is called with detect, build or release and their folders");
}

}  // namespace chancery::agent
