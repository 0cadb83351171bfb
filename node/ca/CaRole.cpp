#include "node/ca/CaRole.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "node/ca/CaService.h"
#include "node/ca/Refusal.h"
#include "src/base/File.h"
#include "src/base/Log.h"

namespace chancery::node {
namespace {

constexpr std::chrono::minutes kCrlCheck{1};
constexpr absl::Duration kRenewServer = absl::Hours(24 * 30);
constexpr std::uint64_t kMostCertificateFile = 1U << 20;

bool isStillGood(const identity::Certificate& certificate, const crypto::PrivateKey& key,
                 const std::vector<std::string>& hosts, const CertificateAuthority& ca) {
    return certificate.publicKey() == key.publicKey() && certificate.hosts() == hosts &&
           certificate.rawIssuer() == ca.keys().certificate.rawSubject() &&
           certificate.notAfter() > ca.now() + kRenewServer;
}

}  // namespace

struct CaRole::Impl {
    CaServerOptions options;
    std::vector<std::unique_ptr<CertificateAuthority>> cas;
    std::unique_ptr<CaService> service;
    std::unique_ptr<http::Server> server;
    std::mutex mutex;
    std::condition_variable_any ended;
    std::jthread keeper;  // last: it uses the others

    Status issueServerTls(const std::filesystem::path& folder,
                          const std::vector<std::string>& hosts) {
        CertificateAuthority& ca = *cas.front();
        // OpenSSL's servers speak TLS with keys of these kinds only.
        if (ca.options().suite->key == crypto::KeyAlgorithm::Sm2)
            return makeError(StatusCode::kInvalidArgument, "NO_TLS_CERTIFICATE",
                             "a CA with SM2 cannot issue the server's own TLS certificate: name "
                             "one, or put an ECDSA CA first");
        ASSIGN_OR_RETURN(const auto key,
                         loadOrMakeKey(folder / "tls-key.pem", ca.options().suite->key));
        const auto file = folder / "tls-cert.pem";
        std::optional<identity::Certificate> certificate;
        if (const auto pem = readFile(file, kMostCertificateFile); pem.ok())
            if (auto present = identity::Certificate::fromPem(*pem); present.ok())
                certificate = *std::move(present);
        if (!certificate || !isStillGood(*certificate, key, hosts, ca)) {
            ASSIGN_OR_RETURN(certificate, ca.issueForServer(key.publicKey(), hosts));
            RETURN_IF_ERROR(writeFileAtomically(file, certificate->toPem()));
        }
        // An intermediate CA's certificate goes along.
        options.server.tls.certificatePem = certificate->toPem() + ca.keys().chainPem;
        options.server.tls.keyPem = key.toPem();
        return absl::OkStatus();
    }

    void keepCrls(const std::stop_token& stop) {
        std::unique_lock lock(mutex);
        while (!ended.wait_for(lock, stop, kCrlCheck, [&] { return stop.stop_requested(); }))
            for (const auto& ca : cas)
                if (const Status status = ca->refreshCrl(); !status.ok())
                    log::error(kCaRoom, fmt::format("CA '{}' cannot renew its revocation list: {}",
                                                    ca->name(), messageOf(status)));
    }
};

CaRole::CaRole(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
CaRole::~CaRole() {
    stop(deadlineIn(std::chrono::seconds(0)));
}

Result<std::unique_ptr<CaRole>> CaRole::open(CaServerOptions options, Metrics& metrics,
                                             const std::filesystem::path& folder,
                                             const std::vector<std::string>& serverHosts,
                                             const Clock& clock) {
    if (options.cas.empty())
        return makeError(StatusCode::kInvalidArgument, "NO_CA", "there is no CA to serve");
    auto impl = std::make_unique<Impl>();
    impl->options = std::move(options);
    std::vector<CertificateAuthority*> cas;
    for (const CaOptions& one : impl->options.cas) {
        for (const auto& other : impl->cas)
            if (other->name() == one.name)
                return makeError(StatusCode::kInvalidArgument, "CA_NAME_TWICE",
                                 fmt::format("there are two CAs called '{}'", one.name));
        ASSIGN_OR_RETURN(auto ca, CertificateAuthority::open(one, clock));
        // Revocation lists of one would count for the other's certificates.
        for (const auto& other : impl->cas)
            if (other->keys().key->publicKey() == ca->keys().key->publicKey())
                return makeError(StatusCode::kInvalidArgument, "CA_KEY_TWICE",
                                 fmt::format("the CAs '{}' and '{}' have the same key",
                                             other->name(), one.name));
        cas.push_back(ca.get());
        impl->cas.push_back(std::move(ca));
    }
    if (impl->options.server.tls.certificatePem.empty())
        RETURN_IF_ERROR(impl->issueServerTls(folder, serverHosts));
    impl->service = std::make_unique<CaService>(std::move(cas), impl->options.version, metrics);
    return std::unique_ptr<CaRole>(new CaRole(std::move(impl)));
}

const http::ServerTls& CaRole::tls() const {
    return m_impl->options.server.tls;
}

Status CaRole::start() {
    ASSIGN_OR_RETURN(m_impl->server,
                     http::Server::start(m_impl->options.server,
                                         [service = m_impl->service.get()](const auto& request) {
                                             return service->answer(request);
                                         }));
    m_impl->keeper =
        std::jthread([impl = m_impl.get()](const std::stop_token& stop) { impl->keepCrls(stop); });
    return absl::OkStatus();
}

void CaRole::stop(Deadline deadline) {
    if (m_impl->server) m_impl->server->stop(deadline);
    m_impl->keeper = {};
}

std::vector<std::string> CaRole::endpoints() const {
    if (!m_impl->server) return {};
    return {m_impl->server->endpoint()};
}

std::vector<HealthCheck> CaRole::healthChecks() const {
    std::vector<HealthCheck> checks;
    for (const auto& ca : m_impl->cas)
        checks.push_back({"ca " + ca->name(), [own = ca.get()] { return own->checkHealth(); }});
    return checks;
}

}  // namespace chancery::node
