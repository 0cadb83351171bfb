#include "node/runtime/CaConfig.h"

#include <fmt/format.h>

#include "node/runtime/TokenConfig.h"
#include "src/base/File.h"
#include "src/crypto/Suite.h"
#include "src/rpc/Endpoint.h"

namespace chancery::node {
namespace {

constexpr std::uint64_t kMostSecret = 4096;
constexpr std::uint64_t kMostRoots = 1U << 20;
constexpr std::string_view kHttps = "https://";

/// `secret`, or the first line of the file `secretFile`.
std::string readSecret(ConfigSection& section) {
    std::string secret = section.text("secret");
    const auto file = section.path("secretFile");
    if (secret.empty() == file.empty()) {
        section.fail("secret", "or secretFile must be given, and not both");
        return secret;
    }
    if (file.empty()) return secret;
    const auto text = readFile(file, kMostSecret);
    if (!text.ok()) section.fail("secretFile", std::string(messageOf(text.status())));
    if (text.ok()) secret = text->substr(0, text->find_first_of("\r\n"));
    if (secret.empty()) section.fail("secretFile", "is empty");
    return secret;
}

InitialIdentity readIdentity(ConfigSection& section) {
    InitialIdentity identity;
    identity.id = section.required("name");
    identity.secret = readSecret(section);
    identity.randomSecret = section.flag("randomSecret");
    // 128 bits in base64; what is shorter cannot have as many.
    constexpr std::size_t kShortestRandom = 22;
    if (identity.randomSecret && identity.secret.size() < kShortestRandom)
        section.fail("randomSecret", "is not for a secret of fewer than 22 characters");
    identity.type = section.text("type");
    identity.affiliation = section.text("affiliation");
    identity.maxEnrollments = section.integer("maxEnrollments");
    if (section.flag("administrator")) identity.attributes = administratorAttributes();
    Attributes more;
    for (ConfigSection& attribute : section.sections("attributes"))
        more.push_back(
            {attribute.required("name"), attribute.text("value"), attribute.flag("ecert")});
    mergeAttributes(identity.attributes, more);
    return identity;
}

identity::SubjectName readSubject(ConfigSection section) {
    return {.country = section.text("country"),
            .province = section.text("province"),
            .locality = section.text("locality"),
            .organization = section.text("organization"),
            .organizationalUnits = section.texts("units"),
            .commonName = section.text("commonName"),
            .serialNumber = {}};
}

ParentOptions readParent(ConfigSection section) {
    ParentOptions parent;
    const std::string url = section.required("url");
    const auto endpoint =
        rpc::parseEndpoint(url.starts_with(kHttps) ? url.substr(kHttps.size()) : std::string());
    if (endpoint.ok() && !endpoint->isUnix()) {
        parent.host = endpoint->host;
        parent.port = endpoint->port;
    } else {
        section.fail("url", "must be https://host:port");
    }
    for (const auto& file : section.paths("roots")) {
        const auto pem = readFile(file, kMostRoots);
        if (!pem.ok()) section.fail("roots", std::string(messageOf(pem.status())));
        if (pem.ok()) parent.rootsPem += *pem + "\n";
    }
    if (parent.rootsPem.empty()) section.fail("roots", "is missing");
    parent.caName = section.text("caName");
    parent.id = section.required("name");
    parent.secret = readSecret(section);
    return parent;
}

absl::Duration readHours(ConfigSection& section, const std::string& name) {
    const std::uint64_t hours = section.number(name);
    // A hundred years; more is a mistake of the one who typed it.
    if (hours == 0 || hours > 876'000) section.fail(name, "must be 1 to 876000");
    return absl::Hours(static_cast<std::int64_t>(std::min<std::uint64_t>(hours, 876'000)));
}

CaOptions readCa(ConfigSection& section, const std::filesystem::path& data) {
    CaOptions ca;
    ca.name = section.required("name");
    const bool isPlain = ca.name.find('/') == std::string::npos && !ca.name.starts_with('.');
    if (!isPlain) section.fail("name", "must not have slashes nor begin with a dot");
    ca.folder = section.path("folder");
    if (ca.folder.empty()) ca.folder = data / ca.name;
    const auto suite = crypto::suiteNamed(section.text("suite"));
    if (suite.ok())
        ca.suite = *suite;
    else
        section.fail("suite", std::string(messageOf(suite.status())));
    ca.subject = readSubject(section.section("subject"));
    ca.certificate = section.path("certificate");
    ca.token = readTokenKey(section, "key");
    if (!ca.token) ca.key = section.path("key");
    ca.chain = section.path("chain");
    if (ca.certificate.empty() ? !ca.key.empty() : ca.key.empty() && !ca.token)
        section.fail("key", "and certificate must both be given or neither");
    if (ca.token && ca.token->key.label.empty() && ca.token->key.id.empty())
        section.fail("key", "must name the key: object= or id=");
    if (section.has("parent")) ca.parent = readParent(section.section("parent"));
    for (ConfigSection& one : section.sections("identities"))
        ca.identities.push_back(readIdentity(one));
    if (section.has("ldap")) ca.directory = readDirectory(section.section("ldap"));
    if (ca.directory && !ca.identities.empty())
        section.fail("identities", "are those of the directory; leave one of the two out");
    ca.affiliations = section.texts("affiliations");
    ca.sharedHosts = section.texts("sharedHosts");
    ca.maxEnrollments = section.integer("maxEnrollments");
    ca.maxAttempts = section.integer("maxAttempts");
    ca.allowIdentityRemoval = section.flag("allowIdentityRemoval");
    ca.allowAffiliationRemoval = section.flag("allowAffiliationRemoval");
    ca.reenrollIgnoresExpiry = section.flag("reenrollIgnoresExpiry");
    ca.validity = readHours(section, "hours");
    ca.tlsValidity = readHours(section, "tlsHours");
    ca.caValidity = readHours(section, "caHours");
    ca.crlValidity = readHours(section, "crlHours");
    return ca;
}

}  // namespace

void readCas(ConfigSection& config, NodeConfig& to) {
    ConfigSection tls = config.section("tls");
    to.tlsCertificate = tls.path("certificate");
    to.tlsKey = tls.path("key");
    if (to.tlsCertificate.empty() != to.tlsKey.empty())
        tls.fail("key", "and certificate must both be given or neither");
    to.serverHosts = tls.texts("hosts");
    for (ConfigSection& section : config.sections("cas"))
        to.cas.push_back(readCa(section, to.data));
    if (to.cas.empty()) config.fail("cas", "is missing");
}

}  // namespace chancery::node
