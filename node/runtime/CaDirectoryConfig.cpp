// The section `ldap` of a CA.
#include "node/ca/Lint.h"
#include "node/runtime/CaConfig.h"
#include "node/runtime/TokenConfig.h"
#include "src/rpc/Endpoint.h"

namespace chancery::node {
namespace {

constexpr std::string_view kLdap = "ldap://";
constexpr std::string_view kLdaps = "ldaps://";
constexpr std::uint16_t kLdapPort = 389;
constexpr std::uint16_t kLdapsPort = 636;
constexpr std::uint64_t kMostTimeoutMs = 60'000;
constexpr std::uint64_t kMostConnections = 32;

void readUrl(ConfigSection& section, DirectoryOptions& to) {
    const std::string url = section.required("url");
    const bool isTls = url.starts_with(kLdaps);
    if (!isTls && !url.starts_with(kLdap)) {
        section.fail("url", "must be ldaps://host[:port] or ldap://host[:port]");
        return;
    }
    std::string place = url.substr(isTls ? kLdaps.size() : kLdap.size());
    if (place.ends_with('/')) place.pop_back();
    // Fabric CA has name and password in it, where they end in logs.
    if (place.find('@') != std::string::npos) {
        section.fail("url", "must not have a name and a password; see bindDn and bindPasswordFile");
        return;
    }
    const bool hasPort = place.ends_with(']') ? false : place.rfind(':') != std::string::npos;
    if (!hasPort) place += ":" + std::to_string(isTls ? kLdapsPort : kLdapPort);
    const auto endpoint = rpc::parseEndpoint(place);
    if (!endpoint.ok() || endpoint->isUnix()) {
        section.fail("url", "must be ldaps://host[:port] or ldap://host[:port]");
        return;
    }
    to.host = endpoint->host;
    to.port = endpoint->port;
    to.transport = isTls ? DirectoryTransport::Ldaps : DirectoryTransport::StartTls;
}

void readBind(ConfigSection& section, DirectoryOptions& to) {
    to.bindDn = section.text("bindDn");
    to.bindPasswordFile = readSecretPath(section, "bindPassword");
    if (to.bindDn.empty() != to.bindPasswordFile.empty())
        section.fail("bindDn", "and bindPasswordFile must both be given or neither");
}

void readConverters(ConfigSection& section, DirectoryOptions& to) {
    for (ConfigSection& map : section.sections("maps")) {
        DirectoryMap& entries = to.maps[map.required("name")];
        for (ConfigSection& entry : map.sections("entries"))
            entries.emplace_back(entry.required("name"), entry.text("value"));
    }
    for (ConfigSection& one : section.sections("converters")) {
        DirectoryConverter converter{.name = one.required("name"),
                                     .expression = one.required("value"),
                                     .inCertificate = one.flag("ecert")};
        if (const Status status = checkConverter(converter, to.maps); !status.ok())
            one.fail(reasonOf(status) == "BAD_CONVERTER_NAME" ? "name" : "value",
                     std::string(messageOf(status)));
        to.converters.push_back(std::move(converter));
    }
}

}  // namespace

DirectoryOptions readDirectory(ConfigSection section) {
    DirectoryOptions to;
    readUrl(section, to);
    to.roots = section.path("roots");
    if (to.roots.empty()) {
        if (!isLoopback(to.host))
            section.fail("roots", "is missing: a directory elsewhere must show a certificate");
        else if (to.transport == DirectoryTransport::Ldaps)
            section.fail("roots", "is missing");
        else
            to.transport = DirectoryTransport::Plain;
    }
    to.base = section.required("base");
    readBind(section, to);
    to.userFilter = section.text("userFilter");
    if (const Status status = checkUserFilter(to.userFilter); !status.ok())
        section.fail("userFilter", std::string(messageOf(status)));
    to.attributes = section.texts("attributes");
    readConverters(section, to);
    const std::uint64_t timeout = section.number("timeoutMs");
    if (timeout == 0 || timeout > kMostTimeoutMs) section.fail("timeoutMs", "must be 1 to 60000");
    to.timeout = std::chrono::milliseconds(std::min(timeout, kMostTimeoutMs));
    const std::uint64_t connections = section.number("connections");
    if (connections == 0 || connections > kMostConnections)
        section.fail("connections", "must be 1 to 32");
    to.connections = std::min(connections, kMostConnections);
    return to;
}

}  // namespace chancery::node
