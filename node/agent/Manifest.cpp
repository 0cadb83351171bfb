#include "node/agent/Manifest.h"

#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"

namespace chancery::agent {
namespace {

using Json = nlohmann::ordered_json;

std::string textOf(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flagOf(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_boolean() && found->get<bool>();
}

std::map<std::string, std::string> textsOf(const Json& json, const char* name) {
    std::map<std::string, std::string> texts;
    const auto found = json.find(name);
    if (found == json.end() || !found->is_object()) return texts;
    for (const auto& [key, value] : found->items())
        if (value.is_string()) texts[key] = value.get<std::string>();
    return texts;
}

std::string dump(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Manifest manifestOf(const Plan& plan) {
    Manifest manifest{.name = plan.name,
                      .kind = plan.kind,
                      .engine = plan.engine,
                      .version = plan.version,
                      .endpoints = plan.endpoints,
                      .labels = plan.labels,
                      .startsWithAgent = plan.startsWithAgent,
                      .files = {},
                      .planSha256 = {}};
    for (const auto& [path, file] : plan.files)
        manifest.files[path] = {toHex(crypto::sha256(file.content)), file.isSecret};
    return manifest;
}

std::string toJson(const Manifest& manifest) {
    Json json{{"network", manifest.name.network},
              {"node", manifest.name.node},
              {"kind", manifest.kind},
              {"engine", manifest.engine},
              {"version", manifest.version},
              {"endpoints", manifest.endpoints},
              {"labels", manifest.labels},
              {"startsWithAgent", manifest.startsWithAgent},
              {"plan", manifest.planSha256}};
    Json files = Json::object();
    for (const auto& [path, file] : manifest.files)
        files[path] = {{"sha256", file.sha256}, {"secret", file.isSecret}};
    json["files"] = std::move(files);
    return dump(json);
}

Result<Manifest> manifestFromJson(const std::string& text) {
    const Json json = Json::parse(text, nullptr, false);
    const auto damaged = [](std::string_view what) {
        return makeError(StatusCode::kDataLoss, "MANIFEST_DAMAGED",
                         "the agent's manifest of a node is damaged: " + std::string(what));
    };
    if (!json.is_object()) return damaged("it is no JSON object");
    Manifest manifest{.name = {},
                      .kind = textOf(json, "kind"),
                      .engine = textOf(json, "engine"),
                      .version = textOf(json, "version"),
                      .endpoints = textsOf(json, "endpoints"),
                      .labels = textsOf(json, "labels"),
                      .startsWithAgent = flagOf(json, "startsWithAgent"),
                      .files = {},
                      .planSha256 = textOf(json, "plan")};
    const auto name = makeNodeName(textOf(json, "network"), textOf(json, "node"));
    if (!name.ok() || !isName(manifest.engine) || manifest.kind.empty())
        return damaged("it does not say which node it is of");
    manifest.name = *name;
    const auto files = json.find("files");
    if (files == json.end() || !files->is_object()) return damaged("there are no files");
    for (const auto& [path, file] : files->items()) {
        if (!checkPath(path).ok() || !file.is_object()) return damaged("a path is none");
        manifest.files[path] = {textOf(file, "sha256"), flagOf(file, "secret")};
    }
    return manifest;
}

std::string toJson(const Remembered& remembered) {
    Json json{{"wanted", remembered.isWanted}};
    if (const auto& exit = remembered.lastExit)
        json["lastExit"] = {{"micros", absl::ToUnixMicros(exit->when)},
                            {"sentence", exit->sentence},
                            {"expected", exit->isExpected},
                            {"lastLines", exit->lastLines}};
    return dump(json);
}

Remembered rememberedFromJson(const std::string& text) {
    Remembered remembered;
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return remembered;
    remembered.isWanted = flagOf(json, "wanted");
    const auto found = json.find("lastExit");
    if (found == json.end() || !found->is_object()) return remembered;
    LastExit exit;
    const auto micros = found->find("micros");
    if (micros != found->end() && micros->is_number_integer())
        exit.when = absl::FromUnixMicros(micros->get<std::int64_t>());
    exit.sentence = textOf(*found, "sentence");
    exit.isExpected = flagOf(*found, "expected");
    const auto lines = found->find("lastLines");
    if (lines != found->end() && lines->is_array())
        for (const auto& line : *lines)
            if (line.is_string()) exit.lastLines.push_back(line.get<std::string>());
    remembered.lastExit = std::move(exit);
    return remembered;
}

}  // namespace chancery::agent
