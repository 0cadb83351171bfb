#include "src/usecase/CaSettings.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/base/Random.h"
#include "src/crypto/Secret.h"
#include "src/interfaces/NodeAddress.h"
#include "src/usecase/FreshFiles.h"

namespace chancery::usecase {
namespace {

using CaFile = nlohmann::ordered_json;
using Path = std::filesystem::path;

constexpr std::uint64_t kMostFile = 1U << 20;
constexpr std::size_t kMostName = 64;  // what a common name holds
constexpr std::size_t kSecretBytes = 24;

std::string dumped(const CaFile& json, int indent = -1) {
    return json.dump(indent, ' ', false, CaFile::error_handler_t::replace);
}

Status checkName(const std::string& name) {
    const bool good = !name.empty() && name.size() <= kMostName && name.front() != '.' &&
                      name.find('/') == std::string::npos && printable(name) == name;
    if (good) return absl::OkStatus();
    return makeError(StatusCode::kInvalidArgument, "BAD_CA_NAME",
                     fmt::format("'{}' is no name for a CA: 1 to 64 bytes without slashes that do "
                                 "not begin with a dot",
                                 printable(name, 128)));
}

/// Quoted as in JSON, which is YAML too.
std::string asYaml(const CaFile& value) {
    return dumped(value);
}

std::string caEntry(const CaSettings& settings, const std::string& name, std::string_view suite) {
    const std::string shared =
        settings.sharedHosts.empty()
            ? std::string()
            : fmt::format("    sharedHosts: {}\n", asYaml(settings.sharedHosts));
    const std::string made =
        shared + (name == settings.tlsName && !settings.tlsKey.empty()
                      ? fmt::format("    certificate: {}\n    key: {}\n",
                                    asYaml(settings.tlsCertificate), asYaml(settings.tlsKey))
                      : std::string());
    return fmt::format(
        "  - name: {0}\n    suite: {1}\n{4}"
        "    subject: {{commonName: {0}, organization: {2}}}\n"
        "    identities:\n"
        "      - {{name: {3}, secretFile: registrar.secret, randomSecret: true, "
        "administrator: true}}\n",
        asYaml(name), suite, asYaml(settings.organisation), kRegistrar, made);
}

std::string yamlOf(const CaSettings& settings) {
    std::string text = fmt::format("data: data\nlisten: {}\ntls:\n  hosts: {}\n",
                                   asYaml(settings.listen), asYaml(settings.hosts));
    if (!settings.operations.empty())
        text += fmt::format(
            "operations:\n  listen: {}\n  clientRoots: [{}]\n", asYaml(settings.operations),
            asYaml(settings.tlsCertificate.empty() ? "data/" + settings.tlsName + "/cert.pem"
                                                   : settings.tlsCertificate));
    text += fmt::format("log:\n  spec: {}\n", asYaml(settings.logSpec));
    text += "cas:  # the first issues the certificate of this server; name the CA in requests\n";
    text += caEntry(settings, settings.tlsName, crypto::ecdsaP256().name);
    text += caEntry(settings, settings.name, settings.suite->name);
    return text;
}

std::string jsonOf(const CaSettings& settings) {
    return dumped({{"name", settings.name},
                   {"tlsName", settings.tlsName},
                   {"organisation", settings.organisation},
                   {"suite", std::string(settings.suite->name)},
                   {"hosts", settings.hosts},
                   {"listen", settings.listen},
                   {"operations", settings.operations},
                   {"log", settings.logSpec}},
                  2) +
           "\n";
}

}  // namespace

Path CaFolder::tlsRoot(const CaSettings& settings) const {
    return data() / settings.tlsName / "cert.pem";
}

Status CaFolder::create(const CaSettings& settings, std::string secret) const {
    RETURN_IF_ERROR(checkName(settings.name));
    RETURN_IF_ERROR(checkName(settings.tlsName));
    if (settings.name == settings.tlsName)
        return makeError(StatusCode::kInvalidArgument, "BAD_CA_NAME",
                         "the two CAs must have different names");
    std::error_code error;
    if (std::filesystem::exists(config(), error))
        return makeError(StatusCode::kAlreadyExists, "CA_EXISTS",
                         "there is a CA in " + m_folder.string(), {{"path", m_folder.string()}});
    if (secret.empty()) secret = toBase64(Random::system().bytes(kSecretBytes));
    const Status kept = writeFresh(secretFile(), secret + "\n");
    crypto::wipe(secret);
    RETURN_IF_ERROR(kept);
    RETURN_IF_ERROR(writeFresh(m_folder / "ca.json", jsonOf(settings)));
    return writeFresh(config(), yamlOf(settings));
}

Status CaFolder::createForClients(const CaSettings& settings, const std::string& secret,
                                  const std::string& tlsRootPem) const {
    RETURN_IF_ERROR(checkName(settings.name));
    RETURN_IF_ERROR(checkName(settings.tlsName));
    RETURN_IF_ERROR(writeFresh(secretFile(), secret + "\n"));
    RETURN_IF_ERROR(writeFresh(tlsRoot(settings), tlsRootPem));
    return writeFresh(m_folder / "ca.json", jsonOf(settings));
}

std::string CaFolder::configOf(const CaSettings& settings) {
    return yamlOf(settings);
}

Status CaFolder::write(const CaSettings& settings) const {
    RETURN_IF_ERROR(makeFolder(m_folder));
    RETURN_IF_ERROR(writeFileAtomically(m_folder / "ca.json", jsonOf(settings), 0600));
    return writeFileAtomically(config(), yamlOf(settings), 0600);
}

Result<CaSettings> CaFolder::read() const {
    const auto text = readFile(m_folder / "ca.json", kMostFile);
    if (!text.ok())
        return makeError(StatusCode::kNotFound, "NO_CA", "there is no CA in " + m_folder.string(),
                         {{"path", m_folder.string()}});
    const CaFile json = CaFile::parse(*text, nullptr, false);
    const auto bad = [&] {
        return makeError(StatusCode::kInvalidArgument, "BAD_CA_FOLDER",
                         (m_folder / "ca.json").string() + " does not describe a CA",
                         {{"path", m_folder.string()}});
    };
    if (!json.is_object()) return bad();
    const auto textOf = [&](const char* name) {
        const auto found = json.find(name);
        return found != json.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string();
    };
    CaSettings settings{.name = textOf("name"),
                        .tlsName = textOf("tlsName"),
                        .organisation = textOf("organisation"),
                        .hosts = {},
                        .listen = textOf("listen"),
                        .operations = textOf("operations"),
                        .logSpec = textOf("log")};
    const auto suite = crypto::suiteNamed(textOf("suite"));
    if (!suite.ok() || !checkName(settings.name).ok() || !checkName(settings.tlsName).ok())
        return bad();
    settings.suite = *suite;
    if (const auto hosts = json.find("hosts"); hosts != json.end() && hosts->is_array())
        for (const CaFile& host : *hosts)
            if (host.is_string()) settings.hosts.push_back(host.get<std::string>());
    return settings;
}

Result<std::string> CaFolder::secret() const {
    ASSIGN_OR_RETURN(const Bytes text, readFile(secretFile(), kMostFile));
    return text.substr(0, text.find_first_of("\r\n"));
}

Result<interfaces::CaAddress> CaFolder::address(const CaSettings& settings,
                                                const std::string& caName) const {
    const auto notStarted = [&] {
        return makeError(StatusCode::kNotFound, "NOT_STARTED",
                         "the CA in " + m_folder.string() + " has not been started yet",
                         {{"node", settings.name}});
    };
    const auto roots = readFile(tlsRoot(settings), kMostFile);
    if (settings.listen.ends_with(":0") || !roots.ok()) return notStarted();
    interfaces::CaAddress address{
        .endpoint = settings.listen, .caName = caName, .tlsRootsPem = *roots, .serverName = {}};
    // An address that means every interface is none to call; and whatever name is called, the
    // certificate has the first of the server's.
    ASSIGN_OR_RETURN(const auto place, interfaces::splitEndpoint(settings.listen));
    if (place.host == "0.0.0.0" || place.host == "::")
        address.endpoint = fmt::format("127.0.0.1:{}", place.port);
    if (!settings.hosts.empty()) address.serverName = settings.hosts.front();
    return address;
}

}  // namespace chancery::usecase
