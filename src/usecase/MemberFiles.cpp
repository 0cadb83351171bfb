#include "src/usecase/MemberFiles.h"

#include <fmt/format.h>

#include <vector>

#include "src/crypto/Pem.h"
#include "src/identity/Certificate.h"
#include "src/usecase/FreshFiles.h"

namespace chancery::usecase {
namespace {

using Path = std::filesystem::path;

constexpr std::size_t kMostCertificates = 16;

struct Authority {
    identity::Certificate certificate;
    bool isRoot = false;
};

Result<std::vector<Authority>> authoritiesOf(const std::string& pem) {
    std::vector<Authority> all;
    for (const auto& block : crypto::readAllPem(pem, kMostCertificates)) {
        ASSIGN_OR_RETURN(auto certificate, identity::Certificate::fromDer(block.der));
        const bool isRoot = certificate.rawIssuer() == certificate.rawSubject();
        all.push_back({std::move(certificate), isRoot});
    }
    return all;
}

/// "ca.org1.example.com-cert.pem": a name that cannot leave the folder.
std::string fileNameOf(const identity::Certificate& certificate) {
    std::string name = certificate.commonName();
    for (char& c : name)
        if (static_cast<unsigned char>(c) <= 0x20 || c == '/') c = '_';
    if (name.empty() || name.front() == '.') name.insert(0, "ca-");
    return name + "-cert.pem";
}

Status writeAuthorities(const Path& folder, const std::vector<Authority>& all,
                        const std::string& prefix) {
    for (const Authority& one : all)
        RETURN_IF_ERROR(
            writeFresh(folder / (prefix + (one.isRoot ? "cacerts" : "intermediatecerts")) /
                           fileNameOf(one.certificate),
                       one.certificate.toPem()));
    return absl::OkStatus();
}

/// Who is what by the organisational unit in its certificate.
std::string nodeOus(const std::string& issuer) {
    std::string text = "NodeOUs:\n  Enable: true\n";
    for (const auto& [name, unit] : {std::pair{"Client", "client"}, std::pair{"Peer", "peer"},
                                     std::pair{"Admin", "admin"}, std::pair{"Orderer", "orderer"}})
        text += fmt::format(
            "  {}OUIdentifier:\n    Certificate: {}\n    OrganizationalUnitIdentifier: {}\n", name,
            issuer, unit);
    return text;
}

/// The CA below which nobody stands.
const Authority* issuerAmong(const std::vector<Authority>& all) {
    for (const Authority& one : all) {
        bool hasBelow = false;
        for (const Authority& other : all)
            hasBelow = hasBelow || (&other != &one &&
                                    other.certificate.rawIssuer() == one.certificate.rawSubject());
        if (!hasBelow) return &one;
    }
    return nullptr;
}

}  // namespace

Status writeMspFolder(const Path& folder, const std::string& name, const MemberCertificates& member,
                      const crypto::PrivateKey* key) {
    ASSIGN_OR_RETURN(const auto authorities, authoritiesOf(member.caChainPem));
    ASSIGN_OR_RETURN(const auto tlsAuthorities, authoritiesOf(member.tlsChainPem));
    const Authority* issuer = issuerAmong(authorities);
    if (issuer == nullptr)
        return makeError(StatusCode::kInvalidArgument, "BAD_CERTIFICATE",
                         "there is no certificate of a CA");
    RETURN_IF_ERROR(writeAuthorities(folder, authorities, ""));
    RETURN_IF_ERROR(writeAuthorities(folder, tlsAuthorities, "tls"));
    RETURN_IF_ERROR(writeFresh(folder / "config.yaml",
                               nodeOus((issuer->isRoot ? "cacerts/" : "intermediatecerts/") +
                                       fileNameOf(issuer->certificate))));
    if (!member.certificatePem.empty())
        RETURN_IF_ERROR(
            writeFresh(folder / "signcerts" / (name + "-cert.pem"), member.certificatePem));
    if (key == nullptr) return absl::OkStatus();
    Bytes pem = key->toPem();
    const Status written = writeFresh(folder / "keystore" / "priv_sk", pem);
    crypto::wipe(pem);
    return written;
}

Status writeTlsFolder(const Path& folder, const std::string& name,
                      const std::string& certificatePem, const std::string& chainPem,
                      const crypto::PrivateKey& key) {
    RETURN_IF_ERROR(writeFresh(folder / (name + ".crt"), certificatePem));
    Bytes pem = key.toPem();
    const Status written = writeFresh(folder / (name + ".key"), pem);
    crypto::wipe(pem);
    RETURN_IF_ERROR(written);
    return writeFresh(folder / "ca.crt", chainPem);
}

}  // namespace chancery::usecase
