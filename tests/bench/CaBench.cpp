// Enrolments at a CA, and searches among 100,000 certificates: first without the network, as the
// HTTPS server hands requests over, then over HTTPS.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <thread>

#include "node/ca/CaRole.h"
#include "node/ca/CaService.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/base/Log.h"
#include "src/crypto/Token.h"
#include "src/http/Client.h"
#include "tests/bench/Bench.h"
#include "tests/bench/BenchData.h"
#include "tests/support/SoftHsm.h"

namespace chancery::bench {
namespace {

using namespace chancery::node;

constexpr int kCertificates = 100'000;

/// A folder that goes away.
struct Folder {
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "chancery-ca-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr) path = name;
    }
    ~Folder() {
        std::error_code error;
        if (!path.empty()) std::filesystem::remove_all(path, error);
    }
    std::filesystem::path path;
};

Result<std::unique_ptr<CertificateAuthority>> openCa(const Folder& folder) {
    CaOptions options;
    options.name = "ca";
    options.folder = folder.path / "ca";
    return CertificateAuthority::open(std::move(options));
}

/// An identity with a random secret, as `register` gives it, and what its client sends.
Result<http::Request> prepare(CertificateAuthority& ca, int number) {
    const std::string id = fmt::format("user{}", number);
    ASSIGN_OR_RETURN(const std::string secret,
                     ca.add({.id = id, .type = "client", .affiliation = {}}));
    ASSIGN_OR_RETURN(const auto key, crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
    ASSIGN_OR_RETURN(const auto csr, identity::makeCertificateRequest({.commonName = id}, {}, key));
    http::Request request;
    request.method = "POST";
    request.target = request.path = "/api/v1/enroll";
    request.headers["authorization"] = "Basic " + toBase64(id + ":" + secret);
    request.body = nlohmann::json{{"certificate_request", csr.toPem()}}.dump();
    return request;
}

/// One after the other.
Status sendAll(CaService& service, std::span<const http::Request> requests) {
    for (const http::Request& request : requests) {
        const auto response = service.answer(request);
        if (response.status != 201)
            return makeError(StatusCode::kInternal, "BENCH_FAILED", response.body);
    }
    return absl::OkStatus();
}

Status enrolments(Report& report) {
    constexpr std::size_t kClients = 16;
    const Folder folder;
    ASSIGN_OR_RETURN(const auto ca, openCa(folder));
    Metrics metrics;
    CaService service({ca.get()}, "bench", metrics);
    std::vector<http::Request> requests;
    const std::size_t count = isQuick() ? 160 : 1600;
    for (std::size_t i = 0; i < 2 * count; ++i) {
        ASSIGN_OR_RETURN(auto request, prepare(*ca, static_cast<int>(i)));
        requests.push_back(std::move(request));
    }
    const std::span all(requests);
    const double cpu = threadCpuSeconds();
    double start = wallSeconds();
    RETURN_IF_ERROR(sendAll(service, all.first(count)));
    report.figure("ca_enrolments_per_cpu_s", double(count) / (threadCpuSeconds() - cpu),
                  {.atLeast = 300, .atMost = {}});
    // Each is on disk before it is answered.
    report.figure("ca_enrolments_one_client_per_s", double(count) / (wallSeconds() - start));
    start = wallSeconds();
    std::vector<Status> ends(kClients);
    {
        std::vector<std::jthread> clients;
        for (std::size_t i = 0; i < kClients; ++i)
            clients.emplace_back([&, i] {
                ends[i] =
                    sendAll(service, all.subspan(count + i * (count / kClients), count / kClients));
            });
    }
    for (const Status& end : ends) RETURN_IF_ERROR(end);
    report.figure("ca_enrolments_16_clients_per_s", double(count) / (wallSeconds() - start));
    return absl::OkStatus();
}

std::string serialOf(int number) {
    return fmt::format("a{:019x}", number);
}

Status fill(CertificateAuthority& ca) {
    ASSIGN_OR_RETURN(const auto key, crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
    ASSIGN_OR_RETURN(const auto certificate, ca.issueForServer(key.publicKey(), {}));
    CertificateRow row = rowOf(certificate, {}, {});
    return ca.store().write([&](store::Connection& connection) -> Status {
        for (int i = 0; i < kCertificates; ++i) {
            row.serial = serialOf(i);
            row.id = fmt::format("user{}", i % 1000);
            row.notAfter = certificate.notAfter() + absl::Seconds(i);
            if (i % 100 == 0) row.revokedAt = certificate.notBefore() + absl::Seconds(i + 1);
            if (i % 100 == 1) row.revokedAt.reset();
            ASSIGN_OR_RETURN([[maybe_unused]] const auto number,
                             insertCertificate(connection, row));
        }
        return absl::OkStatus();
    });
}

Status searches(Report& report) {
    const Folder folder;
    ASSIGN_OR_RETURN(const auto ca, openCa(folder));
    RETURN_IF_ERROR(fill(*ca));
    const absl::Time end = ca->now() + absl::Hours(8760);
    const auto measure = [&](const char* name, const CertificateFilter& filter) -> Status {
        std::vector<double> times;
        std::size_t found = 0;
        std::size_t bytes = 0;
        for (int i = 0; i < 5; ++i) {
            found = bytes = 0;
            const double start = threadCpuSeconds();
            RETURN_IF_ERROR(ca->store().read([&](auto& connection) {
                return eachPem(connection, filter, [&](std::int64_t, std::string_view pem) {
                    ++found;
                    bytes += pem.size();
                });
            }));
            times.push_back(1e3 * (threadCpuSeconds() - start));
        }
        if (found == 0) return makeError(StatusCode::kInternal, "BENCH_FAILED", name);
        report.figure(name, median(times), {.atLeast = {}, .atMost = 100});
        return absl::OkStatus();
    };
    RETURN_IF_ERROR(measure("ca_list_100k_ms", {}));
    RETURN_IF_ERROR(measure("ca_search_by_identity_ms", {.id = "user7"}));
    RETURN_IF_ERROR(measure("ca_search_by_serial_ms", {.serial = serialOf(70'000)}));
    RETURN_IF_ERROR(measure("ca_search_by_expiry_ms",
                            {.expiresFrom = end, .expiresUntil = end + absl::Seconds(500)}));
    return measure("ca_search_revoked_ms", {.onlyRevoked = true});
}

double wholeProcessCpuSeconds() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

/// A CA behind its HTTPS server, in this process.
struct Served {
    Metrics metrics;
    std::unique_ptr<CaRole> role;
    std::uint16_t port = 0;
    Bytes roots;

    Status start(const Folder& folder) {
        CaServerOptions options;
        options.cas.push_back({.name = "ca", .folder = folder.path / "ca"});
        ASSIGN_OR_RETURN(role,
                         CaRole::open(std::move(options), metrics, folder.path, {"127.0.0.1"}));
        RETURN_IF_ERROR(role->start());
        const std::string endpoint = role->endpoints().front();
        port = static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
        ASSIGN_OR_RETURN(roots, readFile(folder.path / "ca" / "cert.pem"));
        return absl::OkStatus();
    }
    Result<std::unique_ptr<http::Client>> connect() const {
        return http::Client::make("127.0.0.1", port, {.rootsPem = roots});
    }
};

http::Call callOf(const http::Request& request) {
    return {.method = request.method,
            .path = request.target,
            .headers = {{"Authorization", request.header("authorization")}},
            .body = request.body};
}

Result<http::Response> sendOne(http::Client& client, const http::Call& call, int wanted) {
    ASSIGN_OR_RETURN(auto response, client.send(call, deadlineIn(std::chrono::seconds(60))));
    if (response.status != wanted)
        return makeError(StatusCode::kInternal, "BENCH_FAILED", response.body.substr(0, 200));
    return response;
}

/// What the server's threads used while `work` ran on this one.
Result<double> serverCpuSeconds(const std::function<Status()>& work) {
    const double process = wholeProcessCpuSeconds();
    const double own = threadCpuSeconds();
    RETURN_IF_ERROR(work());
    return wholeProcessCpuSeconds() - process - (threadCpuSeconds() - own);
}

Status enrolmentsOverHttps(Report& report) {
    const Folder folder;
    const std::size_t count = isQuick() ? 100 : 1000;
    std::vector<http::Call> calls;
    {
        ASSIGN_OR_RETURN(const auto ca, openCa(folder));
        for (std::size_t i = 0; i < 2 * count; ++i) {
            ASSIGN_OR_RETURN(const auto request, prepare(*ca, static_cast<int>(i)));
            calls.push_back(callOf(request));
        }
    }
    Served served;
    RETURN_IF_ERROR(served.start(folder));
    ASSIGN_OR_RETURN(const auto kept, served.connect());
    const double start = wallSeconds();
    ASSIGN_OR_RETURN(double cpu, serverCpuSeconds([&]() -> Status {
                         for (std::size_t i = 0; i < count; ++i) {
                             ASSIGN_OR_RETURN([[maybe_unused]] const auto response,
                                              sendOne(*kept, calls[i], 201));
                         }
                         return absl::OkStatus();
                     }));
    report.figure("ca_https_enrolments_per_cpu_s", double(count) / cpu,
                  {.atLeast = 300, .atMost = {}});
    report.figure("ca_https_enrolments_one_client_per_s", double(count) / (wallSeconds() - start));
    // As Fabric's clients do: a connection for each call.
    ASSIGN_OR_RETURN(cpu, serverCpuSeconds([&]() -> Status {
                         for (std::size_t i = count; i < 2 * count; ++i) {
                             ASSIGN_OR_RETURN(const auto client, served.connect());
                             ASSIGN_OR_RETURN([[maybe_unused]] const auto response,
                                              sendOne(*client, calls[i], 201));
                         }
                         return absl::OkStatus();
                     }));
    report.figure("ca_https_enrolments_new_connections_per_cpu_s", double(count) / cpu,
                  {.atLeast = 300, .atMost = {}});
    return absl::OkStatus();
}

Status searchesOverHttps(Report& report) {
    const Folder folder;
    std::optional<crypto::PrivateKey> key;
    std::optional<identity::Certificate> certificate;
    {
        ASSIGN_OR_RETURN(const auto ca, openCa(folder));
        RETURN_IF_ERROR(fill(*ca));
        ASSIGN_OR_RETURN(const std::string secret, ca->add({.id = "admin",
                                                            .type = "client",
                                                            .affiliation = {},
                                                            .attributes = administratorAttributes(),
                                                            .secret = "adminpw"}));
        ASSIGN_OR_RETURN(key, crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
        ASSIGN_OR_RETURN(auto owner, ca->login({.id = "admin", .secret = secret}));
        ASSIGN_OR_RETURN(auto request,
                         identity::makeCertificateRequest({.commonName = "admin"}, {}, *key));
        ASSIGN_OR_RETURN(certificate,
                         ca->enrol({.owner = std::move(owner), .request = std::move(request)}));
    }
    Served served;
    RETURN_IF_ERROR(served.start(folder));
    ASSIGN_OR_RETURN(const auto client, served.connect());
    const auto measure = [&](const std::string& name, const std::string& target,
                             int rounds) -> Status {
        ASSIGN_OR_RETURN(const auto token, makeToken(*certificate, *key, "GET", target, {}));
        std::size_t bytes = 0;
        const http::Call call{
            .path = target, .headers = {{"Authorization", token}}, .sink = [&](BytesView some) {
                bytes += some.size();
                return true;
            }};
        std::vector<double> walls;
        std::vector<double> cpus;
        for (int i = 0; i < rounds; ++i) {
            const double start = wallSeconds();
            bytes = 0;
            ASSIGN_OR_RETURN(const double cpu, serverCpuSeconds([&]() -> Status {
                                 ASSIGN_OR_RETURN([[maybe_unused]] const auto response,
                                                  sendOne(*client, call, 200));
                                 return absl::OkStatus();
                             }));
            walls.push_back(1e3 * (wallSeconds() - start));
            cpus.push_back(1e3 * cpu);
            if (bytes < 500) return makeError(StatusCode::kInternal, "BENCH_FAILED", name);
        }
        // The first one comes when the server has answered nothing yet.
        report.figure(name + "_first_ms", walls.front(), {.atLeast = {}, .atMost = 100});
        report.figure(name + "_ms", median(walls), {.atLeast = {}, .atMost = 100});
        report.figure(name + "_longest_ms", *std::max_element(walls.begin(), walls.end()),
                      {.atLeast = {}, .atMost = 100});
        report.figure(name + "_server_cpu_ms", median(cpus));
        return absl::OkStatus();
    };
    RETURN_IF_ERROR(measure("ca_https_list_100k", "/api/v1/certificates", isQuick() ? 3 : 12));
    RETURN_IF_ERROR(measure("ca_https_search_by_identity", "/api/v1/certificates?id=user7", 5));
    return measure("ca_https_search_by_serial", "/api/v1/certificates?serial=" + serialOf(70'000),
                   5);
}

/// What a key in a token costs: SoftHSM, which is no hardware.
Status tokenSigning(Report& report) {
    const auto& hsm = test::SoftHsm::instance();
    ASSIGN_OR_RETURN(const auto module, crypto::inspectTokenModule(hsm.module()));
    hsm.makeToken("bench");
    ASSIGN_OR_RETURN(auto library, crypto::TokenLibrary::load(module));
    ASSIGN_OR_RETURN(const auto token,
                     crypto::Token::open(std::move(library), {.label = "bench", .serial = {}}));
    RETURN_IF_ERROR(token->login(test::SoftHsm::kPin));
    ASSIGN_OR_RETURN(const auto key, token->generate(crypto::KeyAlgorithm::EcdsaP256, "bench"));
    ASSIGN_OR_RETURN(const auto signer, token->signer(key));
    Status failed;
    report.figure("token_signatures_per_cpu_s", perCpuSecond([&] {
                      const auto signature =
                          signer->sign("some message", crypto::HashAlgorithm::Sha256);
                      if (!signature.ok()) failed = signature.status();
                  }));
    ASSIGN_OR_RETURN(const auto plain,
                     crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
    report.figure("key_signatures_per_cpu_s", perCpuSecond([&] {
                      const auto signature =
                          plain.sign("some message", crypto::HashAlgorithm::Sha256);
                      if (!signature.ok()) failed = signature.status();
                  }));
    return failed;
}

Status certificateAuthority(Report& report) {
    log::setLevel(log::Level::Warning);
    RETURN_IF_ERROR(enrolments(report));
    RETURN_IF_ERROR(searches(report));
    RETURN_IF_ERROR(enrolmentsOverHttps(report));
    RETURN_IF_ERROR(searchesOverHttps(report));
    return tokenSigning(report);
}

const Registration kCa("ca", certificateAuthority);

}  // namespace
}  // namespace chancery::bench
