#include "src/interfaces/ConnectionProfile.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/base/File.h"

namespace chancery::interfaces {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxProfile = 1U << 20;
constexpr std::size_t kMaxNodes = 10'000;
constexpr std::size_t kMaxMarks = 50'000;
constexpr int kMaxDepth = 32;

Status bad(const std::string& path, std::string_view what) {
    return makeError(StatusCode::kInvalidArgument, "BAD_PROFILE",
                     fmt::format("connection profile: {}: {}", path, what), {{"path", path}});
}

/// A YAML document as JSON, so that one reader serves both. Numbers and booleans stay text.
/// Aliases count for what they stand for, so that a bomb of them ends at the limit.
class YamlConverter {
public:
    Result<Json> convert(const YAML::Node& node, int depth = 0) {
        if (depth > kMaxDepth || ++m_nodes > kMaxNodes) return bad("/", "too deep or too large");
        if (node.IsMap()) {
            Json object = Json::object();
            for (const auto& entry : node) {
                if (!entry.first.IsScalar()) return bad("/", "a key is not a text");
                const std::string key = entry.first.Scalar();
                if (object.contains(key)) return bad("/" + printable(key), "stands there twice");
                ASSIGN_OR_RETURN(object[key], convert(entry.second, depth + 1));
            }
            return object;
        }
        if (node.IsSequence()) {
            Json list = Json::array();
            for (const auto& entry : node) {
                ASSIGN_OR_RETURN(auto value, convert(entry, depth + 1));
                list.push_back(std::move(value));
            }
            return list;
        }
        return node.IsScalar() ? Json(node.Scalar()) : Json();
    }

private:
    std::size_t m_nodes = 0;
};

/// Before anything is allocated: brackets within brackets, and everything that begins an entry.
Status checkShape(BytesView text) {
    std::size_t marks = 0;
    int depth = 0;
    for (const char c : text) {
        if (c == '[' || c == '{') ++depth;
        if (c == ']' || c == '}') --depth;
        if (std::string_view("[]{},:&*?\n\"'").find(c) != std::string_view::npos) ++marks;
        if (depth > kMaxDepth || marks > kMaxMarks) return bad("/", "too deep or too large");
    }
    return absl::OkStatus();
}

Result<Json> parseText(BytesView text) {
    RETURN_IF_ERROR(checkShape(text));
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_object()) return json;
    try {
        return YamlConverter().convert(YAML::Load(std::string(text)));
    } catch (const YAML::Exception& error) {
        return bad(fmt::format("line {}, column {}", error.mark.line + 1, error.mark.column + 1),
                   "neither JSON nor YAML");
    }
}

/// Walks a profile and remembers the first thing that is not as it should be.
class Reader {
public:
    explicit Reader(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    Result<ConnectionProfile> read(const Json& root) {
        ConnectionProfile profile;
        if (!root.is_object()) return bad("/", "is not an object");
        profile.name = text(root, "name");
        if (const Json* client = object(root, "client", "/client"))
            profile.clientOrganisation = text(*client, "organization");
        forEach(root, "organizations", [&](const std::string& name, const Json& value) {
            profile.organisations[name] = {.mspId = MspId(text(value, "mspid")),
                                           .peers = texts(value, "peers"),
                                           .authorities = texts(value, "certificateAuthorities")};
        });
        forEach(root, "peers", [&](const std::string& name, const Json& value) {
            profile.peers[name] = address(name, value, "/peers/" + name);
        });
        forEach(root, "orderers", [&](const std::string& name, const Json& value) {
            profile.orderers[name] = address(name, value, "/orderers/" + name);
        });
        forEach(root, "certificateAuthorities", [&](const std::string& name, const Json& value) {
            profile.authorities[name] = authority(value, "/certificateAuthorities/" + name);
        });
        forEach(root, "channels", [&](const std::string& name, const Json& value) {
            ConnectionProfile::Channel channel{.orderers = texts(value, "orderers"), .peers = {}};
            if (const Json* peers = object(value, "peers", "/channels/" + name + "/peers"))
                for (const auto& [peer, roles] : peers->items()) channel.peers.push_back(peer);
            profile.channels[ChannelId(name)] = std::move(channel);
        });
        RETURN_IF_ERROR(m_status);
        return profile;
    }

private:
    void fail(Status status) {
        if (m_status.ok()) m_status = std::move(status);
    }

    static std::string text(const Json& from, const char* name) {
        const auto found = from.find(name);
        return found != from.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string();
    }
    static std::vector<std::string> texts(const Json& from, const char* name) {
        std::vector<std::string> all;
        if (const auto found = from.find(name); found != from.end() && found->is_array())
            for (const Json& entry : *found)
                if (entry.is_string()) all.push_back(entry.get<std::string>());
        return all;
    }
    const Json* object(const Json& from, const char* name, const std::string& path) {
        const auto found = from.find(name);
        if (found == from.end() || found->is_null()) return nullptr;
        if (found->is_object()) return &*found;
        fail(bad(printable(path), "is not an object"));
        return nullptr;
    }
    template <class Take>
    void forEach(const Json& root, const char* section, Take&& take) {
        const Json* entries = object(root, section, std::string("/") + section);
        if (entries == nullptr) return;
        for (const auto& [name, value] : entries->items()) {
            if (value.is_object())
                take(name, value);
            else
                fail(bad(printable(fmt::format("/{}/{}", section, name)), "is not an object"));
        }
    }

    /// "grpcs://host:port", or without the scheme.
    std::string endpointOf(const std::string& url, std::string_view wanted,
                           const std::string& path) {
        const std::size_t scheme = url.find("://");
        if (scheme != std::string::npos && url.substr(0, scheme) != wanted) {
            fail(makeError(StatusCode::kInvalidArgument, "PLAINTEXT_REFUSED",
                           fmt::format("{}: connections without TLS are not made", printable(path)),
                           {{"path", path}}));
            return {};
        }
        std::string endpoint = scheme == std::string::npos ? url : url.substr(scheme + 3);
        if (const auto parts = splitEndpoint(endpoint); !parts.ok())
            fail(bad(printable(path + "/url"), messageOf(parts.status())));
        return endpoint;
    }

    std::string rootsIn(const Json& value, const std::string& path) {
        const Json* roots = object(value, "tlsCACerts", path + "/tlsCACerts");
        if (roots == nullptr) return {};
        std::string all = text(*roots, "pem");
        for (const std::string& pem : texts(*roots, "pem")) all += pem;
        const std::string file = text(*roots, "path");
        if (!all.empty() || file.empty()) return all;
        auto pem = readFile(m_folder / file, kMaxProfile);
        if (pem.ok()) return *std::move(pem);
        fail(withContext(pem.status(), printable(path + "/tlsCACerts/path")));
        return {};
    }

    NodeAddress address(const std::string& name, const Json& value, const std::string& path) {
        NodeAddress node{.name = name, .endpoint = {}, .tlsRootsPem = {}, .serverName = {}};
        node.endpoint = endpointOf(text(value, "url"), "grpcs", path);
        if (const Json* options = object(value, "grpcOptions", path + "/grpcOptions")) {
            node.serverName = text(*options, "ssl-target-name-override");
            if (node.serverName.empty()) node.serverName = text(*options, "hostnameOverride");
        }
        node.tlsRootsPem = rootsIn(value, path);
        return node;
    }

    ConnectionProfile::Authority authority(const Json& value, const std::string& path) {
        ConnectionProfile::Authority read;
        std::string url = text(value, "url");
        if (url.ends_with('/')) url.pop_back();
        read.address.endpoint = endpointOf(url, "https", path);
        read.address.caName = text(value, "caName");
        if (const auto names = texts(value, "caName"); !names.empty())
            read.address.caName = names.front();
        read.address.tlsRootsPem = rootsIn(value, path);
        // One, or a list.
        const auto registrar = value.find("registrar");
        const Json* first = registrar == value.end()                       ? nullptr
                            : registrar->is_array() && !registrar->empty() ? &registrar->front()
                                                                           : &*registrar;
        if (first != nullptr && first->is_object()) read.registrar = text(*first, "enrollId");
        return read;
    }

    const std::filesystem::path m_folder;
    Status m_status = absl::OkStatus();
};

Json toJsonNode(const NodeAddress& node) {
    Json value{{"url", "grpcs://" + node.endpoint},
               {"tlsCACerts", {{"pem", node.tlsRootsPem}}},
               {"grpcOptions", Json::object()}};
    if (!node.serverName.empty())
        value["grpcOptions"] = {{"ssl-target-name-override", node.serverName},
                                {"hostnameOverride", node.serverName}};
    return value;
}

/// As the samples of Fabric have it, which hand the list on to fabric-ca-client.
Json toJsonNode(const ConnectionProfile::Authority& authority) {
    Json value{{"url", "https://" + authority.address.endpoint},
               {"caName", authority.address.caName},
               {"tlsCACerts", {{"pem", Json::array({authority.address.tlsRootsPem})}}},
               {"httpOptions", {{"verify", true}}}};
    if (!authority.registrar.empty())
        value["registrar"] = Json::array({{{"enrollId", authority.registrar}}});
    return value;
}

Json toJsonValue(const ConnectionProfile& profile) {
    Json root{{"name", profile.name}, {"version", "1.0.0"}};
    if (!profile.clientOrganisation.empty())
        root["client"] = {
            {"organization", profile.clientOrganisation},
            {"connection", {{"timeout", {{"peer", {{"endorser", "300"}}}, {"orderer", "300"}}}}}};
    for (const auto& [name, channel] : profile.channels) {
        Json& made = root["channels"][name.str()];
        made["orderers"] = channel.orderers;
        made["peers"] = Json::object();
        for (const std::string& peer : channel.peers)
            made["peers"][peer] = {{"endorsingPeer", true},
                                   {"chaincodeQuery", true},
                                   {"ledgerQuery", true},
                                   {"eventSource", true}};
    }
    for (const auto& [name, organisation] : profile.organisations) {
        Json& made = root["organizations"][name];
        made = {{"mspid", organisation.mspId.str()}, {"peers", organisation.peers}};
        if (!organisation.authorities.empty())
            made["certificateAuthorities"] = organisation.authorities;
    }
    for (const auto& [name, node] : profile.orderers) root["orderers"][name] = toJsonNode(node);
    for (const auto& [name, node] : profile.peers) root["peers"][name] = toJsonNode(node);
    for (const auto& [name, authority] : profile.authorities)
        root["certificateAuthorities"][name] = toJsonNode(authority);
    return root;
}

void emit(YAML::Emitter& out, const Json& value) {
    if (value.is_object()) {
        if (value.empty()) out << YAML::Flow;
        out << YAML::BeginMap;
        for (const auto& [name, inner] : value.items()) {
            out << YAML::Key << name << YAML::Value;
            emit(out, inner);
        }
        out << YAML::EndMap;
    } else if (value.is_array()) {
        if (value.empty()) out << YAML::Flow;
        out << YAML::BeginSeq;
        for (const Json& inner : value) emit(out, inner);
        out << YAML::EndSeq;
    } else if (value.is_boolean()) {
        out << value.get<bool>();
    } else {
        const auto text = value.get<std::string>();
        if (text.find('\n') != std::string::npos)
            out << YAML::Literal << text;
        else if (text.find_first_not_of("0123456789.") == std::string::npos)
            out << YAML::DoubleQuoted << text;
        else
            out << text;
    }
}

}  // namespace

Result<ConnectionProfile> readConnectionProfile(BytesView text,
                                                const std::filesystem::path& folder) {
    if (text.size() > kMaxProfile)
        return makeError(StatusCode::kResourceExhausted, "FILE_TOO_LARGE",
                         "a connection profile has at most a MiB");
    ASSIGN_OR_RETURN(const Json root, parseText(text));
    return Reader(folder).read(root);
}

Result<ConnectionProfile> readConnectionProfileFile(const std::filesystem::path& file) {
    ASSIGN_OR_RETURN(const Bytes text, readFile(file, kMaxProfile));
    return readConnectionProfile(text, file.parent_path());
}

std::string toJson(const ConnectionProfile& profile) {
    return toJsonValue(profile).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string toYaml(const ConnectionProfile& profile) {
    YAML::Emitter out;
    emit(out, toJsonValue(profile));
    return std::string(out.c_str(), out.size()) + "\n";
}

}  // namespace chancery::interfaces
