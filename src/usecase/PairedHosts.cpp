#include "src/usecase/PairedHosts.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Key.h"
#include "src/crypto/Secret.h"
#include "src/crypto/Suite.h"
#include "src/identity/Extensions.h"
#include "src/identity/Issue.h"
#include "src/usecase/FreshFiles.h"
#include "src/usecase/TopologyJson.h"

namespace chancery::usecase {
namespace {

constexpr std::uint64_t kMostHostsFile = 4U << 20;
constexpr absl::Duration kValidity = absl::Hours(24 * 365 * 10);
constexpr absl::Duration kClockSlack = absl::Minutes(5);
constexpr const char* kClientAuth = "1.3.6.1.5.5.7.3.2";

bool isHostName(const std::string& name) {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
}

}  // namespace

Result<PairedHosts> PairedHosts::open(const std::filesystem::path& folder) {
    PairedHosts made(std::filesystem::absolute(folder).lexically_normal());
    std::error_code error;
    struct stat info {};
    if (::stat((folder / "console.key").c_str(), &info) == 0 && (info.st_mode & 077) != 0)
        return makeError(StatusCode::kPermissionDenied, "KEY_FILE_EXPOSED",
                         fmt::format("others may read {}", (folder / "console.key").string()),
                         {{"path", (folder / "console.key").string()}});
    if (!std::filesystem::exists(folder / "hosts.json", error)) return made;
    ASSIGN_OR_RETURN(const Bytes text, readFile(folder / "hosts.json", kMostHostsFile));
    ASSIGN_OR_RETURN(StrictJson in,
                     StrictJson::parse(text, "BAD_HOSTS", {.bytes = kMostHostsFile}));
    for (StrictJson& host : in.objects("hosts"))
        made.m_hosts.push_back({.name = host.required("name"),
                                .socket = host.text("socket"),
                                .endpoint = host.text("endpoint"),
                                .certificatePem = host.text("certificate")});
    RETURN_IF_ERROR(in.finish());
    return made;
}

Result<interfaces::HostAddress> PairedHosts::find(const std::string& name) const {
    const auto found = std::ranges::find(m_hosts, name, &interfaces::HostAddress::name);
    if (found != m_hosts.end()) return *found;
    return makeError(StatusCode::kNotFound, "NO_SUCH_HOST",
                     fmt::format("there is no paired host {}", printable(name, 80)),
                     {{"host", name}});
}

Result<interfaces::TlsIdentity> PairedHosts::identity() const {
    interfaces::TlsIdentity identity;
    std::error_code error;
    if (!std::filesystem::exists(m_folder / "console.crt", error)) {
        ASSIGN_OR_RETURN(const auto key, crypto::PrivateKey::generate(crypto::ecdsaP256().key));
        identity::CertificateTemplate content;
        content.subject.commonName = "Chancery console";
        content.notBefore = absl::Now() - kClockSlack;
        content.notAfter = absl::Now() + kValidity;
        content.keyUsage = identity::kDigitalSignature;
        content.extendedKeyUsages = {kClientAuth};
        ASSIGN_OR_RETURN(const auto certificate, identity::issueSelfSigned(content, key));
        Bytes pem = key.toPem();
        const Status written = writeFresh(m_folder / "console.key", pem);
        crypto::wipe(pem);
        RETURN_IF_ERROR(written);
        // The certificate last: only with it the identity is there.
        RETURN_IF_ERROR(writeFresh(m_folder / "console.crt", certificate.toPem()));
    }
    ASSIGN_OR_RETURN(identity.certificatePem, readFile(m_folder / "console.crt", kMostHostsFile));
    ASSIGN_OR_RETURN(identity.keyPem, readFile(m_folder / "console.key", kMostHostsFile));
    return identity;
}

Status PairedHosts::add(const interfaces::HostAddress& host) {
    if (!isHostName(host.name))
        return makeError(StatusCode::kInvalidArgument, "BAD_HOSTS",
                         fmt::format("'{}' is no name for a host: small letters, digits, - and .",
                                     printable(host.name, 80)));
    std::erase_if(m_hosts, [&](const auto& one) { return one.name == host.name; });
    m_hosts.push_back(host);
    return save();
}

Status PairedHosts::remove(const std::string& name) {
    std::erase_if(m_hosts, [&](const auto& one) { return one.name == name; });
    return save();
}

Status PairedHosts::save() const {
    nlohmann::ordered_json json{{"hosts", nlohmann::ordered_json::array()}};
    for (const interfaces::HostAddress& host : m_hosts) {
        nlohmann::ordered_json one{{"name", host.name}};
        if (!host.socket.empty()) one["socket"] = host.socket;
        if (!host.endpoint.empty()) one["endpoint"] = host.endpoint;
        if (!host.certificatePem.empty()) one["certificate"] = host.certificatePem;
        json["hosts"].push_back(std::move(one));
    }
    RETURN_IF_ERROR(makeFolder(m_folder));
    return writeFileAtomically(
        m_folder / "hosts.json",
        json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n", 0600);
}

}  // namespace chancery::usecase
