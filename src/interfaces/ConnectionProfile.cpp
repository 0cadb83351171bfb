#include "src/interfaces/ConnectionProfile.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "src/base/Encoding.h"
#include "src/base/File.h"

namespace chancery::interfaces {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxProfile = 1U << 20;
constexpr std::size_t kMaxNodes = 10'000;
constexpr std::size_t kMaxMarks = 50'000;
constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxShown = 256;

/// Where something stands in the text.
struct Place {
    int line = 0, column = 0;  // from 1 on; 0: not known
};
using Places = std::map<std::string, Place>;  // by path

Status refusal(std::string_view reason, const std::string& path, const Place& place,
               std::string_view what) {
    ErrorArguments arguments{{"path", path}};
    std::string where = printable(path, kMaxShown);
    if (place.line > 0) {
        where = fmt::format("line {}, column {}: {}", place.line, place.column, where);
        arguments.emplace_back("line", std::to_string(place.line));
        arguments.emplace_back("column", std::to_string(place.column));
    }
    return makeError(StatusCode::kInvalidArgument, reason,
                     fmt::format("connection profile: {}: {}", where, what), std::move(arguments));
}

Status bad(const std::string& path, const Place& place, std::string_view what) {
    return refusal("BAD_PROFILE", path, place, what);
}

/// A YAML document as JSON, so that one reader serves both; JSON is read as YAML too, which knows
/// places. Numbers and booleans stay text. Aliases count for what they stand for, so that a bomb of
/// them ends at the limit.
class YamlConverter {
public:
    explicit YamlConverter(Places& places) : m_places(places) {}

    Result<Json> convert(const YAML::Node& node, const std::string& path = {}, int depth = 0) {
        const Place place = placeOf(node);
        if (depth > kMaxDepth || ++m_nodes > kMaxNodes)
            return bad(shown(path), place, "too deep or too large");
        m_places[path] = place;
        if (node.IsMap()) {
            Json object = Json::object();
            for (const auto& entry : node) {
                if (!entry.first.IsScalar())
                    return bad(shown(path), placeOf(entry.first), "a key is not a text");
                const std::string key = entry.first.Scalar();
                const std::string inner = path + "/" + key;
                if (object.contains(key))
                    return bad(inner, placeOf(entry.first), "stands there twice");
                ASSIGN_OR_RETURN(object[key], convert(entry.second, inner, depth + 1));
                m_places[inner] = placeOf(entry.first);
            }
            return object;
        }
        if (node.IsSequence()) {
            Json list = Json::array();
            for (const auto& entry : node) {
                ASSIGN_OR_RETURN(
                    auto value, convert(entry, fmt::format("{}/{}", path, list.size()), depth + 1));
                list.push_back(std::move(value));
            }
            return list;
        }
        return node.IsScalar() ? Json(node.Scalar()) : Json();
    }

private:
    static std::string shown(const std::string& path) { return path.empty() ? "/" : path; }
    static Place placeOf(const YAML::Node& node) {
        return {node.Mark().line + 1, node.Mark().column + 1};
    }

    Places& m_places;
    std::size_t m_nodes = 0;
};

/// Before anything is allocated: brackets within brackets, and everything that begins an entry.
Status checkShape(BytesView text) {
    std::size_t marks = 0;
    int depth = 0;
    Place at{1, 0};
    for (const char c : text) {
        ++at.column;
        if (c == '\n') at = {at.line + 1, 0};
        if (c == '[' || c == '{') ++depth;
        if (c == ']' || c == '}') --depth;
        if (std::string_view("[]{},:&*?\n\"'").find(c) != std::string_view::npos) ++marks;
        if (depth > kMaxDepth || marks > kMaxMarks) return bad("/", at, "too deep or too large");
    }
    return absl::OkStatus();
}

Result<Json> parseText(BytesView text, Places& places) {
    RETURN_IF_ERROR(checkShape(text));
    try {
        return YamlConverter(places).convert(YAML::Load(std::string(text)));
    } catch (const YAML::Exception& error) {
        return bad("/", {error.mark.line + 1, error.mark.column + 1}, "neither JSON nor YAML");
    }
}

/// What SDKs of Fabric know. Names that begin with "x-" are anybody's.
using Names = std::span<const std::string_view>;
constexpr std::string_view kRootNames[] = {
    "name",          "version",       "description", "license", "client",
    "channels",      "organizations", "orderers",    "peers",   "certificateAuthorities",
    "entityMatchers"};
constexpr std::string_view kClientNames[] = {"organization", "connection", "credentialStore",
                                             "cryptoconfig", "logging",    "tlsCerts",
                                             "BCCSP",        "options"};
constexpr std::string_view kOrganisationNames[] = {
    "mspid",        "peers",           "certificateAuthorities", "cryptoPath",
    "users",        "adminPrivateKey", "adminPrivateKeyPEM",     "signedCert",
    "signedCertPEM"};
constexpr std::string_view kNodeNames[] = {"url", "eventUrl", "grpcOptions", "tlsCACerts"};
constexpr std::string_view kAuthorityNames[] = {"url",        "caName",    "httpOptions",
                                                "tlsCACerts", "registrar", "grpcOptions"};
constexpr std::string_view kChannelNames[] = {"orderers", "peers", "chaincodes", "policies"};
constexpr std::string_view kChannelPeerNames[] = {"endorsingPeer", "chaincodeQuery", "ledgerQuery",
                                                  "eventSource", "discover"};
constexpr std::string_view kRootsNames[] = {"pem", "path", "client"};

/// Walks a profile and remembers the first thing that is not as it should be.
class Reader {
public:
    Reader(std::filesystem::path folder, const Places& places)
        : m_folder(std::move(folder)), m_places(places) {}

    Result<ConnectionProfile> read(const Json& root) {
        ConnectionProfile profile;
        if (!root.is_object()) return bad("/", placeOf(""), "is not an object");
        checkNames(root, kRootNames, "");
        profile.name = text(root, "name", "");
        if (const Json* client = object(root, "client", "/client")) {
            checkNames(*client, kClientNames, "/client");
            profile.clientOrganisation = text(*client, "organization", "/client");
        }
        forEach(root, "organizations", kOrganisationNames,
                [&](const std::string& name, const Json& value, const std::string& path) {
                    profile.organisations[name] = {
                        .mspId = MspId(text(value, "mspid", path)),
                        .peers = texts(value, "peers", path),
                        .authorities = texts(value, "certificateAuthorities", path)};
                });
        forEach(root, "peers", kNodeNames,
                [&](const std::string& name, const Json& value, const std::string& path) {
                    profile.peers[name] = address(name, value, path);
                });
        forEach(root, "orderers", kNodeNames,
                [&](const std::string& name, const Json& value, const std::string& path) {
                    profile.orderers[name] = address(name, value, path);
                });
        forEach(root, "certificateAuthorities", kAuthorityNames,
                [&](const std::string& name, const Json& value, const std::string& path) {
                    profile.authorities[name] = authority(value, path);
                });
        forEach(root, "channels", kChannelNames,
                [&](const std::string& name, const Json& value, const std::string& path) {
                    ConnectionProfile::Channel channel{.orderers = texts(value, "orderers", path),
                                                       .peers = {}};
                    if (const Json* peers = object(value, "peers", path + "/peers"))
                        for (const auto& [peer, roles] : peers->items()) {
                            if (roles.is_object())
                                checkNames(roles, kChannelPeerNames, path + "/peers/" + peer);
                            channel.peers.push_back(peer);
                        }
                    profile.channels[ChannelId(name)] = std::move(channel);
                });
        RETURN_IF_ERROR(m_status);
        return profile;
    }

private:
    void fail(Status status) {
        if (m_status.ok()) m_status = std::move(status);
    }
    void fail(const std::string& path, std::string_view what) {
        fail(bad(path, placeOf(path), what));
    }
    /// Of that value, or of the nearest one around it.
    Place placeOf(std::string path) const {
        while (!m_places.contains(path) && !path.empty()) path.resize(path.rfind('/'));
        const auto found = m_places.find(path);
        return found == m_places.end() ? Place() : found->second;
    }
    void checkNames(const Json& object, Names known, const std::string& path) {
        for (const auto& [name, value] : object.items())
            if (!name.starts_with("x-") &&
                std::find(known.begin(), known.end(), name) == known.end())
                fail(path + "/" + name, "is no part of a connection profile");
    }

    std::string text(const Json& from, const char* name, const std::string& path) {
        const auto found = from.find(name);
        if (found == from.end() || found->is_null()) return {};
        if (found->is_string()) return found->get<std::string>();
        fail(path + "/" + name, "is not a text");
        return {};
    }
    std::vector<std::string> texts(const Json& from, const char* name, const std::string& path) {
        std::vector<std::string> all;
        const auto found = from.find(name);
        if (found == from.end() || found->is_null()) return all;
        const bool isList = found->is_array();
        if (!isList) fail(path + "/" + name, "is not a list of texts");
        for (std::size_t i = 0; isList && i < found->size(); ++i) {
            if ((*found)[i].is_string())
                all.push_back((*found)[i].get<std::string>());
            else
                fail(fmt::format("{}/{}/{}", path, name, i), "is not a text");
        }
        return all;
    }
    /// One, or several in a list.
    std::vector<std::string> oneOrMore(const Json& from, const char* name,
                                       const std::string& path) {
        const auto found = from.find(name);
        if (found != from.end() && found->is_array()) return texts(from, name, path);
        std::string one = text(from, name, path);
        return one.empty() ? std::vector<std::string>() : std::vector{std::move(one)};
    }
    const Json* object(const Json& from, const char* name, const std::string& path) {
        const auto found = from.find(name);
        if (found == from.end() || found->is_null()) return nullptr;
        if (found->is_object()) return &*found;
        fail(path, "is not an object");
        return nullptr;
    }
    template <class Take>
    void forEach(const Json& root, const char* section, Names known, Take&& take) {
        const Json* entries = object(root, section, std::string("/") + section);
        if (entries == nullptr) return;
        for (const auto& [name, value] : entries->items()) {
            const std::string path = fmt::format("/{}/{}", section, name);
            if (value.is_object()) {
                checkNames(value, known, path);
                take(name, value, path);
            } else {
                fail(path, "is not an object");
            }
        }
    }

    /// "grpcs://host:port", or without the scheme.
    std::string endpointOf(const Json& value, std::string_view wanted, const std::string& path) {
        std::string url = text(value, "url", path);
        if (wanted == "https" && url.ends_with('/')) url.pop_back();
        const std::size_t scheme = url.find("://");
        const std::string given =
            scheme == std::string::npos ? std::string() : url.substr(0, scheme);
        if (given == "grpc" || given == "http") {
            fail(refusal("PLAINTEXT_REFUSED", path, placeOf(path + "/url"),
                         "connections without TLS are not made"));
            return {};
        }
        if (scheme != std::string::npos && given != wanted) {
            fail(path + "/url", fmt::format("begins with {}://", wanted));
            return {};
        }
        std::string endpoint = scheme == std::string::npos ? url : url.substr(scheme + 3);
        if (const auto parts = splitEndpoint(endpoint); !parts.ok())
            fail(path + "/url", messageOf(parts.status()));
        return endpoint;
    }

    std::string rootsIn(const Json& value, const std::string& nodePath) {
        const std::string path = nodePath + "/tlsCACerts";
        const Json* roots = object(value, "tlsCACerts", path);
        if (roots == nullptr) return {};
        checkNames(*roots, kRootsNames, path);
        std::string all;
        for (const std::string& pem : oneOrMore(*roots, "pem", path)) all += pem;
        const std::string file = text(*roots, "path", path);
        if (!all.empty() || file.empty()) return all;
        if (file.find("://") != std::string::npos || file.starts_with("file:")) {
            fail(path + "/path", "is a URL; only files of this machine are read");
            return {};
        }
        auto pem = readFile(m_folder / file, kMaxProfile);
        if (pem.ok()) return *std::move(pem);
        fail(withContext(pem.status(), printable(path + "/path", kMaxShown)));
        return {};
    }

    NodeAddress address(const std::string& name, const Json& value, const std::string& path) {
        NodeAddress node{.name = name, .endpoint = {}, .tlsRootsPem = {}, .serverName = {}};
        node.endpoint = endpointOf(value, "grpcs", path);
        if (const std::string events = text(value, "eventUrl", path); events.starts_with("grpc://"))
            fail(refusal("PLAINTEXT_REFUSED", path, placeOf(path + "/eventUrl"),
                         "connections without TLS are not made"));
        if (const Json* options = object(value, "grpcOptions", path + "/grpcOptions")) {
            const std::string at = path + "/grpcOptions";
            node.serverName = text(*options, "ssl-target-name-override", at);
            if (node.serverName.empty()) node.serverName = text(*options, "hostnameOverride", at);
        }
        node.tlsRootsPem = rootsIn(value, path);
        return node;
    }

    ConnectionProfile::Authority authority(const Json& value, const std::string& path) {
        ConnectionProfile::Authority read;
        read.address.endpoint = endpointOf(value, "https", path);
        if (const auto names = oneOrMore(value, "caName", path); !names.empty())
            read.address.caName = names.front();
        read.address.tlsRootsPem = rootsIn(value, path);
        // One, or a list.
        const auto registrar = value.find("registrar");
        const Json* first = registrar == value.end()                       ? nullptr
                            : registrar->is_array() && !registrar->empty() ? &registrar->front()
                                                                           : &*registrar;
        if (first != nullptr && first->is_object())
            read.registrar = text(*first, "enrollId", path + "/registrar");
        return read;
    }

    const std::filesystem::path m_folder;
    const Places& m_places;
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
    Places places;
    ASSIGN_OR_RETURN(const Json root, parseText(text, places));
    return Reader(folder, places).read(root);
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
